package metrics

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzAuthorization gives any header to the guard. Only name and password themselves open it.
func FuzzAuthorization(f *testing.F) {
	const user, password = "prometheus", "a: long password"
	right := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	for _, header := range []string{
		"", "Basic", "Basic ", "Basic " + right, "basic " + right, "Basic  " + right, "Bearer " + right,
		"Basic " + right + "=",
		"Basic OmE=", "Basic Og==", "Basic " + right[:len(right)-4], "Basic \x00", "Basic " + strings.Repeat("A", 8<<10),
		"Digest username=\"prometheus\"",
	} {
		f.Add(header)
	}
	h := Server{User: user, Password: password}.guarded(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	f.Fuzz(func(t *testing.T, header string) {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.Header.Set("Authorization", header)
		h.ServeHTTP(w, r)
		scheme := min(len(header), len("basic "))
		encoded, basic := strings.CutPrefix(strings.ToLower(header[:scheme])+header[scheme:], "basic ")
		text, err := base64.StdEncoding.DecodeString(encoded)
		want := http.StatusUnauthorized
		if basic && err == nil && string(text) == user+":"+password {
			want = http.StatusOK
		}
		if w.Code != want {
			t.Errorf("%q: %d, want %d", header, w.Code, want)
		}
	})
}
