package registry_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
)

// A registry that is busy is not asked further. What was read before is offered, and the store is told how
// long to wait. One doctor who is busy costs himself. A registry that denies access ends the reading.
func TestABusyRegistryIsNotAskedFurther(t *testing.T) {
	s := newSite(t)
	doctor, place := s.second(t)
	busy := func(path string) {
		s.AddFault(registrysim.Fault{
			Kind: registrysim.Status, Code: "429", RetryAfter: 7, Method: http.MethodGet, Path: path, Times: -1,
		})
	}
	busy(doctor.GUID.String())
	first, dropped := s.read(t)
	if first.RetryAfter != 0 || dropped != "doctor_unread 1 ["+place+"]" {
		t.Errorf("retry after %v, dropped %s", first.RetryAfter, dropped)
	}
	s.ClearFaults()
	whole, _ := s.read(t)
	busy("/schedule/")
	old, dropped := s.read(t)
	if len(people(old)) != len(people(whole)) || !strings.HasPrefix(dropped, "old_reading") ||
		old.RetryAfter != 7*time.Second {
		t.Errorf("%d doctors, retry after %v, dropped %s", len(people(old)), old.RetryAfter, dropped)
	}
	s.ClearFaults()
	if c, dropped := s.read(t); c.RetryAfter != 0 || dropped != "" {
		t.Errorf("retry after %v, dropped %s", c.RetryAfter, dropped)
	}
	s.AddFault(registrysim.Fault{
		Kind: registrysim.Refuse, Code: "5403", Method: http.MethodGet, Path: doctor.GUID.String(),
	})
	if c, dropped := s.read(t); len(people(c)) != len(people(whole)) || !strings.HasPrefix(dropped, "old_reading 1 ") {
		t.Errorf("access denied for one doctor: %d doctors, dropped %s", len(people(c)), dropped)
	}
}

// A registry that denies access to its first page, or to every schedule, has no timetable for this terminal.
func TestARegistryThatDeniesAccess(t *testing.T) {
	for _, path := range []string{"/speciality$", "/schedule/"} {
		s := newSite(t)
		s.AddFault(registrysim.Fault{
			Kind: registrysim.Refuse, Code: "5403", Method: http.MethodGet, Path: path, Times: -1,
		})
		if _, err := s.source.Catalogue(t.Context()); !errors.Is(err, apiclient.AccessDenied) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// When the line is down, the rest is not asked for: a reading takes a few time-outs and not one for each doctor.
func TestWhenTheLineIsDownTheRestIsNotAskedFor(t *testing.T) {
	down, asked := &atomic.Bool{}, &atomic.Int32{}
	h := clinicOf(100, func(_ int, w http.ResponseWriter) {
		if !down.Load() {
			_, _ = io.WriteString(w, "[]")
			return
		}
		asked.Add(1)
		panic(http.ErrAbortHandler)
	})
	w := schedule.Window{Days: 14, Now: at(monday), MaxAge: lastReading}
	s := registry.New(client(t, h), registry.Options{}, w)
	if _, err := s.Catalogue(t.Context()); err != nil {
		t.Fatal(err)
	}
	down.Store(true)
	c, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// net/http repeats a GET on a used connection, so each page may be asked for twice.
	if n := asked.Load(); n > 2*(5+4) || !strings.HasPrefix(droppedBy(c), "old_reading 100 ") {
		t.Errorf("asked %d times, dropped %s", n, droppedBy(c))
	}
	fresh := registry.New(client(t, h), registry.Options{}, w)
	_, err = fresh.Catalogue(t.Context())
	var nothing *schedule.NothingLeftError
	if !errors.As(err, &nothing) || !errors.Is(err, io.EOF) || !strings.Contains(err.Error(), "doctor_unread ×100") {
		t.Errorf("nothing was ever read: %v", err)
	}
}

// A registry that is busy after a few answers is read as a whole by several readings.
func TestABusyRegistryIsReadInTurns(t *testing.T) {
	var left atomic.Int32
	h := clinicOf(10, func(_ int, w http.ResponseWriter) {
		if left.Add(-1) < 0 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = io.WriteString(w, "[]")
	})
	var mu sync.Mutex
	now := monday
	w := schedule.Window{Days: 14, MaxAge: lastReading, Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}}
	s := registry.New(client(t, h), registry.Options{}, w)
	read := 0
	for range 30 { // of four that are asked at once, any three are answered
		left.Store(3)
		c, err := s.Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n := len(people(c)); n < read {
			t.Errorf("%d doctors, then %d", read, n)
		}
		read = len(people(c))
	}
	if read != 10 {
		t.Errorf("%d doctors after 30 readings, want 10", read)
	}
}
