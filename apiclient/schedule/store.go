package schedule

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"reflect"
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

// Store keeps the newest catalogue and refreshes it in the background. If a refresh fails, the old
// catalogue remains and grows old.
type Store struct {
	Source  Source
	Refresh time.Duration
	MaxAge  time.Duration // maximum age of a catalogue; 0: ten refreshes, at least five minutes
	Log     *slog.Logger
	Changed func() // called by Run after each refresh, also a failed one; must not block; may be nil

	mu     sync.RWMutex
	latest *Catalogue
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
		pause := s.Refresh
		if err := s.Load(ctx); err != nil {
			if ctx.Err() != nil {
				return
			}
			s.Log.Warn("the timetable could not be read", "error", err)
			pause = min(failed, s.Refresh)
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

// busyFor returns how long a busy registry asked to wait.
func (s *Store) busyFor() time.Duration {
	var busy *apiclient.BusyError
	if errors.As(s.Err(), &busy) {
		return busy.RetryAfter
	}
	return 0
}

// Load reads the catalogue once.
func (s *Store) Load(ctx context.Context) error {
	c, err := s.Source.Catalogue(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	if err != nil {
		return err
	}
	if (s.latest == nil || !reflect.DeepEqual(s.latest.Dropped, c.Dropped)) && len(c.Dropped) > 0 {
		s.Log.Warn("a part of the timetable is not offered", "dropped", c.Dropped)
	}
	s.latest = s.withoutGone(c)
	return nil
}

// Err returns the error of the last refresh, or nil.
func (s *Store) Err() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.err
}

// Snapshot returns the newest catalogue. It returns ErrStale with it if it is too old. Without a catalogue
// it returns ErrStale if a refresh has failed, and else ErrNotLoaded.
func (s *Store) Snapshot(now time.Time) (*Catalogue, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.latest == nil {
		if s.err != nil {
			return nil, ErrStale
		}
		return nil, ErrNotLoaded
	}
	if now.Sub(s.latest.AsOf) > s.maxAge() {
		return s.latest, ErrStale
	}
	return s.latest, nil
}

func (s *Store) maxAge() time.Duration {
	if s.MaxAge > 0 {
		return s.MaxAge
	}
	return max(staleAtLeast, staleAfter*s.Refresh)
}

// RefreshDoctor reads one doctor's cells again and puts them into the catalogue.
func (s *Store) RefreshDoctor(ctx context.Context, doctor uuid.UUID) error {
	fresh, err := s.Source.Cells(ctx, doctor)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.latest == nil {
		return nil
	}
	s.latest = s.latest.WithDoctor(doctor, s.stillFree(fresh.Cells, fresh.AsOf))
	return nil
}

// Gone removes a cell that the registry has just reserved or called taken. The cell stays out until the
// source has been read later than at: an older document would offer it again.
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

// withoutGone returns the catalogue without the gone cells, and forgets those that went before the
// catalogue was read. The caller holds the lock.
func (s *Store) withoutGone(c *Catalogue) *Catalogue {
	maps.DeleteFunc(s.gone, func(_ uuid.UUID, at time.Time) bool { return c.AsOf.After(at) })
	if len(s.gone) == 0 {
		return c
	}
	for doctor, list := range c.cells {
		if left := s.stillFree(list, c.AsOf); len(left) < len(list) {
			c = c.WithDoctor(doctor, left)
		}
	}
	return c
}

// stillFree returns the cells that have not gone since asOf. The caller holds the lock.
func (s *Store) stillFree(cells []Cell, asOf time.Time) []Cell {
	gone := func(c Cell) bool {
		at, ok := s.gone[c.GUID]
		return ok && !asOf.After(at)
	}
	if !slices.ContainsFunc(cells, gone) {
		return cells
	}
	return slices.DeleteFunc(slices.Clone(cells), gone)
}
