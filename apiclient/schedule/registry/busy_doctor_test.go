package registry_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
)

// One doctor whose page is always busy costs himself: the others are read all the same, one after the other.
func TestADoctorWhoIsAlwaysBusyCostsHimself(t *testing.T) {
	const busy = 0
	h := clinicOf(20, func(doctor int, w http.ResponseWriter) {
		if doctor == busy {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		time.Sleep(20 * time.Millisecond) // the busy answer comes first
		_, _ = io.WriteString(w, "[]")
	})
	s := registry.New(client(t, h), registry.Options{}, schedule.Window{Days: 14, MaxAge: lastReading, Now: time.Now})
	var n int
	for range 3 {
		c, err := s.Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n = len(people(c))
	}
	if n != 19 {
		t.Errorf("%d doctors", n)
	}
}

// A list that has a cell twice, free and taken, does not tell that it is free: a second attempt could book twice.
func TestACellThatIsFreeAndTaken(t *testing.T) {
	free := `{"timeTableGuid":"` + slotGUID + `","status":"Available"}`
	taken := strings.Replace(free, "Available", "Booked", 1)
	for _, list := range []string{free + "," + taken, taken + "," + free} {
		got, err := source(t, slots("["+list+"]")).CellState(t.Context(), doctorGUID, uuid.MustParse(slotGUID), monday)
		if err != nil || got != schedule.CellUnknown {
			t.Errorf("%v, %v", got, err)
		}
	}
}

// Whether a cell is free is asked of the registry, and not of a cache on the way: its answer may be older than the
// reservation.
func TestARecheckPassesTheCaches(t *testing.T) {
	asked := ""
	h := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		asked = q.Header.Get("Cache-Control")
		_, _ = io.WriteString(w, "[]")
	})
	if _, err := source(t, h).CellState(t.Context(), doctorGUID, uuid.MustParse(slotGUID), monday); err != nil {
		t.Fatal(err)
	}
	if asked != "no-cache" {
		t.Errorf("Cache-Control: %q", asked)
	}
}
