package fhir_test

import (
	"strings"
	"testing"

	"infomat/apiclient/schedule/fhir"
)

// A number of matches that cannot be read costs nothing else of the page.
func TestAnOddTotalCostsItself(t *testing.T) {
	body := bundleOf(slotOf(1, "Schedule/s", "9"), plan(aPerson, therapy), person)
	for _, odd := range []string{
		`"total":"1"`, `"total":1.0`, `"total":1e3`, `"total":99999999999999999999`, `"total":null`, `"total":{}`,
		`"total":-1`, `"link":null`,
	} {
		got, err := fhir.New(clientOf(t, answers(strings.Replace(body, `"entry"`, odd+`,"entry"`, 1)), lpuOfTests),
			fhir.Options{}, uralWindow).Catalogue(t.Context())
		if err != nil {
			t.Errorf("%s: %v", odd, err)
			continue
		}
		if doctors, cells := got.Count(uralWindow.Current()); doctors != 1 || cells != 1 {
			t.Errorf("%s: %d doctors, %d cells", odd, doctors, cells)
		}
	}
}
