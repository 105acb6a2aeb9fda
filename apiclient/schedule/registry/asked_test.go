package registry_test

import (
	"net/http"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
)

// The addresses name each day that is offered, in the clinic's zone, and escape the codes.
func TestWhatTheRegistryIsAskedFor(t *testing.T) {
	moscow := time.FixedZone("", 3*60*60)
	late := time.Date(2026, 11, 27, 23, 30, 0, 0, moscow) // 28 November in the computer's zone
	var mu sync.Mutex
	var asked []string
	pages := clinicPages(`[{"code":"a/b?c %","name":"x"}]`, oneDoctor, "[]")
	h := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, q.URL.EscapedPath())
		pages.ServeHTTP(w, q)
	})
	lpu := uuid.NewString()
	api := clientOf(t, h, uuid.MustParse(lpu))
	for days, last := range map[int]string{14: "2026-12-10", 1: "2026-11-27", 0: "2026-11-27", 5: "2026-12-01"} {
		asked = nil
		w := schedule.Window{Days: days, Zone: moscow, Now: at(late.In(here))}
		s := registry.New(api, registry.Options{}, w)
		if _, err := s.Catalogue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Cells(t.Context(), doctorGUID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.CellState(t.Context(), doctorGUID, uuid.New(), late.Add(2*time.Hour).UTC()); err != nil {
			t.Fatal(err)
		}
		plan := "/lpu/" + lpu + "/doctor/" + doctorGUID.String() + "/schedule/2026-11-2"
		want := []string{
			"/lpu/" + lpu + "/speciality", "/lpu/" + lpu + "/speciality/a%2Fb%3Fc%20%25/doctor", plan + "7/" + last,
			"/lpu/" + lpu, plan + "7/" + last, plan + "8",
		}
		if !reflect.DeepEqual(asked, want) {
			t.Errorf("%d days:\n got %q\nwant %q", days, asked, want)
		}
	}
}

// A time without an offset is that of a clock in the clinic's zone, not in the computer's.
func TestATimeWithoutAnOffset(t *testing.T) {
	vladivostok := time.FixedZone("", 10*60*60)
	for z, want := range map[*time.Location]string{
		vladivostok: "2026-11-24T08:45:00+10:00", nil: "2026-11-24T08:45:00+05:00",
	} {
		text := "[" + slotWith(0, `"beginTime":"2026-11-24T08:45:00"`) + "]"
		w := schedule.Window{Days: 14, Zone: z, Now: at(monday)}
		c, err := registry.New(
			client(t, clinicPages(oneSpeciality, oneDoctor, text)), registry.Options{}, w,
		).Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		cell, _, _ := c.Nearest(monday)
		if got := cell.Begin.Format(time.RFC3339); got != want || c.Foreign != 0 {
			t.Errorf("zone %v: %s, %d foreign, want %s", z, got, c.Foreign, want)
		}
	}
}

// A time in UTC is told in the clinic's zone.
func TestATimeInUTC(t *testing.T) {
	moscow := time.FixedZone("", 3*60*60)
	text := "[" + slotWith(0, `"beginTime":"2026-11-24T05:45:00Z"`) + "," +
		slotWith(1, `"beginTime":"2026-11-24T08:50:00+05:00"`) + "]"
	w := schedule.Window{Days: 14, Zone: moscow, Now: at(monday)}
	s := registry.New(client(t, clinicPages(oneSpeciality, oneDoctor, text)), registry.Options{}, w)
	c, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, cell := range c.Cells(doctorGUID, monday) {
		got = append(got, cell.Begin.Format(time.RFC3339))
	}
	if want := []string{"2026-11-24T06:50:00+03:00", "2026-11-24T08:45:00+03:00"}; !reflect.DeepEqual(got, want) ||
		c.Foreign != 1 {
		t.Errorf("%q with %d foreign, want %q", got, c.Foreign, want)
	}
}
