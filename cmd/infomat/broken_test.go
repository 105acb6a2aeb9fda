package main_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/registrysim"
)

// server is a handler before the simulated registry, whose answers it can replace or change.
type server struct {
	s       *site
	matches func(r *http.Request) bool
	answer  http.HandlerFunc
}

func (v server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if v.matches(r) {
		v.answer(w, r)
		return
	}
	v.s.sim.ServeHTTP(w, r)
}

// reads reports whether a request reads a page whose path has a part.
func reads(part string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Method == http.MethodGet && strings.Contains(r.URL.Path, part) }
}

// firstOf reports whether a request reads the schedule of the doctor who was asked for first.
func firstOf() func(*http.Request) bool {
	var first string
	schedule := reads("/schedule/")
	return func(r *http.Request) bool {
		if !schedule(r) {
			return false
		}
		doctor := strings.Split(r.URL.Path, "/")[4]
		if first == "" {
			first = doctor
		}
		return doctor == first
	}
}

// says answers with a status and a body.
func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// changed passes the simulated registry's answer on with some texts replaced.
func (s *site) changed(replace ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		right := httptest.NewRecorder()
		s.sim.ServeHTTP(right, r)
		_, _ = io.WriteString(w, strings.NewReplacer(replace...).Replace(right.Body.String()))
	}
}

// fhir switches the site to the FHIR source.
func (s *site) fhir() {
	s.more = fmt.Sprintf("[schedule]\nsource = \"fhir\"\nfhir_url = %q\n", s.url+"/fhir")
}

// TestDiagNamesBrokenServers: for each way in which a registry or a FHIR server differs from what is documented, diag
// names what is wrong, and the terminal can serve as long as something trustworthy is left.
func TestDiagNamesBrokenServers(t *testing.T) {
	const unexpected = 1
	const zone = "Asia/Yekaterinburg"
	t.Setenv("TZ", zone)
	clinic, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		matches func(r *http.Request) bool
		answer  func(s *site) http.HandlerFunc
		fhir    bool
		kind    string // of the finding of the timetable
		names   string // what the finding's text or detail names
		code    int
	}
	fixed := func(status int, body string) func(*site) http.HandlerFunc {
		return func(*site) http.HandlerFunc { return says(status, body) }
	}
	change := func(replace ...string) func(*site) http.HandlerFunc {
		return func(s *site) http.HandlerFunc { return s.changed(replace...) }
	}
	const bundle = `{"resourceType":"Bundle","type":"searchset","entry":[%s]%s}`
	slot := func(more string) string {
		begin := time.Now().Add(24 * time.Hour).Format(time.RFC3339)
		return `{"resource":{"resourceType":"Slot","id":"1","status":"free","start":"` + begin + `",` + more + `}}`
	}
	for name, c := range map[string]row{
		"one doctor is refused":     {firstOf(), fixed(400, `{"message_code":"4036"}`), false, "partly", "1", 0},
		"one doctor fails":          {firstOf(), fixed(500, ""), false, "partly", "1", 0},
		"one doctor has no content": {firstOf(), fixed(204, ""), false, "partly", "1", 0},
		"one doctor is no JSON":     {firstOf(), fixed(200, "<html>"), false, "partly", "1", 0},
		"rights as numbers": {
			firstOf(), change(`"flagAccess":"Registry,Doctor,Internet"`, `"flagAccess":7`),
			false, "partly", "", 0,
		},
		"reception types as words": {firstOf(), change(`"type":1`, `"type":"visit"`), false, "partly", "", 0},
		"all schedules fail":       {reads("/schedule/"), fixed(500, ""), false, "nothing_left", "", unexpected},
		"no page of specialities": {
			reads("/speciality"), fixed(404, "<html>"),
			false, "refused", "404", unexpected,
		},
		"specialities fail": {
			reads("/speciality"), fixed(502, "<html>"),
			false, "server_error", "502", unexpected,
		},
		"specialities are no JSON": {
			reads("/speciality"), fixed(200, "<html>"),
			false, "unreadable", "", unexpected,
		},
		"specialities by other names": {
			reads("/speciality"), change(`"code"`, `"id"`),
			false, "nothing_left", "schedule.registry.fields", unexpected,
		},
		"cells by other names": {
			reads("/schedule/"), change(`"timeTableGuid"`, `"slotGuid"`),
			false, "nothing_left", "schedule.registry.fields", unexpected,
		},
		"the timetable is busy":      {reads("/lpu/"), busy, false, "busy", "", unexpected},
		"the timetable is denied":    {reads("/lpu/"), fixed(401, ""), false, "denied", "401", unexpected},
		"an answer without an end":   {reads("/speciality"), endless("["), false, "too_long", "4 MiB", unexpected},
		"times of another zone":      {reads("/schedule/"), otherZone, false, "offsets", "", 0},
		"a redirect":                 {reads("/speciality"), fixed(302, ""), false, "unreadable", "302", unexpected},
		"the clinic cannot be read":  {clinicPage, fixed(200, `{"name":5`), false, "partly", "", 0},
		"the clinic has odd numbers": {clinicPage, change(`"hostID":209`, `"hostID":"209"`), false, "ok", "", 0},

		"FHIR: an outcome alone": {
			reads("/fhir"),
			fixed(200, `{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing"}]}`),
			true, "unreadable", "processing", unexpected,
		},
		"FHIR: no GUID": {
			reads("/fhir"), fixed(200, fmt.Sprintf(bundle, slot(`"identifier":[]`), "")),
			true, "nothing_left", "", unexpected,
		},
		"FHIR: no schedule": {
			reads("/fhir"),
			fixed(200, fmt.Sprintf(bundle, slot(`"identifier":[{"system":"urn:ietf:rfc:3986","value":"`+
				uuid.NewString()+`"}]`), "")),
			true, "nothing_left", "", unexpected,
		},
		"FHIR: another server":  {reads("/fhir"), fixed(200, "<html>"), true, "unreadable", "", unexpected},
		"FHIR: no such address": {reads("/fhir"), fixed(404, ""), true, "refused", "404", unexpected},
		"FHIR: denied":          {reads("/fhir"), fixed(401, ""), true, "denied", "401", unexpected},
		"FHIR: fails":           {reads("/fhir"), fixed(500, ""), true, "server_error", "500", unexpected},
		"FHIR: pages of another server": {
			reads("/fhir"),
			fixed(200, fmt.Sprintf(bundle, slot(`"id":"1"`), `,"link":[{"relation":"next","url":"http://other.example/x"}]`)),
			true, "unreadable", "another server", unexpected,
		},
		"FHIR: pages in a circle": {reads("/fhir"), circle, true, "unreadable", "loop", unexpected},
		"FHIR: an answer without an end": {
			reads("/fhir"), endless(`{"resourceType":"Bundle","entry":[`),
			true, "too_long", "MiB", unexpected,
		},
		"FHIR: the connection is cut": {reads("/fhir"), cut, true, "no_line", "", unexpected},
		"FHIR: nothing is free, no fault": {
			reads("/fhir"), fixed(200, fmt.Sprintf(bundle, "", "")),
			true, "empty", "", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			var err error
			s.sim, err = registrysim.New(registrysim.Options{Now: func() time.Time { return time.Now().In(clinic) }})
			if err != nil {
				t.Fatal(err)
			}
			s.lpu = s.sim.LPU()
			s.serve(server{s, c.matches, c.answer(s)})
			if c.fhir {
				s.fhir()
			}
			s.write()
			if c.kind == "too_long" { // a busy machine takes its time to read megabytes
				text, err := os.ReadFile(s.config)
				if err != nil {
					t.Fatal(err)
				}
				write(t, s.config, strings.Replace(string(text), `timeout = "2s"`, `timeout = "1m"`, 1))
			}
			d, r := s.diag()
			f := d.of("timetable")
			if f.Finding != c.kind || !strings.Contains(f.Text+f.Detail, c.names) {
				t.Errorf("%q (%s; %s), want %q and %q", f.Finding, f.Text, f.Detail, c.kind, c.names)
			}
			if r.code != c.code || d.CanServe != (c.code == 0) {
				t.Errorf("exit code %d, can serve %v; want code %d\n%s", r.code, d.CanServe, c.code, r.err)
			}
		})
	}
}

