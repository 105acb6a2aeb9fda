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

// ErrNotLoaded says that no catalogue has been read yet.
var ErrNotLoaded = errors.New("schedule: the timetable is not loaded yet")

// ErrStale says that the catalogue is older than may be believed.
var ErrStale = errors.New("schedule: the timetable is too old")

// staleAfter is how many refreshes may fail before a catalogue is no longer believed; and never sooner than staleAtLeast.
const (
	staleAfter   = 10
	staleAtLeast = 5 * time.Minute
)

// Store keeps the newest catalogue and reads it again in the background. A refresh that fails keeps the old one, which grows old.
type Store struct {
	Source  Source
	Refresh time.Duration
	MaxAge  time.Duration // how old a catalogue may be; 0: ten refreshes, at least five minutes
	Log     *slog.Logger
	Changed func() // called after each refresh, also a failed one, from Run's goroutine; must not block; may be nil

	mu     sync.RWMutex
	latest *Catalogue
	err    error                   // of the last refresh
	gone   map[uuid.UUID]time.Time // cells that are known to have been taken, and when that was known
}

// firstRetry is how soon after a failure the timetable is read again; the pauses double from there up to the usual one.
const firstRetry = 2 * time.Second

// Run refreshes until ctx ends, at intervals that differ by up to a tenth, so that the terminals of a clinic do not ask all at once. After a failure it
// tries again sooner, but not before the instant that a busy registry names.
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

// busyFor is how long the registry has asked to be left alone.
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
	if (s.latest == nil || !slices.Equal(s.latest.Dropped, c.Dropped)) && len(c.Dropped) > 0 {
		s.Log.Warn("a part of the timetable cannot be offered", "dropped", c.Dropped)
	}
	s.latest = s.withoutGone(c)
	return nil
}

// Err is what the last refresh failed with; nil: it did not, or there was none.
func (s *Store) Err() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.err
}

// Snapshot is the newest catalogue: with ErrStale beside it where it is too old to be believed, or nil and ErrNotLoaded. A catalogue that was
// never read although it was tried is stale too.
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

// RefreshDoctor reads one doctor's cells anew and puts them into the catalogue.
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
	s.latest = s.latest.WithDoctor(doctor, s.stillThere(fresh.Cells, fresh.AsOf))
	return nil
}

// Gone takes a cell out of the catalogue because the registry has just reserved it, or has called it taken. It stays out until the source is known to
// have looked later than that: a document that was written before would offer it again.
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

// withoutGone is a catalogue without the cells that went after it was known. What went before is forgotten. The caller holds the lock.
func (s *Store) withoutGone(c *Catalogue) *Catalogue {
	maps.DeleteFunc(s.gone, func(_ uuid.UUID, at time.Time) bool { return c.AsOf.After(at) })
	if len(s.gone) == 0 {
		return c
	}
	for doctor, list := range c.cells {
		if left := s.stillThere(list, c.AsOf); len(left) < len(list) {
			c = c.WithDoctor(doctor, left)
		}
	}
	return c
}

// stillThere are the cells that have not gone since an instant. The caller holds the lock.
func (s *Store) stillThere(cells []Cell, asOf time.Time) []Cell {
	gone := func(c Cell) bool {
		at, ok := s.gone[c.GUID]
		return ok && !asOf.After(at)
	}
	if !slices.ContainsFunc(cells, gone) {
		return cells
	}
	return slices.DeleteFunc(slices.Clone(cells), gone)
}
