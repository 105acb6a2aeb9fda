package schedule_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

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
