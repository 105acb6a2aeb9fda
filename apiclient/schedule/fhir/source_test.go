package fhir_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/fhir"
	"infomat/apiclient/schedule/schedtest"
)

// sourceOf returns a source for a server on a loopback port.
func sourceOf(t *testing.T, h http.Handler, base string, o fhir.Options) *fhir.Source {
	t.Helper()
	c := schedtest.ClientOf(t, h, apiclient.Config{BaseURL: base, Accept: fhir.Accept})
	return fhir.New(c, o, window(at(monday)))
}

// CellState is known only if the server is configured as live.
func TestFHIRCellState(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{Now: at(monday)})
	if err != nil {
		t.Fatal(err)
	}
	live := sourceOf(t, sim, "/fhir", fhir.Options{Live: true})
	late := sourceOf(t, sim, "/fhir", fhir.Options{})
	cell, err := sim.FreeCell(apiclient.Adult)
	if err != nil {
		t.Fatal(err)
	}
	look := func(f *fhir.Source, cell uuid.UUID) schedule.CellState {
		state, err := f.CellState(t.Context(), uuid.Nil, cell, monday)
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	if look(live, cell) != schedule.CellFree || look(late, cell) != schedule.CellUnknown ||
		look(live, uuid.New()) != schedule.CellUnknown {
		t.Error("a free cell")
	}
	sim.Take(cell)
	if look(live, cell) != schedule.CellTaken || look(late, cell) != schedule.CellUnknown {
		t.Error("a cell that was taken")
	}
}

const (
	slotGUID = "12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5"
	goodSlot = `{"resourceType":"Slot","id":"1","identifier":[{"system":"urn:ietf:rfc:3986",` +
		`"value":"urn:uuid:` + slotGUID + `"}],"schedule":{"reference":"Schedule/s"},` +
		`"status":"free","start":"2026-11-24T08:45:00+03:00","end":"2026-11-24T09:00:00+03:00"}`
	goodSchedule = `{"resourceType":"Schedule","id":"s","actor":[{"reference":"Practitioner/p"},` +
		`{"reference":"Location/l"}],"specialty":[{"coding":[{"code":"27","display":"Терапевт"}]}]}`
	goodPractitioner = `{"resourceType":"Practitioner","id":"p","name":[{"family":"Астахова","given":["Марина",` +
		`"Викторовна"]}]}`
	goodLocation = `{"resourceType":"Location","id":"l","name":"202"}`
)

// answers is a FHIR server that answers every search with the same body and has no single resources.
func answers(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if !strings.HasSuffix(q.URL.Path, "/Slot") {
			http.NotFound(w, q)
			return
		}
		_, _ = io.WriteString(w, body)
	})
}

// nothingLeft checks that everything was dropped for one reason, and where the first of it stands.
func nothingLeft(t *testing.T, err error, reason schedule.Reason, place string) {
	t.Helper()
	var e *schedule.NothingLeftError
	if !errors.As(err, &e) || len(e.Dropped) != 1 || e.Dropped[0].Reason != reason || e.Dropped[0].Count != 1 ||
		!slices.Equal(e.Dropped[0].Places, []string{place}) {
		t.Errorf("%v, want %s at %s", err, reason, place)
	}
}

func bundleOf(resources ...string) string {
	var entries []string
	for _, r := range resources {
		entries = append(entries, `{"resource":`+r+`}`)
	}
	return `{"resourceType":"Bundle","entry":[` + strings.Join(entries, ",") + `]}`
}