func clinicPage(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Count(r.URL.Path, "/") == 2 && strings.HasPrefix(r.URL.Path, "/lpu/")
}

func busy(*site) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// endless answers with a body that does not end after its beginning.
func endless(begin string) func(*site) http.HandlerFunc {
	return func(*site) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, err := io.WriteString(w, begin)
			for blank := strings.Repeat(" ", 1<<16); err == nil && r.Context().Err() == nil; {
				_, err = io.WriteString(w, blank)
			}
		}
	}
}

// cut breaks the connection in the middle of the answer.
func cut(*site) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"resourceType":"Bundle"`)
		panic(http.ErrAbortHandler)
	}
}

// circle answers with a page whose next page is itself.
func circle(*site) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		const page = `{"resourceType":"Bundle","link":[{"relation":"next","url":"http://%s/fhir/Slot?page=2"}]}`
		_, _ = fmt.Fprintf(w, page, r.Host)
	}
}

// otherZone answers with the right instants in an offset that is no zone's of the clinic.
func otherZone(s *site) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		right := httptest.NewRecorder()
		s.sim.ServeHTTP(right, r)
		_, _ = io.WriteString(w, offsets.ReplaceAllStringFunc(right.Body.String(), func(quoted string) string {
			at, err := time.Parse(`"`+time.RFC3339+`"`, quoted)
			if err != nil {
				return quoted
			}
			return at.In(time.FixedZone("", 3*60*60)).Format(`"` + time.RFC3339 + `"`)
		}))
	}
}

var offsets = regexp.MustCompile(`"\d{4}-\d\d-\d\dT[^"]*"`)
