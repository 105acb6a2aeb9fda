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

// Doctors whose pages never come cost themselves, however many they are: the others are read all the same, in this
// reading or in the next one.
func TestDoctorsWhoNeverAnswerCostThemselves(t *testing.T) {
	for name, fail := range map[string]func(w http.ResponseWriter){
		"busy": func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
		"reset": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		for _, never := range []int{1, 2, 9} {
			s := registry.New(client(t, clinicOf(20, func(doctor int, w http.ResponseWriter) {
				if doctor < never {
					fail(w)
					return
				}
				time.Sleep(20 * time.Millisecond) // the others answer first
				_, _ = io.WriteString(w, "[]")
			})), registry.Options{}, schedule.Window{Days: 14, MaxAge: lastReading, Now: time.Now})
			var n int
			for range 6 {
				if c, err := s.Catalogue(t.Context()); err == nil {
					n = len(people(c))
				}
			}
			if n != 20-never {
				t.Errorf("%s: %d doctors of 20 where %d never answer", name, n, never)
			}
		}
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