func TestFHIRSlots(t *testing.T) {
	byID := fhir.Options{IDIsCell: true}
	other := fhir.Options{CellSystem: "urn:clinic:cell"}
	visit := fhir.Options{
		AgeBy: fhir.ByAppointmentType,
		Ages:  map[string][]apiclient.AgeCategory{"kids": {apiclient.Child, apiclient.Teen}},
	}
	service := fhir.Options{AgeBy: fhir.ByService, Ages: visit.Ages}
	for _, c := range []struct {
		name     string
		options  fhir.Options
		old, new string // in the slot
		dropped  string // why it is not offered; blank: it is
	}{
		{"as it should be", fhir.Options{}, "", "", ""},
		{
			"an absolute reference to another server",
			fhir.Options{},
			`Schedule/s`, `https://x/fhir/Schedule/s/_history/3`,
			"doctor_elsewhere",
		},
		{"no GUID", fhir.Options{}, slotGUID, "17", "cell_no_guid"},
		{"a GUID of noughts", fhir.Options{}, slotGUID, uuid.Nil.String(), "cell_no_guid"},
		{
			"an id is none by itself",
			fhir.Options{},
			`"id":"1","identifier":[{"system":"urn:ietf:rfc:3986",`,
			`"id":"` + slotGUID + `","identifier":[{"system":"x",`, "cell_no_guid",
		},
		{
			"an id where it may be", byID, `"id":"1","identifier":[{"system":"urn:ietf:rfc:3986",`,
			`"id":"` + slotGUID + `","identifier":[{"system":"x",`, "",
		},
		{
			"two GUIDs",
			fhir.Options{},
			`"identifier":[`,
			`"identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:43c6cec0-3b91-48ab-acab-d541a88e91f7"},`,
			"cell_several_guids",
		},
		{
			"the same twice",
			fhir.Options{},
			`"identifier":[`,
			`"identifier":[{"system":"urn:ietf:rfc:3986","value":"` + slotGUID + `"},`, "",
		},
		{"another system", other, "", "", "cell_no_guid"},
		{"the system that is set", other, "urn:ietf:rfc:3986", "urn:clinic:cell", ""},
		{"busy", fhir.Options{}, `"free"`, `"busy"`, "cell_not_free"},
		{"tentative", fhir.Options{}, `"free"`, `"busy-tentative"`, "cell_not_free"},
		{"in error", fhir.Options{}, `"free"`, `"entered-in-error"`, "cell_not_free"},
		{"no beginning", fhir.Options{}, `"start":"2026-11-24T08:45:00+03:00",`, ``, "cell_no_beginning"},
		{"no schedule", fhir.Options{}, `Schedule/s`, `Schedule/other`, "cell_no_schedule"},
		{"no practitioner", fhir.Options{}, `Schedule/s`, `Schedule/room`, "cell_no_doctor"},
		{"no name", fhir.Options{}, `Schedule/s`, `Schedule/nameless`, "doctor_unnamed"},
		{"no speciality", fhir.Options{}, `Schedule/s`, `Schedule/plain`, "cell_no_speciality"},
		{
			"a speciality of its own",
			fhir.Options{},
			`Schedule/s"}`,
			`Schedule/plain"},"specialty":[{"text":"Терапевт","coding":[{"code":"27"}]}]`, "",
		},
		{"for no age", visit, "", "", "cell_ages"},
		{"for an age", visit, `"id":"1"`, `"id":"1","appointmentType":{"coding":[{"code":"kids"}]}`, ""},
		{"of a service", service, `Schedule/s`, `Schedule/service`, ""},
		{"of none", service, "", "", "cell_ages"},
		{"unreadable", fhir.Options{}, `"identifier":[`, `"identifier":5,"x":[`, "resource_unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			slot := strings.Replace(goodSlot, c.old, c.new, 1)
			body := bundleOf(
				slot,
				goodSchedule,
				goodPractitioner,
				goodLocation,
				`{"resourceType":"Schedule","id":"room","actor":[{"reference":"Patient/l"}],"specialty":[{"text":"x"}]}`,
				`{"resourceType":"Schedule","id":"plain","actor":[{"reference":"Practitioner/p"}]}`,
				`{"resourceType":"Schedule","id":"nameless","actor":[{"reference":"Practitioner/n"}],"specialty":[{"text":"x"}]}`,
				`{"resourceType":"Practitioner","id":"n"}`,
				`{"resourceType":"Schedule","id":"service","actor":[{"reference":"Practitioner/p"},`+
					`{"reference":"HealthcareService/h"}],"specialty":[{"coding":[{"code":"27"}]}]}`,
				`{"resourceType":"HealthcareService","id":"h","type":[{"coding":[{"code":"kids"}]}]}`,
			)
			got, err := sourceOf(t, answers(body), "", c.options).Catalogue(t.Context())
			if c.dropped != "" && c.dropped != "cell_not_free" {
				nothingLeft(t, err, schedule.Reason(c.dropped), "page 1, entry[0]")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			doctors := got.Doctors("27", apiclient.Child, monday)
			if c.dropped == "" {
				if len(got.Dropped) != 0 || len(doctors) != 1 || doctors[0].Free != 1 ||
					doctors[0].Name != "Астахова Марина Викторовна" {
					t.Errorf("dropped %v, doctors %+v", got.Dropped, doctors)
				}
				return
			}
			if len(got.Dropped) != 1 || got.Dropped[0].Count != 1 || got.Dropped[0].Reason != schedule.Reason(c.dropped) ||
				len(doctors) != 0 {
				t.Errorf("dropped %v, doctors %+v", got.Dropped, doctors)
			}
		})
	}
}

