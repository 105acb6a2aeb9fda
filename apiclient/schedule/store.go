package schedule

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// ErrNotLoaded is returned if no catalogue was read yet.
var ErrNotLoaded = errors.New("schedule: the timetable is not loaded yet")

// ErrStale is returned if the catalogue is too old.
var ErrStale = errors.New("schedule: the timetable is too old")

// A catalogue is stale after staleAfter failed refreshes, but not before staleAtLeast.
const (
	staleAfter   = 10
	staleAtLeast = 5 * time.Minute
)

// MaxAge returns for how long a timetable is offered that is read at an interval.
func MaxAge(refresh time.Duration) time.Duration { return max(staleAtLeast, staleAfter*refresh) }

// defaultRefresh is the interval of a Store that names none.
const defaultRefresh = time.Minute

// loadWithin bounds one reading. A clinic of 500 doctors with 6 s a request takes 13 minutes.
const loadWithin = 20 * time.Minute

// Store keeps the newest catalogue and refreshes it in the background. If a refresh fails, the old
// catalogue remains and grows old.
type Store struct {
	Source  Source
	Refresh time.Duration // 0: a minute
	MaxAge  time.Duration // maximum age of a catalogue and of its parts; 0: MaxAge(Refresh)
	Log     *slog.Logger  // nil: none
	Changed func()        // called by Run after each refresh, also a failed one; must not block; may be nil

	mu     sync.RWMutex
	latest *Catalogue
	took   time.Duration           // duration of the reading of latest
	err    error                   // of the last refresh
	gone   map[uuid.UUID]time.Time // when each taken cell was known to be taken
}

// firstRetry is the pause after a failure. The pause doubles with each failure, up to Refresh.
const firstRetry = 2 * time.Second

// Run refreshes until ctx ends, with a jitter of up to a tenth, so that the terminals of a clinic do not
// ask at the same time. After a failure it retries with backoff, but not before the time that a busy
// registry names.
func (s *Store) Run(ctx context.Context) {
	failed := firstRetry
	for {
		pause := s.refresh()
		if err := s.Load(ctx); err != nil {
			if ctx.Err() != nil {
				return
			}
			s.log().Warn("the timetable could not be read", "error", err)
			pause = min(failed, s.refresh())
			failed = 2 * pause
		} else {
			failed = firstRetry
		}
		if s.Changed != nil {
			s.Changed()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(s.busyFor(), jitter(pause))):
		}
	}
}

func jitter(d time.Duration) time.Duration { return d - d/10 + rand.N(d/5+1) }

func (s *Store) refresh() time.Duration {
	if s.Refresh > 0 {
		return s.Refresh
	}
	return defaultRefresh
}

func (s *Store) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

// busyFor returns how long a busy registry asked to wait in the last reading.
func (s *Store) busyFor() time.Duration {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var busy *apiclient.BusyError
	switch {
	case errors.As(s.err, &busy):
		return busy.RetryAfter
	case s.err == nil && s.latest != nil:
		return s.latest.RetryAfter
	}
	return 0
}

// Load reads the catalogue once, in bounded time.
func (s *Store) Load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, loadWithin)
	defer cancel()
	began := time.Now()
	c, err := s.Source.Catalogue(ctx)
	took := time.Since(began)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	if err != nil {
		return err
	}
	if len(c.Dropped) > 0 && (s.latest == nil || !slices.EqualFunc(s.latest.Dropped, c.Dropped, sameCount)) {
		s.log().Warn("a part of the timetable is not offered", "dropped", c.Dropped)
	}
	s.latest, s.took = s.withoutGone(c), took
	return nil
}

// sameCount compares what is logged once: places and causes may change with each reading.
func sameCount(a, b Dropped) bool { return a.Reason == b.Reason && a.Count == b.Count }

// Err returns the error of the last refresh, or nil.
func (s *Store) Err() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.err
}

// Snapshot returns the newest catalogue, without the doctors whose cells are too old. It returns ErrStale
// with it if it is too old as a whole, or if no doctor is left. Without a catalogue it returns ErrStale if a
// refresh has failed, and else ErrNotLoaded.
func (s *Store) Snapshot(now time.Time) (*Catalogue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.latest == nil {
		if s.err != nil {
			return nil, ErrStale
		}
		return nil, ErrNotLoaded
	}
	since := now.Add(-s.limit())
	if s.latest.AsOf.Before(since) {
		return s.latest, ErrStale
	}
	young := s.latest.since(since)
	if len(young.people) == 0 && len(s.latest.people) > 0 {
		return s.latest, ErrStale
	}
	s.latest = young
	return young, nil
}

// limit returns the maximum age of what is offered. The age of a catalogue counts from the beginning of its
// reading, and it is replaced at the end of the next one, so the duration of both is added: a timetable that
// takes longer than the maximum age would never be offered. The caller holds the lock.
func (s *Store) limit() time.Duration {
	if s.MaxAge > 0 {
		return s.MaxAge + 2*s.took
	}
	return MaxAge(s.refresh()) + 2*s.took
}

// RefreshDoctor reads one doctor's cells again and puts them into the catalogue.
func (s *Store) RefreshDoctor(ctx context.Context, doctor uuid.UUID) error {
	fresh, err := s.Source.Cells(ctx, doctor)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.latest == nil || fresh.AsOf.Before(s.latest.ReadAt(doctor)) {
		return nil
	}
	s.latest = s.latest.WithDoctor(doctor, s.stillFree(fresh))
	return nil
}

// Gone removes a cell that the registry has just reserved or called taken. The cell stays out until its
// doctor has been read later than at: an older document would offer it again.
func (s *Store) Gone(cell uuid.UUID, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone == nil {
		s.gone = map[uuid.UUID]time.Time{}
	}
	s.gone[cell] = at
	if s.latest != nil {
		s.latest = s.withoutGone(s.latest)
	}
}

// withoutGone returns the catalogue without the gone cells, and forgets those that went before every part of
// the catalogue was read. The caller holds the lock.
func (s *Store) withoutGone(c *Catalogue) *Catalogue {
	maps.DeleteFunc(s.gone, func(_ uuid.UUID, at time.Time) bool { return c.oldest.After(at) })
	if len(s.gone) == 0 {
		return c
	}
	whole := c
	for doctor := range whole.cells {
		r := whole.Reading(doctor)
		if left := s.stillFree(r); len(left.Cells) < len(r.Cells) {
			c = c.WithDoctor(doctor, left)
		}
	}
	return c
}

// stillFree returns a reading without the cells that have gone since. The caller holds the lock.
func (s *Store) stillFree(r Reading) Reading {
	gone := func(c Cell) bool {
		at, ok := s.gone[c.GUID]
		return ok && !r.AsOf.After(at)
	}
	if slices.ContainsFunc(r.Cells, gone) {
		r.Cells = slices.DeleteFunc(slices.Clone(r.Cells), gone)
	}
	return r
}
