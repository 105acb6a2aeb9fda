package schedule_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
)

// window returns a window of two weeks.
func window(now func() time.Time) schedule.Window { return schedule.Window{Days: 14, Now: now} }

func TestMain(m *testing.M) {
	if os.Getenv(hostileEnv) != "" {
		readHostile()
		return
	}
	goleak.VerifyTestMain(m)
}

// here is the computer's zone in all tests: not UTC, so that what only works there is found.
var here = pinned()

func pinned() *time.Location {
	time.Local = time.FixedZone("HERE", 5*60*60)
	return time.Local
}

var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, here)

func source(t *testing.T, h http.Handler) *schedule.Registry {
	t.Helper()
	return schedule.NewRegistry(client(t, h), schedule.RegistryOptions{}, window(at(monday)))
}

// client returns a client of a registry on a loopback port.
func client(t *testing.T, h http.Handler) *apiclient.Client {
	t.Helper()
	lpu := uuid.New()
	if sim, ok := h.(*registrysim.Registry); ok {
		lpu = sim.LPU()
	}
	return clientOf(t, h, lpu)
}

func clientOf(t *testing.T, h http.Handler, lpu uuid.UUID) *apiclient.Client {
	t.Helper()
	return clientWithin(t, h, lpu, time.Minute)
}

func clientWithin(t *testing.T, h http.Handler, lpu uuid.UUID, timeout time.Duration) *apiclient.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := apiclient.New(apiclient.Config{BaseURL: server.URL, LPU: lpu, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

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
	s := schedule.NewRegistry(
		client(t, sim),
		schedule.RegistryOptions{ClinicPath: "/nowhere"},
		window(at(monday)),
	)
	c, err := s.Catalogue(t.Context())
	if err != nil || c.Clinic != (schedule.Clinic{}) {
		t.Errorf("%v, %v", c, err)
	}
}

// scripted is a source that returns given errors.
type scripted struct {
	schedule.Source
	errs  []error
	cells []schedule.Cell
}

func (s *scripted) Catalogue(context.Context) (*schedule.Catalogue, error) {
	err := s.errs[0]
	if len(s.errs) > 1 {
		s.errs = s.errs[1:]
	}
	if err != nil {
		return nil, err
	}
	return schedule.NewCatalogue(schedule.Window{Days: 14}, schedule.Parts{AsOf: time.Now()}), nil
}

func (s *scripted) Cells(context.Context, uuid.UUID) (schedule.Reading, error) {
	return schedule.Reading{AsOf: time.Now(), Cells: s.cells}, nil
}

func TestStoreKeepsWhatItHasAndLetsItGrowOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("down")
		changed := 0
		s := &schedule.Store{
			Source:  &scripted{errs: []error{down, nil, down}},
			Refresh: time.Minute,
			Log:     slog.New(slog.DiscardHandler),
			Changed: func() { changed++ },
		}
		if _, err := s.Snapshot(time.Now()); !errors.Is(err, schedule.ErrNotLoaded) {
			t.Errorf("before the first try: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go s.Run(ctx)
		synctest.Wait()
		if _, err := s.Snapshot(time.Now()); !errors.Is(err, schedule.ErrStale) {
			t.Errorf("after a failure: %v", err)
		}
		time.Sleep(3 * time.Second) // it tries again sooner
		synctest.Wait()
		if c, err := s.Snapshot(time.Now()); c == nil || err != nil {
			t.Errorf("after a success: %v, %v", c, err)
		}
		time.Sleep(5 * time.Minute)
		if c, err := s.Snapshot(time.Now()); c == nil || err != nil {
			t.Errorf("after five minutes without news: %v, %v", c, err)
		}
		time.Sleep(6 * time.Minute)
		if c, err := s.Snapshot(time.Now()); c == nil || !errors.Is(err, schedule.ErrStale) {
			t.Errorf("after eleven minutes without news: %v, %v", c, err)
		}
		cancel()
		synctest.Wait()
		if changed < 5 {
			t.Errorf("%d refreshes were told of", changed)
		}
	})
}

// timed is a source that records when it was read.
type timed struct {
	schedule.Source
	err     error
	dropped bool // a part is dropped
	asked   []time.Time
}

func (s *timed) Catalogue(context.Context) (*schedule.Catalogue, error) {
	s.asked = append(s.asked, time.Now())
	p := schedule.Parts{AsOf: time.Now()}
	if s.dropped {
		p.Dropped = []schedule.Dropped{{Reason: schedule.DoctorUnread, Count: 1}}
	}
	return schedule.NewCatalogue(schedule.Window{Days: 14}, p), s.err
}