// The floor is the number of the level that the room is part of, at any depth.
func TestFHIRFloors(t *testing.T) {
	level := func(name string) string {
		return `{"resourceType":"Location","id":"level","name":"` + name + `",` +
			`"physicalType":{"coding":[{"code":"lvl"}]},"partOf":{"reference":"Location/house"}}`
	}
	room := strings.Replace(goodLocation, `"id":"l"`, `"id":"l","partOf":{"reference":"Location/wing"}`, 1)
	wing := `{"resourceType":"Location","id":"wing","name":"7","physicalType":{"coding":[{"code":"wi"}]},` +
		`"partOf":{"reference":"Location/level"}}`
	for _, c := range []struct {
		places []string
		floor  int
	}{
		{[]string{room, wing, level("2 этаж")}, 2},
		{[]string{room, wing, level("Этаж 3")}, 3},
		{[]string{room, wing, level("-1")}, -1},
		{[]string{room, wing, level("Цокольный этаж")}, 0},
		{[]string{room, wing, level("2 и 3 этажи")}, 0},
		{[]string{room, wing, level("99999999999999999999")}, 0},
		{[]string{room, wing}, 0},
		{[]string{room, strings.Replace(wing, "Location/level", "Location/l", 1)}, 0}, // round a loop
		{[]string{goodLocation, level("2 этаж")}, 0},
	} {
		got, err := sourceOf(
			t,
			answers(bundleOf(append(c.places, goodSlot, goodSchedule, goodPractitioner)...)),
			"",
			fhir.Options{},
		).Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		cell, doctor, _ := got.Nearest(monday)
		if doctor.Room != "202" || doctor.Floor != c.floor || cell.Floor != c.floor {
			t.Errorf("%v: floor %d, of the cell %d, want %d", c.places, doctor.Floor, cell.Floor, c.floor)
		}
	}
}

// The location of a Schedule precedes that of the PractitionerRole.
func TestRoomOfARole(t *testing.T) {
	role := `{"resourceType":"PractitionerRole","id":"r","practitioner":{"reference":"Practitioner/p"},` +
		`"location":[{"reference":"Location/m"}]}`
	other := `{"resourceType":"Location","id":"m","name":"303"}`
	for actors, want := range map[string]string{
		`{"reference":"PractitionerRole/r"},{"reference":"Location/l"}`: "202",
		`{"reference":"Location/l"},{"reference":"PractitionerRole/r"}`: "202",
		`{"reference":"PractitionerRole/r"}`:                            "303",
	} {
		plan := strings.Replace(goodSchedule, `{"reference":"Practitioner/p"},{"reference":"Location/l"}`, actors, 1)
		body := bundleOf(goodSlot, plan, role, goodPractitioner, goodLocation, other)
		got, err := sourceOf(t, answers(body), "", fhir.Options{}).Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if cell, doctor, _ := got.Nearest(monday); cell.Room != want || doctor.Room != want {
			t.Errorf("%s: the cell's room is %q and the doctor's %q, want %q", actors, cell.Room, doctor.Room, want)
		}
	}
}

// An instant is told in the clinic's zone, whatever its offset is.
func TestTimesOnTheWall(t *testing.T) {
	moscow := time.FixedZone("", 3*60*60)
	window := schedule.Window{Days: 14, Zone: moscow, Now: at(monday)}
	for start, want := range map[string]time.Time{
		"2026-11-24T05:45:00Z":      time.Date(2026, 11, 24, 8, 45, 0, 0, moscow),
		"2026-11-24T05:45:00+00:00": time.Date(2026, 11, 24, 8, 45, 0, 0, moscow),
		"2026-11-24T09:45:00+04:00": time.Date(2026, 11, 24, 8, 45, 0, 0, moscow),
	} {
		server := answers(
			bundleOf(strings.Replace(goodSlot, "2026-11-24T08:45:00+03:00", start, 1), goodSchedule, goodPractitioner),
		)
		c, err := fhir.New(clientOf(t, server, uuid.New()), fhir.Options{}, window).Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if cell, _, _ := c.Nearest(monday); cell.Begin.Format(time.RFC3339) != want.Format(time.RFC3339) {
			t.Errorf("%s is shown as %v, want %v", start, cell.Begin, want)
		}
	}
}

