package schedule_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// slow is a source whose reading takes a while.
type slow struct {
	parts
	takes time.Duration
}

func (s *slow) Catalogue(ctx context.Context) (*schedule.Catalogue, error) {
	s.AsOf = time.Now()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(s.takes):
		return s.parts.Catalogue(ctx)
	}
}

// A timetable whose reading takes longer than the maximum age is open from the end of the first reading on.
func TestASlowReadingIsNotStaleWhenItIsWhole(t *testing.T) {
	for _, maxAge := range []time.Duration{0, 5 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			s := &schedule.Store{Source: &slow{takes: 6 * time.Minute}, Refresh: 30 * time.Second, MaxAge: maxAge}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go s.Run(ctx)
			time.Sleep(6*time.Minute + time.Second)
			for range 60 {
				if _, err := s.Snapshot(time.Now()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
			}
		})
	}
}

// A source that never ends does not hold up the next reading for ever.
func TestAReadingEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &schedule.Store{Source: &slow{takes: 1000 * time.Hour}}
		began := time.Now()
		if err := s.Load(t.Context()); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > time.Hour {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// The zero value of every setting of a store works: it needs no log, and it does not read without a pause.
func TestAStoreWithoutSettings(t *testing.T) {
	for _, source := range []*timed{{}, {err: errors.New("down")}, {dropped: true}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			s := &schedule.Store{Source: source}
			s.Run(ctx)
			if n := len(source.asked); n < 50 || n > 80 {
				t.Errorf("asked %d times in an hour", n)
			}
		})
	}
}

// The pause that a busy registry asked for counts also after a reading in which other parts came.
func TestABusyPartIsLeftAloneToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &tallied{parts: parts{schedule.Parts{RetryAfter: 10 * time.Minute}}}
		ctx, cancel := context.WithTimeout(t.Context(), 59*time.Minute)
		defer cancel()
		(&schedule.Store{Source: source}).Run(ctx)
		if source.n != 6 {
			t.Errorf("asked %d times in an hour", source.n)
		}
	})
}

// tallied is a source of parts that counts its readings.
type tallied struct {
	parts
	n int
}

func (c *tallied) Catalogue(ctx context.Context) (*schedule.Catalogue, error) {
	c.n++
	return c.parts.Catalogue(ctx)
}

// twoDoctors is a source in which one doctor's cells are of an earlier reading.
func twoDoctors(asOf, read time.Time) (p *parts, fresh, old schedule.Doctor) {
	fresh, old = doctorOf("fresh", "1"), doctorOf("old", "1")
	return &parts{schedule.Parts{
		AsOf: asOf, Doctors: []schedule.Doctor{fresh, old}, Read: map[uuid.UUID]time.Time{old.GUID: read},
		Cells: cellsOf{
			fresh.GUID: {cellOf(monday.Add(time.Hour))}, old.GUID: {cellOf(monday.Add(2 * time.Hour))},
		},
	}}, fresh, old
}

// A part that is too old is not offered, also between two readings; the others are, until all are too old.
func TestEachPartGrowsOld(t *testing.T) {
	p, fresh, old := twoDoctors(monday, monday.Add(-30*time.Minute))
	s := &schedule.Store{Source: p, MaxAge: time.Hour}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after        time.Duration
		doctors      int
		offersOld    bool
		offeredFresh error
	}{
		{29 * time.Minute, 2, true, nil}, {32 * time.Minute, 1, false, nil}, {61 * time.Minute, 0, false, schedule.ErrStale},
	} {
		k, err := s.Snapshot(monday.Add(c.after))
		if !errors.Is(err, c.offeredFresh) {
			t.Fatalf("after %v: %v", c.after, err)
		}
		if err != nil {
			continue
		}
		doctors, _ := k.Count(monday)
		if doctors != c.doctors || len(k.Doctors("1", apiclient.Adult, monday)) != c.doctors ||
			len(k.Cells(old.GUID, monday)) > 0 != c.offersOld || len(k.Cells(fresh.GUID, monday)) != 1 {
			t.Errorf("after %v: %d doctors, old: %v", c.after, doctors, k.Cells(old.GUID, monday))
		}
	}
}

