package schedule

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// checkInvariants checks what holds for every catalogue.
func checkInvariants(t *testing.T, c *Catalogue) {
	t.Helper()
	for _, d := range c.doctors {
		if d.GUID == uuid.Nil {
			t.Fatal("a doctor without a key")
		}
		for i, cell := range c.cells[d.GUID] {
			if cell.GUID == uuid.Nil || cell.Begin.IsZero() || i > 0 && cell.Begin.Before(c.cells[d.GUID][i-1].Begin) {
				t.Fatalf("cell %+v", cell)
			}
		}
	}
	for _, age := range []apiclient.AgeCategory{apiclient.Child, apiclient.Adult} {
		for _, s := range c.Specialities(age, benchNow) {
			free := 0
			for _, d := range c.Doctors(s.Code, age, benchNow) {
				free += d.Free
			}
			if free != s.Free {
				t.Fatalf("%d free at the doctors, %d at the speciality", free, s.Free)
			}
		}
	}
	c.Nearest(benchNow)
}

// For any document there is a valid catalogue, or an error that says what is wanted.
func FuzzDocument(f *testing.F) {
	example, err := os.ReadFile("../../docs/timetable.example.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add(bytes.ReplaceAll(example, []byte("ADULT"), []byte("adult")))
	f.Add([]byte(`{"version":1,"exported":"2026-11-25T07:30:00+03:00","specialities":[],"doctors":[]}`))
	f.Add([]byte(`{"doctors":[{"cells":[{}]}]}`))
	f.Add([]byte(`{"version":`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseDocument("f.json", data, benchWindow)
		if (c == nil) == (err == nil) {
			t.Fatalf("%v beside %v", c, err)
		}
		var e *FileError
		if err != nil && (!errors.As(err, &e) || e.Problem == "" || e.Want == "") {
			t.Fatalf("%v", err)
		}
		if err != nil {
			if lines := bytes.Count(data, []byte("\n")) + 1; e.Line > lines {
				t.Fatalf("%v: there are %d lines", err, lines)
			}
			return
		}
		if c.AsOf.After(benchNow) {
			t.Fatal("a timetable of the future")
		}
		checkInvariants(t, c)
	})
}

// For any answer of a FHIR server every offered cell has a GUID and a beginning.
func FuzzBundle(f *testing.F) {
	f.Add([]byte(`{"resourceType":"Bundle","link":[{"relation":"next","url":"x"}],"entry":[
		{"resource":{"resourceType":"Slot","id":"1","identifier":[{"system":"urn:ietf:rfc:3986",
		"value":"urn:uuid:12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5"}],
		"schedule":{"reference":"Schedule/s"},"status":"free","start":"2026-11-26T08:45:00+03:00",
		"end":"2026-11-26T09:00:00+03:00","serviceType":[{"coding":[{"code":"a"}]}]}},
		{"resource":{"resourceType":"Schedule","id":"s","actor":[{"reference":"PractitionerRole/r"},
		{"reference":"Location/l"}],"specialty":[{"coding":[{"code":"27"}]}]}},
		{"resource":{"resourceType":"PractitionerRole","id":"r","practitioner":{"reference":"Practitioner/p"},
		"code":[{"text":"врач"}],"location":[{"reference":"Location/l"}]}},
		{"resource":{"resourceType":"Practitioner","id":"p","name":[{"family":"А","given":["Б"]}]}},
		{"resource":{"resourceType":"Location","id":"l","name":"202"}}]}`), true)
	f.Add([]byte(`{"resourceType":"Bundle","entry":[{"resource":null},{"resource":{"resourceType":5}},{}]}`), false)
	f.Fuzz(func(t *testing.T, data []byte, ages bool) {
		o := FHIROptions{CellSystem: DefaultCellSystem, IDIsCell: ages}
		if ages {
			o.AgeBy, o.Ages = ByServiceType, map[string][]apiclient.AgeCategory{"a": {apiclient.Adult}}
		}
		b := newBundle(o, benchWindow, "https://server.example/fhir", benchNow)
		if _, err := decodePage(data, 1, b.add); err != nil {
			return
		}
		b.missing()
		c, schedules, err := b.catalogue()
		if err != nil {
			return
		}
		checkInvariants(t, c)
		if len(schedules) != len(c.doctors) {
			t.Fatalf("%d doctors, %d to search by", len(c.doctors), len(schedules))
		}
	})
}

// For any schedule of the registry every offered cell has a GUID and a beginning.
func FuzzSlots(f *testing.F) {
	f.Add(
		[]byte(
			`[{"status":"Available","flagAccess":"Internet","timeTableGuid":"12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5",`+
				`"beginTime":"2026-11-26T08:45:00+03:00","busyType":{"type":1}}]`,
		),
		"",
	)
	f.Add([]byte(`{"items":[{"status":"Available","room":5,"flat":"2","beginTime":[]}]}`), "items")
	f.Add([]byte(`[{"slots":[]},{"slots":null}]`), "slots")
	f.Fuzz(func(t *testing.T, data []byte, in string) {
		r := NewRegistry(nil, RegistryOptions{SlotsIn: in}, Window{Days: 14, Now: time.Now})
		slots, err := r.slotWire.inside(in, data)
		if err != nil {
			return
		}
		doctor := Doctor{GUID: doctorSpace, Name: "x"}
		checkInvariants(
			t,
			NewCatalogue(benchWindow, Parts{
				AsOf: benchNow, Doctors: []Doctor{doctor}, Cells: map[uuid.UUID][]Cell{doctor.GUID: r.offer(slots).cells},
			}),
		)
	})
}
