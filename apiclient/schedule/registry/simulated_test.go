package registry_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
)

func TestCatalogueOfTheSimulatedRegistry(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{Now: func() time.Time { return monday }})
	if err != nil {
		t.Fatal(err)
	}
	s := source(t, sim)
	c, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c.Clinic.Name != "Поликлиника № 3" || c.Clinic.Phone == "" {
		t.Errorf("clinic %+v", c.Clinic)
	}
	adult, child := c.Specialities(apiclient.Adult, monday), c.Specialities(apiclient.Child, monday)
	if len(adult) < 10 || len(child) == 0 || len(child) >= len(adult) {
		t.Fatalf("%d specialities for adults, %d for children", len(adult), len(child))
	}
	full := false
	for _, o := range adult {
		if full && o.Free > 0 {
			t.Errorf("%s with %d free stands behind one that is full", o.Name, o.Free)
		}
		full = full || o.Free == 0
	}
	doctors := c.Doctors(adult[0].Code, apiclient.Adult, monday)
	cells := c.Cells(doctors[0].GUID, monday)
	if len(cells) != doctors[0].Free || !cells[0].Begin.Equal(doctors[0].Nearest) {
		t.Errorf("%d cells from %v, promised %d from %v", len(cells), cells[0].Begin, doctors[0].Free, doctors[0].Nearest)
	}
	last := cells[len(cells)-1]
	if later := c.Cells(doctors[0].GUID, last.Begin); len(later) != 1 {
		t.Errorf("%d cells from the last one on", len(later))
	}
	nearest, doctor, today := c.Nearest(monday)
	if nearest.Begin.Before(monday) || doctor.Name == "" || today == 0 {
		t.Errorf("nearest %v at %q, %d today", nearest.Begin, doctor.Name, today)
	}
}

func TestCellStateAfterAReservation(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{Now: func() time.Time { return monday }})
	if err != nil {
		t.Fatal(err)
	}
	s := source(t, sim)
	c, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cell, doctor, _ := c.Nearest(monday)
	look := func() schedule.CellState {
		state, err := s.CellState(t.Context(), doctor.GUID, cell.GUID, cell.Begin)
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	if look() != schedule.CellFree {
		t.Error("a cell that is free is not seen as free")
	}
	sim.Take(cell.GUID)
	if look() != schedule.CellTaken {
		t.Error("a cell that was taken is not seen as taken")
	}
	if state, err := s.CellState(t.Context(), doctor.GUID, uuid.New(), cell.Begin); state != schedule.CellUnknown ||
		err != nil {
		t.Errorf("a cell that is not in the list is %v, %v", state, err)
	}
}

// slots answers every schedule with one text.
func slots(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
}

func TestOnlyWhatAPatientMayHaveIsFree(t *testing.T) {
	const guid = `"timeTableGuid":"22222222-2222-2222-2222-222222222222","beginTime":"2026-11-24T08:45:00+03:00"`
	for text, want := range map[string]int{
		`[{"status":"Available","flagAccess":"Registry, Internet",` + guid + `}]`:         1,
		`[{"STATUS":"Available",` + guid + `}]`:                                           1,
		`[{"status":"Available","flagAccess":"Registry,Doctor",` + guid + `}]`:            0,
		`[{"status":"Booked","flagAccess":"Internet",` + guid + `}]`:                      0,
		`[{"status":"Unauthorized",` + guid + `}]`:                                        0,
		`[{"status":"Available","busyType":{"type":0},` + guid + `}]`:                     0,
		`[{"status":"Available","busyType":{"type":1},` + guid + `}]`:                     1,
		`[{"status":"Available","busyType":{"type":5,"code":"322"},` + guid + `}]`:        0,
		`[{"status":"Available","busyType":{"type":323},` + guid + `}]`:                   0,
		`[{"status":"UnavailableWithMessage","message":"m",` + guid + `}]`:                0,
		`[{"status":"Expired",` + guid + `}]`:                                             0,
		`[{"status":"Available","room":7,"flat":"two",` + guid + `}]`:                     1,
		`[{"status":"Available","timeTableGuid":5,"beginTime":{}}]`:                       0,
		`[{"status":"Available","beginTime":"2026-11-24T08:45:00+03:00"}]`:                0,
		`[{"status":"Available","timeTableGuid":"22222222-2222-2222-2222-222222222222"}]`: 0,
		`[]`:   0,
		`null`: 0,
	} {
		got, err := source(t, slots(text)).Cells(t.Context(), uuid.New())
		if err != nil || len(got.Cells) != want {
			t.Errorf("%s: %d cells, %v, want %d", text, len(got.Cells), err, want)
		}
	}
}

func TestATimetableThatCannotBeReadIsAnError(t *testing.T) {
	for _, text := range []string{"", "<html>", `{"a":1}`, `[{"status":5}`, `[] []`, `5`} {
		s := source(t, slots(text))
		if _, err := s.Catalogue(t.Context()); err == nil {
			t.Errorf("%q: %v", text, err)
		}
		if state, err := s.CellState(t.Context(), uuid.New(), uuid.New(), monday); err == nil ||
			state != schedule.CellUnknown {
			t.Errorf("%q: %v, %v", text, state, err)
		}
	}
}

func TestAClinicWithoutAPageKeepsItsTimetable(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{Now: func() time.Time { return monday }})
	if err != nil {
		t.Fatal(err)
	}
	s := registry.New(
		client(t, sim),
		registry.Options{ClinicPath: "/nowhere"},
		window(at(monday)),
	)
	c, err := s.Catalogue(t.Context())
	if err != nil || c.Clinic != (schedule.Clinic{}) {
		t.Errorf("%v, %v", c, err)
	}
}
