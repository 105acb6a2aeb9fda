package fhir

import (
	"errors"
	"strings"
	"testing"
)

// A page may be long, an entry may not.
func TestLongPages(t *testing.T) {
	page := func(entries ...string) []byte {
		return []byte(`{"resourceType":"Bundle","entry":[` + strings.Join(entries, ",") + `],"total":3}`)
	}
	half := `{"resource":{"x":"` + strings.Repeat("x", maxEntry/2) + `"}}`
	var seen []string
	add := func(_ *entryR4, at place) error {
		seen = append(seen, at.String())
		return nil
	}
	p, err := decodePage(page(half, half, half, half, half), 2, add)
	if err != nil || len(seen) != 5 || seen[4] != "page 2, entry[4]" || p.total != 3 {
		t.Errorf("%v after %v, total %d", err, seen, p.total)
	}
	long := strings.Replace(half, "xx", strings.Repeat("x", maxEntry), 1)
	seen = nil
	_, err = decodePage(page(half, long), 2, add)
	if !errors.Is(err, errEntryTooLong) || !strings.HasPrefix(err.Error(), "page 2, entry[1]: ") || len(seen) != 1 {
		t.Errorf("%v after %v", err, seen)
	}
	if err := pageError(2, err); !strings.Contains(err.Error(), "lower schedule.fhir.page") {
		t.Errorf("%v does not say what to do", err)
	}
}
