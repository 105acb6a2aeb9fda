package fhir_test

import (
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/fhir"
)

const secretLink = "Канарейкин"

// pages answers with one page after the other. @ in a page stands for the server's host and port, § for @.
func pages(all ...string) http.Handler {
	var n atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if i := int(n.Add(1)) - 1; i < len(all) {
			_, _ = io.WriteString(w, strings.NewReplacer("@", q.Host, "§", "@").Replace(all[i]))
			return
		}
		w.WriteHeader(http.StatusTeapot)
	})
}

// linked returns a page with a slot and a link to the next page.
func linked(n int, next string) string {
	link, _ := json.Marshal(next)
	return strings.Replace(bundleOf(slotOf(n, "Schedule/s", "9"), plan(aPerson, therapy), person), `"entry"`,
		`"link":[{"relation":"next","url":`+string(link)+`}],"entry"`, 1)
}

// The next page may be named in other words, but it is on the same server, and no error quotes the address.
func TestFHIRNextPages(t *testing.T) {
	last := bundleOf(slotOf(2, "Schedule/s", "8"))
	for next, want := range map[string]string{
		"http://@/Slot?page=2":                       "",
		"HTTP://@/Slot?page=2":                       "",
		"Slot?page=2":                                "",
		"?page=2":                                    "",
		"//@/Slot?page=2":                            "",
		"http://@/Slot?page=2#x":                     "",
		"http://" + secretLink + ".example/Slot":     "another server",
		"http://@.example/Slot":                      "cannot be read",
		"http://u:p§@/Slot?page=2":                   "cannot be read",
		"https://" + secretLink + ":1/":              "another server",
		"http://[" + secretLink:                      "cannot be read",
		"/x?" + strings.Repeat(secretLink, 1<<10):    "cannot be read",
		"file:///" + secretLink:                      "another server",
		"http://@/Slot?page=2&n=%zz" + secretLink:    "", // no query is parsed
		"javascript:alert(" + secretLink + ")":       "another server",
		"http://@:80/Slot?" + secretLink + "\x1b[2J": "cannot be read",
	} {
		got, err := fhir.New(
			clientOf(t, pages(linked(1, next), last), lpuOfTests), fhir.Options{}, uralWindow,
		).Catalogue(t.Context())
		if want == "" {
			if err != nil {
				t.Errorf("%.80q: %v", next, err)
			} else if _, cells := got.Count(uralMonday); cells != 2 {
				t.Errorf("%.80q: %d cells", next, cells)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "page 1: ") ||
			strings.Contains(err.Error(), secretLink) {
			t.Errorf("%.80q: %v", next, err)
		}
	}
}

// From https the next page is never read over http: the token would be readable on the way.
func TestFHIRNextPageWithoutTLS(t *testing.T) {
	var plainly atomic.Int64
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { plainly.Add(1) }))
	t.Cleanup(plain.Close)
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Authorization") != "Bearer secret" {
			t.Error("no token")
		}
		_, _ = io.WriteString(w, linked(1, plain.URL+"/Slot?page=2"))
	})
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	dir := t.TempDir()
	ca, token := filepath.Join(dir, "ca"), filepath.Join(dir, "token")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	for name, data := range map[string][]byte{ca: block, token: []byte("secret")} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := apiclient.New(apiclient.Config{
		BaseURL: server.URL, LPU: lpuOfTests, Timeout: 5 * time.Second, TokenFile: token, CAFile: ca,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	_, err = fhir.New(c, fhir.Options{}, uralWindow).Catalogue(t.Context())
	if err == nil || !strings.Contains(err.Error(), "another server") || plainly.Load() != 0 {
		t.Errorf("%v, %d requests without TLS", err, plainly.Load())
	}
}

// What a server answers in place of slots is an error that says what to do, and quotes no text of it.
func TestFHIRErrors(t *testing.T) {
	status := func(code int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
		})
	}
	outcome := `{"resourceType":"OperationOutcome","text":{"div":"` + secretLink + `"},"issue":[{` +
		`"severity":"%s","code":"%s","diagnostics":"` + secretLink + `","details":{"text":"` + secretLink + `"}}]}`
	long := `{"resourceType":"Bundle","entry":[` + strings.Repeat(" ", 5<<20) + `]}`
	for name, c := range map[string]struct {
		server http.Handler
		want   []string
	}{
		"an outcome": {
			status(200, fmt.Sprintf(outcome, "error", "forbidden")),
			[]string{"page 1", "severity error", "code forbidden"},
		},
		"an outcome of no code": {
			status(200, fmt.Sprintf(outcome, secretLink, "x "+secretLink)),
			[]string{"severity unknown", "code unknown"},
		},
		"an outcome of no issue": {status(200, `{"resourceType":"OperationOutcome"}`), []string{"severity unknown"}},
		"no _include": {
			status(400, fmt.Sprintf(outcome, "error", "not-supported")),
			[]string{"page 1", "HTTP 400", "schedule.fhir.includes", "schedule.fhir.query"},
		},
		"no _include, on page 2": {pages(linked(1, "Slot?page=2")), []string{"page 2", "HTTP 418"}},
		"no right":               {status(403, fmt.Sprintf(outcome, "error", "forbidden")), []string{"page 1", "HTTP 403"}},
		"another document": {
			status(200, `{"resourceType":"Patient","id":"`+secretLink+`"}`),
			[]string{"no Bundle", "schedule.fhir_url"},
		},
		"a page that is too long": {
			status(200, long), []string{"page 1", "longer than 4 MiB", "lower schedule.fhir.page"},
		},
		"a page of HTML": {status(200, "<html>"+secretLink), []string{"page 1", "invalid JSON at byte 1"}},
		"a page that is cut": {
			pages(linked(1, "Slot?page=2"), bundleOf(slotOf(1, secretLink, "9"))[:80]),
			[]string{"page 2, entry[0]: ", "cannot be read"},
		},
		"something behind": {
			status(200, bundleOf(slotOf(1, "Schedule/s", "9"))+secretLink),
			[]string{"page 1", "follows the document"},
		},
		"entries of another type": {
			status(200, `{"resourceType":"Bundle","entry":"`+secretLink+`"}`),
			[]string{"page 1", "[ is missing"},
		},
		"a list": {status(200, `["`+secretLink+`"]`), []string{"page 1", "{ is missing"}},
		"a loop": {
			pages(linked(1, "Slot?x="+secretLink), linked(2, "Slot?x="+secretLink)),
			[]string{"page 2", "loop"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := fhir.New(clientOf(t, c.server, lpuOfTests), fhir.Options{}, uralWindow)
			_, err := f.Catalogue(t.Context())
			if err == nil || strings.Contains(err.Error(), secretLink) {
				t.Fatal(err)
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

// An empty timetable is one; a timetable of which nothing is left is an error.
func TestFHIRNothing(t *testing.T) {
	busy := strings.Replace(slotOf(1, "Schedule/s", "9"), `"free"`, `"busy"`, 1)
	for name, c := range map[string]struct {
		body string
		want schedule.Reason
	}{
		"nothing":                   {`{"resourceType":"Bundle","type":"searchset","total":0}`, ""},
		"an empty list":             {`{"resourceType":"Bundle","entry":[]}`, ""},
		"no free slot":              {bundleOf(busy), ""},
		"a slot of nobody":          {bundleOf(slotOf(1, "Schedule/s", "9")), schedule.CellNoSchedule},
		"an entry without resource": {`{"resourceType":"Bundle","entry":[{}]}`, schedule.ResourceUnreadable},
		"a warning":                 {bundleOf(`{"resourceType":"OperationOutcome","issue":[{"severity":"warning"}]}`), ""},
	} {
		f := fhir.New(clientOf(t, answers(c.body), lpuOfTests), fhir.Options{}, uralWindow)
		got, err := f.Catalogue(t.Context())
		if c.want != "" {
			nothingLeft(t, err, c.want, "page 1, entry[0]")
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if doctors, cells := got.Count(uralMonday); doctors+cells != 0 {
			t.Errorf("%s: %d doctors, %d cells", name, doctors, cells)
		}
	}
}

// A server that says how many slots match and has no link to the rest is reported.
func TestFHIRPagesThatAreMissing(t *testing.T) {
	body := strings.Replace(bundleOf(slotOf(1, "Schedule/s", "9"), plan(aPerson, therapy), person), `"entry"`,
		`"total":40,"entry"`, 1)
	got, err := fhir.New(clientOf(t, answers(body), lpuOfTests), fhir.Options{}, uralWindow).
		Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Dropped) != 1 || got.Dropped[0].Reason != schedule.LimitReached || got.Dropped[0].Count != 39 {
		t.Errorf("dropped %v", got.Dropped)
	}
}

// One doctor's slots are all read if the server refuses the search by schedule.
func TestFHIRCellsWithoutSearchBySchedule(t *testing.T) {
	p := &peer{search: bundleOf(slotOf(1, "Schedule/s", "9"), plan(aPerson, therapy), person)}
	p.fails = func(q *http.Request) int {
		if q.URL.Query().Has("schedule") {
			return http.StatusBadRequest
		}
		return 0
	}
	f := p.source(t, fhir.Options{})
	got, err := f.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cell, doctor, _ := got.Nearest(uralMonday)
	fresh, err := f.Cells(t.Context(), doctor.GUID)
	if err != nil || len(fresh.Cells) != 1 || fresh.Cells[0] != cell || len(p.requests("/Slot")) != 3 {
		t.Errorf("%+v, %v after %d requests", fresh, err, len(p.requests("/Slot")))
	}
	p.search = strings.Replace(p.search, `"actor"`, `"active":false,"actor"`, 1)
	if fresh, err := f.Cells(t.Context(), doctor.GUID); err != nil || len(fresh.Cells) != 0 {
		t.Errorf("a schedule that is no longer in use: %+v, %v", fresh, err)
	}
}

// A search that the server refuses, and a query that is none, are told apart from other errors.
func TestFHIRSearchRefused(t *testing.T) {
	var refused *fhir.SearchRefusedError
	f := fhir.New(clientOf(t, http.HandlerFunc(http.NotFound), lpuOfTests), fhir.Options{}, uralWindow)
	_, err := f.Catalogue(t.Context())
	var cause *apiclient.RefusalError
	if !errors.As(err, &refused) || refused.HTTPStatus != 404 || !errors.As(err, &cause) {
		t.Errorf("%v", err)
	}
	p := &peer{}
	if _, err := p.source(t, fhir.Options{Query: "a;b"}).Catalogue(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "query") || len(p.requests("")) != 0 {
		t.Errorf("a query that is none: %v", err)
	}
}
