package apiclient_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
)

// http:// is for the loopback only, unless it is allowed.
func TestPlainAddresses(t *testing.T) {
	for address, loopback := range map[string]bool{
		"http://localhost:8080": true, "http://LOCALHOST.": true, "http://sim.localhost/api": true,
		"http://127.0.0.1": true, "http://127.9.9.9:80": true, "http://[::1]:8080/": true, "http://[::ffff:127.0.0.1]": true,
		"http://registry.example": false, "http://10.0.0.1": false, "http://[fe80::1]": false,
		"http://localhost.example": false, "http://notlocalhost": false, "http://127.0.0.1.example": false,
	} {
		c := apiclient.Config{BaseURL: address, LPU: lpu, Timeout: time.Second}
		if _, err := apiclient.New(c); errors.Is(err, apiclient.ErrPlain) == loopback || (err == nil) != loopback {
			t.Errorf("%s: %v", address, err)
		}
		c.AllowPlain = true
		if _, err := apiclient.New(c); err != nil {
			t.Errorf("%s, allowed: %v", address, err)
		}
	}
}

// Credentials belong into files, and no error quotes them.
func TestAddressesThatAreRefused(t *testing.T) {
	for _, address := range []string{
		"", "registry.example", "ftp://registry.example", "https://", "https:registry.example", "https://:443", "://",
		"https://user:secret@registry.example:port", "https://user:sec%ret@registry.example", "user:secret@registry.example",
		"https://registry.example/?token=secret", "https://registry.example/?", "https://registry.example/#secret",
		"https://registry.example/#", "https://registry.example/\x1bsecret",
	} {
		c := apiclient.Config{BaseURL: address, LPU: lpu, Timeout: time.Second, AllowPlain: true}
		_, err := apiclient.New(c)
		if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "want") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// A name and a password in the address are sent as Basic credentials, unless there is a token.
func TestCredentialsInTheAddress(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		got = q.Header.Get("Authorization")
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	address := strings.Replace(server.URL, "//", "//user:secret@", 1) + "/api/"
	for token, want := range map[string]string{"": "Basic dXNlcjpzZWNyZXQ=", "token": "Bearer token"} {
		client := clientOf(t, address, func(c *apiclient.Config) {
			c.Token = func(context.Context) (string, error) { return token, nil }
			if token == "" {
				c.Token = nil
			}
		})
		if err := client.Get(t.Context(), "/x", nil, new(any)); err != nil || got != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
		if base := client.BaseURL(); base != server.URL+"/api" {
			t.Errorf("the base address is %s", base)
		}
	}
}

func TestSameOrigin(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://fhir.example/r4", "https://fhir.example/r4?page=2", true},
		{"https://fhir.example/r4", "HTTPS://FHIR.Example:443/other", true},
		{"https://fhir.example:443", "https://fhir.example", true},
		{"http://fhir.example", "http://fhir.example:80", true},
		{"http://[::1]:80", "http://[::1]", true},
		{"https://fhir.example", "http://fhir.example", false},
		{"https://fhir.example", "http://fhir.example:443", false},
		{"http://fhir.example", "https://fhir.example:80", false},
		{"https://fhir.example", "https://fhir.example:8443", false},
		{"https://fhir.example", "https://other.example", false},
		{"https://fhir.example", "https://fhir.example.other", false},
		{"https://fhir.example", "https://fhir.example@other.example", false},
		{"https://fhir.example", "//fhir.example", false},
		{"https://fhir.example", "/page", false},
		{"/page", "/page", false},
		{"ftp://fhir.example", "ftp://fhir.example", false},
		{"https:fhir.example", "https:fhir.example", false},
	} {
		a, err := url.Parse(c.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := url.Parse(c.b)
		if err != nil {
			t.Fatal(err)
		}
		if apiclient.SameOrigin(a, b) != c.want || apiclient.SameOrigin(b, a) != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, !c.want)
		}
	}
	if apiclient.SameOrigin(nil, nil) {
		t.Error("no address has no origin")
	}
}

// The token goes to the registry only: a full address on another server is refused, and nothing is sent.
func TestReadSendsTheTokenToTheRegistryOnly(t *testing.T) {
	asked := 0
	server, ca := started(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		asked++
		_, _ = io.WriteString(w, `{}`)
	}), true)
	other, _ := started(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("another server was asked")
	}), false)
	client := clientOf(t, server.URL+"/r4", func(c *apiclient.Config) { c.CAFile = ca })
	for _, next := range []string{
		other.URL + "/r4", "http://" + server.Listener.Addr().String() + "/r4",
		"https://user:secret@" + server.Listener.Addr().String(), "https://localhost", "ftp://127.0.0.1",
	} {
		_, _, err := client.Read(t.Context(), next, nil, apiclient.Version{})
		if !errors.Is(err, apiclient.ErrOtherOrigin) || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", next, err)
		}
	}
	upper := strings.Replace(server.URL, "https", "HTTPS", 1)
	for _, next := range []string{server.URL + "/r4?page=2", upper + "/x", "/x"} {
		if err := client.Get(t.Context(), next, nil, new(any)); err != nil {
			t.Errorf("%s: %v", next, err)
		}
	}
	if asked != 3 {
		t.Errorf("the registry was asked %d times, want 3", asked)
	}
}

// An escaped path reaches the server as it is.
func TestAPathStaysEscaped(t *testing.T) {
	for _, code := range []string{"27", "a/b", "a?b", "a#b", "a%b", "a b", "тер", "..", "{x}", "//other.example"} {
		want := "/r4/lpu/1/speciality/" + url.PathEscape(code) + "/doctor"
		got := ""
		client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			got = q.RequestURI
			_, _ = io.WriteString(w, `{}`)
		}), func(c *apiclient.Config) { c.BaseURL += "/r4" })
		path := "/lpu/1/speciality/" + url.PathEscape(code) + "/doctor"
		if err := client.Get(t.Context(), path, nil, new(any)); err != nil || got != want {
			t.Errorf("%s: asked for %s, want %s, %v", code, got, want, err)
		}
	}
}
