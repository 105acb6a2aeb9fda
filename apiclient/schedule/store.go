package schedule

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
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
	Log     *slog.Logger
	Changed func() // called after each refresh, also a failed one, from Run's goroutine; must not block; may be nil

	mu     sync.RWMutex
	latest *Catalogue
	failed bool
}

// Run refreshes until ctx ends. After a failure it tries again sooner.
func (s *Store) Run(ctx context.Context) {
	pause := time.Second
	for {
		if err := s.Load(ctx); err != nil {
			if ctx.Err() != nil {
				return
			}
			s.Log.Warn("the timetable could not be read", "error", err)
			pause = min(pause*2, s.Refresh)
		} else {
			pause = s.Refresh
		}
		if s.Changed != nil {
			s.Changed()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// Load reads the catalogue once.
func (s *Store) Load(ctx context.Context) error {
	c, err := s.Source.Catalogue(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = err != nil
	if err == nil {
		s.latest = c
	}
	return err
}

// Snapshot is the newest catalogue: with ErrStale beside it where it is too old to be believed, or nil and ErrNotLoaded. A catalogue that was
// never read although it was tried is stale too.
func (s *Store) Snapshot(now time.Time) (*Catalogue, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.latest == nil {
		if s.failed {
			return nil, ErrStale
		}
		return nil, ErrNotLoaded
	}
	if now.Sub(s.latest.LoadedAt) > max(staleAtLeast, staleAfter*s.Refresh) {
		return s.latest, ErrStale
	}
	return s.latest, nil
}

// RefreshDoctor reads one doctor's cells anew and puts them into the catalogue.
func (s *Store) RefreshDoctor(ctx context.Context, doctor uuid.UUID) error {
	fresh, err := s.Source.Cells(ctx, doctor)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.latest != nil {
		s.latest = s.latest.WithDoctor(doctor, fresh)
	}
	return nil
}
