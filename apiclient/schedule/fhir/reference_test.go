package fhir

import (
	"testing"

	"infomat/apiclient/schedule/schedtest"
)

// A reference is looked up under one key, however it is written.
func TestKeyOf(t *testing.T) {
	b := newBundle(Options{}, schedtest.LargeWindow, "https://h.example:443/fhir", schedtest.LargeNow)
	const other = "https://o.example:443/r4"
	for _, c := range []struct {
		text      string
		from      origin
		key, kind string
	}{
		{"Practitioner/7", origin{}, "Practitioner/7", "Practitioner"},
		{"/Practitioner/7", origin{}, "Practitioner/7", "Practitioner"},
		{"Practitioner/7/_history/3", origin{}, "Practitioner/7", "Practitioner"},
		{"https://h.example/fhir/Practitioner/7", origin{}, "Practitioner/7", "Practitioner"},
		{"HTTPS://H.example:443/fhir/Practitioner/7/_history/1", origin{}, "Practitioner/7", "Practitioner"},
		{"https://h.example/fhir/Practitioner/7", origin{base: other}, "Practitioner/7", "Practitioner"},
		{"Practitioner/7", origin{base: other}, other + "/Practitioner/7", "Practitioner"},
		{other + "/Practitioner/7", origin{}, other + "/Practitioner/7", "Practitioner"},
		{"https://h.example/other/Practitioner/7", origin{}, "https://h.example:443/other/Practitioner/7", "Practitioner"},
		{"https://h.example:84/Practitioner/7", origin{}, "https://h.example:84/Practitioner/7", "Practitioner"},
		{"http://h.example/fhir/Practitioner/7", origin{}, "http://h.example:80/fhir/Practitioner/7", "Practitioner"},
		{"https://o.example/r4/Practitioner/7", origin{}, other + "/Practitioner/7", "Practitioner"},
		{"#a", origin{container: "Schedule/1"}, "Schedule/1#a", ""},
		{"URN:UUID:0C3E", origin{}, "urn:uuid:0c3e", ""},
		{"", origin{}, "", ""},
		{"7", origin{}, "", ""},
		{"Practitioner?identifier=7", origin{}, "", ""},
		{"Practitioner/7/8", origin{}, "", ""},
		{"https://[/Practitioner/7", origin{}, "", ""},
		{"https://h.example", origin{}, "", ""},
	} {
		if key, kind := b.keyOf(c.text, c.from); key != c.key || kind != c.kind {
			t.Errorf("%q: %q of %q, want %q of %q", c.text, key, kind, c.key, c.kind)
		}
	}
}