// refreshes runs a store for a while, and returns the pauses between its refreshes.
func refreshes(t *testing.T, source *timed, every, long time.Duration) (pauses []time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), long)
		defer cancel()
		(&schedule.Store{Source: source, Refresh: every, Log: slog.New(slog.DiscardHandler)}).Run(ctx)
	})
	for i := range source.asked[1:] {
		pauses = append(pauses, source.asked[i+1].Sub(source.asked[i]))
	}
	return pauses
}

// The pauses have a jitter of up to a tenth, so that the terminals of a clinic do not ask at once.
func TestRefreshesAreSpread(t *testing.T) {
	pauses := refreshes(t, &timed{}, time.Minute, 2*time.Hour)
	slices.Sort(pauses)
	least, most := pauses[0], pauses[len(pauses)-1]
	if least < 54*time.Second || most > 66*time.Second+1 || most-least < 5*time.Second {
		t.Errorf("%d pauses from %v to %v", len(pauses), least, most)
	}
}

// After a failure the store retries within seconds.
func TestAFailureIsSoonTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("down")
		var at []time.Time
		s := &schedule.Store{
			Source: &scripted{
				errs: []error{nil, down, down, nil, down, nil},
			}, Refresh: time.Hour, Log: slog.New(slog.DiscardHandler),
			Changed: func() { at = append(at, time.Now()) },
		}
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Hour)
		defer cancel()
		s.Run(ctx)
		for i, want := range []time.Duration{time.Hour, 2 * time.Second, 4 * time.Second, time.Hour, 2 * time.Second} {
			if got := at[i+1].Sub(at[i]); got < want*8/10 || got > want*12/10 {
				t.Errorf("pause %d is %v, want %v", i, got, want)
			}
		}
	})
}

func TestABusyRegistryIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	pauses := refreshes(
		t,
		&timed{err: &apiclient.BusyError{HTTPStatus: 429, RetryAfter: 5 * time.Minute}},
		10*time.Second,
		time.Hour,
	)
	if len(pauses) < 10 || slices.Min(pauses) < 5*time.Minute {
		t.Errorf("pauses %v", pauses)
	}
}

func TestRefreshOfOneDoctor(t *testing.T) {
	doctor, cell := uuid.New(), schedule.Cell{GUID: uuid.New(), Begin: monday.Add(time.Hour)}
	s := &schedule.Store{Source: &scripted{errs: []error{nil}, cells: []schedule.Cell{cell}}, Refresh: time.Minute}
	if err := s.RefreshDoctor(t.Context(), doctor); err != nil {
		t.Errorf("before anything is loaded: %v", err)
	}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, _ := s.Snapshot(monday)
	if err := s.RefreshDoctor(t.Context(), doctor); err != nil {
		t.Fatal(err)
	}
	after, _ := s.Snapshot(monday)
	if len(after.Cells(doctor, monday)) != 1 || len(before.Cells(doctor, monday)) != 0 {
		t.Error("the fresh cells are not in the new catalogue alone")
	}
}

// The nearest cell of a speciality is that of its doctor with the nearest one, in any order of the doctors.
func TestOfferOfASpeciality(t *testing.T) {
	cellAt := func(minutes int) schedule.Cell {
		return schedule.Cell{GUID: uuid.New(), Begin: monday.Add(time.Duration(minutes) * time.Minute)}
	}
	for _, minutes := range [][]int{{30, 15, -1}, {15, 30, -1}, {-1, 15, 30}, {15, -1, 30}, {-1, 30, 15}, {15, 15, -1}} {
		var doctors []schedule.Doctor
		cells := map[uuid.UUID][]schedule.Cell{}
		for i, n := range minutes {
			d := schedule.Doctor{GUID: uuid.New(), Name: string(rune('A' + i)), Speciality: "1"}
			doctors = append(doctors, d)
			if n >= 0 {
				cells[d.GUID] = []schedule.Cell{cellAt(n), cellAt(60)}
			}
		}
		c := schedule.NewCatalogue(schedule.Window{Days: 14}, schedule.Parts{
			AsOf: monday, Specialities: []schedule.Speciality{{Code: "1", Name: "x"}}, Doctors: doctors, Cells: cells,
		})
		offers := c.Specialities(apiclient.Adult, monday)
		if len(offers) != 1 || offers[0].Free != 4 || !offers[0].Nearest.Equal(monday.Add(15*time.Minute)) {
			t.Errorf("%v: %+v", minutes, offers)
		}
	}
}