// A Practitioner with cells for children and cells for adults is shown to each with the right ones.
func TestFHIRCellsOfDifferentAges(t *testing.T) {
	o := fhir.Options{
		AgeBy: fhir.ByServiceType,
		Ages:  map[string][]apiclient.AgeCategory{"c": {apiclient.Child}, "a": {apiclient.Adult}},
	}
	slot := func(guid, age string) string {
		return strings.NewReplacer(slotGUID, guid, `"id":"1"`, `"id":"1","serviceType":[{"coding":[{"code":"`+age+`"}]}]`).
			Replace(goodSlot)
	}
	later := func(slot string) string { return strings.Replace(slot, "T08:45:00", "T08:50:00", 1) }
	a, b, c := uuid.NewString(), uuid.NewString(), uuid.NewString()
	got, err := sourceOf(
		t,
		answers(bundleOf(slot(a, "a"), slot(b, "c"), later(slot(c, "a")), goodSchedule, goodPractitioner, goodLocation)),
		"",
		o,
	).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	adult, child := got.Doctors("27", apiclient.Adult, monday), got.Doctors("27", apiclient.Child, monday)
	if len(adult) != 1 || adult[0].Free != 2 || len(child) != 1 || child[0].Free != 1 || child[0].GUID == adult[0].GUID {
		t.Errorf("adults %+v, children %+v", adult, child)
	}
	if cells := got.Cells(child[0].GUID, monday); cells[0].GUID.String() != b || cells[0].Room != "202" {
		t.Errorf("the child is offered %+v", cells)
	}
}

func TestFHIRPaging(t *testing.T) {
	var server *httptest.Server
	var asked []string
	next := ""
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		asked = append(asked, q.URL.String())
		if q.Header.Get("Accept") != fhir.Accept {
			t.Errorf("asked for %s", q.Header.Get("Accept"))
		}
		if len(asked) > 1 && !strings.Contains(next, "again") {
			_, _ = io.WriteString(w, bundleOf(goodSlot))
			return
		}
		link, _ := json.Marshal(next)
		_, _ = fmt.Fprintf(
			w,
			`{"resourceType":"Bundle","link":[{"relation":"self","url":"x"},{"relation":"next","url":%s}],`+
				`"entry":[{"resource":%s},{"resource":%s},{"resource":%s}]}`,
			link,
			goodSchedule,
			goodPractitioner,
			goodLocation,
		)
	}))
	t.Cleanup(server.Close)
	c, err := apiclient.New(
		apiclient.Config{BaseURL: server.URL + "/r4", LPU: uuid.New(), Timeout: time.Second, Accept: fhir.Accept},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	f := fhir.New(c, fhir.Options{}, window(at(monday)))
	for _, n := range []struct {
		next, path string // where the second page is, and where it is asked for
		fails      string
	}{
		{server.URL + "/r4?_getpages=7&_offset=2", "/r4?_getpages=7&_offset=2", ""},
		{"Slot?page=2", "/r4/Slot?page=2", ""},
		{"/elsewhere?page=2", "/elsewhere?page=2", ""},
		{"http://other.example/r4?page=2", "", "another server"},
		{server.URL + "/r4?again", "", "a loop"},
		{"http://[", "", "cannot be read"},
	} {
		asked, next = nil, n.next
		got, err := f.Catalogue(t.Context())
		if n.fails != "" {
			if err == nil || !strings.Contains(err.Error(), n.fails) {
				t.Errorf("%s: %v", n.next, err)
			}
			continue
		}
		if err != nil || len(asked) != 2 || asked[1] != n.path || len(got.Doctors("27", apiclient.Adult, monday)) != 1 {
			t.Errorf("%s: %v, asked %v", n.next, err, asked)
		}
		if first := asked[0]; !strings.HasPrefix(first, "/r4/Slot?") || !strings.Contains(first, "status=free") ||
			!strings.Contains(first, "_count=100") ||
			!strings.Contains(first, "start=ge2026-11-23") {
			t.Errorf("asked %s", first)
		}
	}
}

func TestFHIRThatIsNone(t *testing.T) {
	for _, body := range []string{
		"", "<html>", "[]", `{"resourceType":"OperationOutcome"}`, `{"resourceType":"Bundle","entry":5}`,
	} {
		f := sourceOf(t, answers(body), "", fhir.Options{Live: true})
		if _, err := f.Catalogue(t.Context()); err == nil {
			t.Errorf("%q was taken", body)
		}
		if state, err := f.CellState(context.Background(), uuid.Nil, uuid.New(), monday); err == nil ||
			state != schedule.CellUnknown {
			t.Errorf("%q: %v, %v", body, state, err)
		}
	}
}
