package schedule

import (
	"net/url"
	"testing"
)

// An origin is the same in capitals and with its default port; from http to https is allowed, back is not.
func TestSameOrigin(t *testing.T) {
	for _, c := range []struct {
		base, next string
		same       bool
	}{
		{"https://h.example/fhir", "https://h.example/fhir?page=2", true},
		{"https://h.example/fhir", "HTTPS://H.EXAMPLE/fhir", true},
		{"https://h.example/fhir", "https://h.example:443/fhir", true},
		{"https://h.example:443/fhir", "https://h.example/other", true},
		{"http://h.example/fhir", "http://h.example:80/fhir", true},
		{"http://h.example/fhir", "https://h.example/fhir", true},
		{"http://h.example/fhir", "https://h.example:443/fhir", true},
		{"https://[2001:DB8::1]/fhir", "https://[2001:db8::1]:443/", true},
		{"https://h.example/fhir", "http://h.example/fhir", false},
		{"https://h.example/fhir", "https://h.example:8443/fhir", false},
		{"http://h.example:80/fhir", "http://h.example:443/fhir", false},
		{"http://h.example:8080/fhir", "https://h.example/fhir", false},
		{"https://h.example/fhir", "https://h.example.evil/fhir", false},
		{"https://h.example/fhir", "https://evil/h.example", false},
	} {
		base, err := url.Parse(c.base)
		if err != nil {
			t.Fatal(err)
		}
		next, err := url.Parse(c.next)
		if err != nil {
			t.Fatal(err)
		}
		if got := sameOrigin(base, next); got != c.same {
			t.Errorf("%s after %s: %v", c.next, c.base, got)
		}
	}
}

// A reference is looked up under one key, however it is written.
func TestKeyOf(t *testing.T) {
	b := newBundle(FHIROptions{}, benchWindow, "https://h.example/fhir", benchNow)
	const other = "https://o.example/r4"
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
		{"https://h.example/other/Practitioner/7", origin{}, "https://h.example/other/Practitioner/7", "Practitioner"},
		{"https://h.example:84/Practitioner/7", origin{}, "https://h.example:84/Practitioner/7", "Practitioner"},
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
