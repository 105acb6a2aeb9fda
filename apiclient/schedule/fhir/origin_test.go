package fhir

import (
	"testing"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule/schedtest"
)

// A next page is on the same server if scheme, host and port are the same, in capitals or not, with the default
// port or without. From http to https is another server.
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
		{"https://[2001:DB8::1]/fhir", "https://[2001:db8::1]:443/", true},
		{"http://h.example/fhir", "https://h.example/fhir", false},
		{"http://h.example/fhir", "https://h.example:443/fhir", false},
		{"https://h.example/fhir", "http://h.example/fhir", false},
		{"https://h.example/fhir", "https://h.example:8443/fhir", false},
		{"http://h.example:80/fhir", "http://h.example:443/fhir", false},
		{"http://h.example:8080/fhir", "https://h.example/fhir", false},
		{"https://h.example/fhir", "https://h.example.evil/fhir", false},
		{"https://h.example/fhir", "https://evil/h.example", false},
	} {
		client, err := apiclient.New(apiclient.Config{
			BaseURL: c.base, AllowPlain: true, LPU: uuid.New(), Timeout: schedtest.Timeout,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		_, err = New(client, Options{}, schedtest.LargeWindow).nextPage(c.next)
		if got := err == nil; got != c.same {
			t.Errorf("%s after %s: %v", c.next, c.base, err)
		}
	}
}