// If all parts are older than the catalogue, the timetable closes when the last of them is too old.
func TestNothingIsLeftOfOldParts(t *testing.T) {
	p, fresh, _ := twoDoctors(monday, monday.Add(-30*time.Minute))
	p.Read[fresh.GUID] = monday.Add(-20 * time.Minute)
	s := &schedule.Store{Source: p, MaxAge: time.Hour}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]error{39 * time.Minute: nil, 42 * time.Minute: schedule.ErrStale} {
		if _, err := s.Snapshot(monday.Add(after)); !errors.Is(err, want) {
			t.Errorf("after %v: %v, want %v", after, err, want)
		}
	}
}

// A cell that has gone is not offered again by an old part of a new catalogue, nor after it by a later one.
func TestACellThatIsGoneStaysOutOfOldParts(t *testing.T) {
	p, fresh, old := twoDoctors(monday, monday)
	s := &schedule.Store{Source: p, MaxAge: 10 * time.Hour}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Gone(p.Parts.Cells[old.GUID][0].GUID, monday.Add(time.Minute))
	s.Gone(p.Parts.Cells[fresh.GUID][0].GUID, monday.Add(time.Minute))
	for _, c := range []struct {
		asOf, read time.Duration // after monday
		free       [2]int        // at the fresh doctor and at the old one
	}{
		{2 * time.Minute, 0, [2]int{1, 0}},
		{4 * time.Minute, 30 * time.Second, [2]int{1, 0}},
		{6 * time.Minute, 5 * time.Minute, [2]int{1, 1}},
	} {
		p.AsOf, p.Read = monday.Add(c.asOf), map[uuid.UUID]time.Time{old.GUID: monday.Add(c.read)}
		if err := s.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		k, err := s.Snapshot(p.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]int{len(k.Cells(fresh.GUID, monday)), len(k.Cells(old.GUID, monday))}; got != c.free {
			t.Errorf("read after %v, the old part after %v: %v free, want %v", c.asOf, c.read, got, c.free)
		}
	}
}

// One doctor who is read again has the age of that reading, and an older reading does not replace it.
func TestOneDoctorHasHisOwnAge(t *testing.T) {
	p, _, old := twoDoctors(monday, monday.Add(-50*time.Minute))
	s := &schedule.Store{Source: p, MaxAge: time.Hour}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.AsOf = monday.Add(time.Minute)
	if err := s.RefreshDoctor(t.Context(), old.GUID); err != nil {
		t.Fatal(err)
	}
	k, err := s.Snapshot(monday.Add(30 * time.Minute))
	if err != nil || len(k.Cells(old.GUID, monday)) != 1 || !k.ReadAt(old.GUID).Equal(p.AsOf) {
		t.Errorf("%v, read at %v", err, k.ReadAt(old.GUID))
	}
	p.AsOf, p.Parts.Cells = monday.Add(30*time.Second), nil
	if err := s.RefreshDoctor(t.Context(), old.GUID); err != nil {
		t.Fatal(err)
	}
	if k, _ := s.Snapshot(monday); len(k.Cells(old.GUID, monday)) != 1 {
		t.Error("an older reading has replaced a newer one")
	}
}

// A Store without a source has an error for every question, and never a timetable.
func TestAStoreWithoutASource(t *testing.T) {
	s := &schedule.Store{}
	if err := s.Load(t.Context()); !errors.Is(err, schedule.ErrNoSource) {
		t.Error(err)
	}
	if err := s.RefreshDoctor(t.Context(), uuid.New()); !errors.Is(err, schedule.ErrNoSource) {
		t.Error(err)
	}
	s.Gone(uuid.New(), time.Now())
	if c, err := s.Snapshot(time.Now()); c != nil || err == nil {
		t.Errorf("%v, %v", c, err)
	}
}
