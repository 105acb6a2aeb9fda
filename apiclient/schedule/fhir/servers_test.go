package fhir_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/fhir"
)

// The window of the tests of FHIR servers is in a zone that is neither UTC's nor that of the slots.
var (
	ural       = time.FixedZone("Ural", 5*60*60)
	uralMonday = time.Date(2026, 11, 23, 10, 0, 0, 0, ural)
	uralWindow = schedule.Window{Days: 14, Zone: ural, Now: func() time.Time { return uralMonday }}
)

// lpuOfTests is the clinic of clients for which it does not matter.
var lpuOfTests = uuid.MustParse("c3c977af-c3b4-4517-9d57-50a6844ec660")

// peer is a FHIR server that answers each search for slots with a bundle, and reads from another one.
type peer struct {
	search string
	reads  map[string]json.RawMessage // by type and id
	fails  func(q *http.Request) int  // HTTP status of a request that fails, else 0; may be nil

	mu    sync.Mutex
	asked []string // paths with queries
}

// ServeHTTP answers a request. @ in the bundle stands for the server's base address.
func (p *peer) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, q.URL.RequestURI())
	p.mu.Unlock()
	if p.fails != nil {
		if status := p.fails(q); status != 0 {
			w.WriteHeader(status)
			return
		}
	}
	if strings.HasSuffix(q.URL.Path, "/Slot") {
		_, _ = fmt.Fprint(w, strings.ReplaceAll(p.search, "@", "http://"+q.Host))
		return
	}
	parts := strings.Split(q.URL.Path, "/")
	found := p.reads[strings.Join(parts[max(0, len(parts)-2):], "/")]
	if found == nil {
		http.NotFound(w, q)
		return
	}
	_, _ = w.Write(found)
}

// requests returns the requests for a path.
func (p *peer) requests(part string) (some []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.asked {
		if strings.Contains(a, part) {
			some = append(some, a)
		}
	}
	return some
}

// addresses are the servers' own addresses in testdata.
var addresses = []string{
	"https://hapi.example/fhir", "https://api.medplum.example/fhir/R4", "https://fhir.cerner.example/r4/tenant",
}

// peerOf returns the server of a bundle of testdata.
func peerOf(t *testing.T, name string) *peer {
	t.Helper()
	p := &peer{search: bundleFile(t, name), reads: map[string]json.RawMessage{}}
	for _, own := range addresses {
		p.search = strings.ReplaceAll(p.search, own, "@")
	}
	if _, err := os.Stat(filepath.Join("testdata", name+"_reads.json")); err != nil {
		return p
	}
	var b struct {
		Entry []struct{ Resource json.RawMessage }
	}
	if err := json.Unmarshal([]byte(bundleFile(t, name+"_reads")), &b); err != nil {
		t.Fatal(err)
	}
	for _, e := range b.Entry {
		var head struct{ ResourceType, ID string }
		if err := json.Unmarshal(e.Resource, &head); err != nil {
			t.Fatal(err)
		}
		p.reads[head.ResourceType+"/"+head.ID] = e.Resource
	}
	return p
}

func bundleFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// offered returns what a catalogue offers: a line for each doctor and cell, and what was dropped.
func offered(c *schedule.Catalogue, age apiclient.AgeCategory) (lines []string) {
	for _, s := range c.Specialities(age, uralMonday) {
		for _, d := range c.Doctors(s.Code, age, uralMonday) {
			line := fmt.Sprintf("%s | %s | %s %s | %s/%d", d.Name, d.Post, s.Code, s.Name, d.Room, d.Floor)
			for _, cell := range c.Cells(d.GUID, uralMonday) {
				line += fmt.Sprintf(" | %s-%s %s %s", cell.Begin.Format("02T15:04"), cell.End.Format("15:04"),
					strings.TrimLeft(cell.GUID.String()[24:], "0"), cell.Room)
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	for _, d := range c.Dropped {
		lines = append(lines, fmt.Sprintf("%s ×%d %s", d.Reason, d.Count, strings.Join(d.Places, "; ")))
	}
	return lines
}

// source returns a source for the peer.
func (p *peer) source(t *testing.T, o fhir.Options) *fhir.Source {
	t.Helper()
	return fhir.New(clientOf(t, p, lpuOfTests), o, uralWindow)
}

// Bundles after the public examples of servers give doctors, rooms and specialities as the servers mean them.
func TestFHIRServers(t *testing.T) {
	kids := map[string][]apiclient.AgeCategory{"kids": {apiclient.Child}}
	serviceType := fhir.Options{SpecialityFrom: fhir.FromServiceType}
	for _, c := range []struct {
		server  string
		options fhir.Options
		want    []string
	}{
		{"hl7", fhir.Options{}, []string{
			"South Wing, second floor |  | 408480009 Clinical immunology | /0 | 24T11:00-11:20 1 ",
		}},
		{"hl7", serviceType, []string{
			"South Wing, second floor |  | 57 Immunization | /0 | 24T11:00-11:20 1 ",
		}},
		{"hapi", fhir.Options{}, []string{
			"Астахова Марина Викторовна | Врач-кардиолог | 17 Кардиология | 202/2 | 24T11:00-11:20 1 202 | 24T12:00-12:20 2 202",
			"Белов Пётр Ильич | Врач | 17 Кардиология | /0 | 24T13:00-13:20 3 ",
			"doctor_ambiguous ×1 page 1, entry[3]",
			"room_ambiguous ×1 page 1, entry[2]",
			"server_warning ×1 page 1, entry[16]",
		}},
		{"medplum", fhir.Options{}, []string{
			"House Gregory | Cardiologist | 394579002 Cardiology | 12/0 | 24T12:00-12:20 2 12",
			"Smith Alice | Physician | 394814009 General practice | 12/0 | 24T11:00-11:20 1 12",
		}},
		{"oracle", fhir.Options{Includes: []string{"_include=Slot:schedule"}}, []string{
			"Белов Пётр Ильич |  | 4047611 Приём кардиолога | 305/0 | 24T10:00-10:20 1 305 | 24T11:00-11:20 2 305",
		}},
		{"oracle_alone", fhir.Options{Includes: []string{"_include=Slot:schedule"}}, []string{
			"Белов, Пётр |  | 4047611 Приём кардиолога | /0 | 24T10:00-10:20 1  | 24T11:00-11:20 2 ",
		}},
		{"isik", fhir.Options{}, []string{
			"Allgemeine Beratungsstelle |  | 22 Blutentnahme | R1/0 | 24T12:00-12:20 2 R1",
			"Walter Arzt |  | 535 Frauenheilkunde | /0 | 24T11:00-11:20 1 ",
		}},
		{"isik", serviceType, []string{
			"Walter Arzt |  | 124 General Practice | /0 | 24T11:00-11:20 1 ",
			"cell_no_speciality ×1 page 1, entry[1]",
		}},
		{"isik", fhir.Options{SpecialityFrom: fhir.FromService}, []string{
			"Allgemeine Beratungsstelle |  | 22 Blutentnahme | R1/0 | 24T12:00-12:20 2 R1",
			"cell_no_speciality ×1 page 1, entry[0]",
		}},
		{"smart", fhir.Options{}, []string{
			"Berkshire Family Medicine - Pittsfield |  | 57 Immunization | /0 | 24T11:00-11:20 1 ",
			"Jane Doe, MD |  | 207Q00000X Family Medicine | Berkshire Family Medicine - Pittsfield/0 | " +
				"24T12:00-12:20 2 Berkshire Family Medicine - Pittsfield",
		}},
		{"smart", fhir.Options{SpecialityFrom: fhir.FromRole}, []string{
			"Jane Doe, MD |  | 207Q00000X Family Medicine | Berkshire Family Medicine - Pittsfield/0 | " +
				"24T12:00-12:20 2 Berkshire Family Medicine - Pittsfield",
			"cell_no_speciality ×1 page 1, entry[0]",
		}},
		{"r5", fhir.Options{AgeBy: fhir.ByAppointmentType, Ages: kids}, []string{
			"Астахова |  | 57 Immunization | 7/0 | 24T12:00-12:20 2 7",
			"Астахова |  | 9 Педиатрия | 7/0 | 24T11:00-11:20 1 7",
		}},
		{"urn", fhir.Options{SpecialityFrom: fhir.FromSpecialty}, []string{
			"Астахова |  | Терапия Терапия | 202/0 | 24T11:00-11:20 1 202",
		}},
	} {
		t.Run(c.server, func(t *testing.T) {
			p := peerOf(t, c.server)
			f := p.source(t, c.options)
			got, err := f.Catalogue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			lines := offered(got, apiclient.Child)
			if !slices.Equal(lines, c.want) {
				t.Errorf("offered\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(c.want, "\n"))
			}
			cell, doctor, _ := got.Nearest(uralMonday)
			fresh, err := f.Cells(t.Context(), doctor.GUID)
			if err != nil || len(fresh.Cells) == 0 || fresh.Cells[0] != cell {
				t.Errorf("read again: %+v, %v", fresh, err)
			}
		})
	}
}

// A server without includes is asked for each missing resource once in a reading.
func TestFHIRReadsWhatIsMissing(t *testing.T) {
	p := peerOf(t, "oracle")
	f := p.source(t, fhir.Options{
		Includes: []string{"_include=Slot:schedule"},
		Query:    "status=&_sort=&schedule.actor=Practitioner/4048129&service-type=4047611",
	})
	got, err := f.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first := p.requests("/Slot")[0]
	for part, want := range map[string]bool{
		"_include=Slot%3Aschedule": true, "iterate": false, "_revinclude": false, "status=": false, "_sort": false,
		"schedule.actor=Practitioner%2F4048129": true, "service-type=4047611": true, "_count=100": true,
		"start=ge2026-11-23T10": true,
	} {
		if strings.Contains(first, part) != want {
			t.Errorf("%s: %q in it is %v", first, part, !want)
		}
	}
	for _, key := range []string{"Practitioner/4048129", "Location/32216049"} {
		if n := len(p.requests("/" + key)); n != 1 {
			t.Errorf("%s was asked for %d times", key, n)
		}
	}
	_, doctor, _ := got.Nearest(uralMonday)
	if _, err := f.Cells(t.Context(), doctor.GUID); err != nil {
		t.Fatal(err)
	}
	if last := p.requests("/Slot")[1]; !strings.Contains(last, "schedule=Schedule%2F24477854-21304876-62852027-0") {
		t.Errorf("one doctor's slots were asked for by %s", last)
	}
}

// A resource that cannot be read costs its doctor only; a server that is busy ends the reading.
func TestFHIRReadsThatFail(t *testing.T) {
	plan := func(n int) string {
		return fmt.Sprintf(`{"resourceType":"Schedule","id":"%d","specialty":[{"text":"x"}],`+
			`"actor":[{"reference":"Practitioner/%d"}]}`, n, n)
	}
	var resources []string
	p := &peer{reads: map[string]json.RawMessage{}}
	for n := range 12 {
		resources = append(resources, slotOf(n, fmt.Sprint("Schedule/", n), "9"), plan(n))
		p.reads[fmt.Sprint("Practitioner/", n)] = json.RawMessage(
			fmt.Sprintf(`{"resourceType":"Practitioner","id":"%d","name":[{"text":"Врач %d"}]}`, n, n))
	}
	p.search = bundleOf(resources...)
	broken := map[string]int{}
	p.fails = func(q *http.Request) int { return broken[q.URL.Path] }
	count := func() (doctors int, err error) {
		got, err := p.source(t, fhir.Options{}).Catalogue(t.Context())
		if err != nil {
			return 0, err
		}
		doctors, _ = got.Count(uralMonday)
		return doctors, nil
	}
	broken["/Practitioner/3"], broken["/Practitioner/4"] = 500, 403
	got, err := p.source(t, fhir.Options{}).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if doctors, _ := got.Count(uralMonday); doctors != 10 || len(got.Dropped) != 1 ||
		got.Dropped[0].Reason != schedule.DoctorUnread || got.Dropped[0].Places[0] != "page 1, entry[6]" {
		t.Errorf("%d doctors, dropped %v", doctors, got.Dropped)
	}
	broken["/Practitioner/5"] = http.StatusTooManyRequests
	if _, err := count(); err == nil || !strings.Contains(err.Error(), "busy") {
		t.Errorf("busy: %v", err)
	}
	for n := range 12 {
		broken[fmt.Sprint("/Practitioner/", n)] = 500
	}
	p.asked = nil
	if _, err := count(); err == nil {
		t.Error("nobody could be read")
	}
	if n := len(p.requests("/Practitioner/")); n > 6 {
		t.Errorf("%d requests for a type that the server does not have", n)
	}
}

// slotOf returns a free slot of a schedule at an hour of 24 November.
func slotOf(n int, plan, hour string) string {
	return fmt.Sprintf(`{"resourceType":"Slot","id":"s%d","identifier":[{"system":"urn:ietf:rfc:3986",`+
		`"value":"urn:uuid:%s"}],"schedule":{"reference":%q},"status":"free","start":"2026-11-24T0%s:00:00+05:00"}`,
		n, numbered(n), plan, hour)
}

// numbered returns a GUID with a number.
func numbered(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }
