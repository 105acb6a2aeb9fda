package health_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/health"
)

// world answers looks as it is told.
type world struct {
	mu       sync.Mutex
	findings map[string]health.Finding
	levels   []health.Level
	services []kiosk.Service
}

func (w *world) set(name string, f health.Finding) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.findings[name] = f
}

func (w *world) part(name string, unasked health.Finding) health.Part {
	return health.Part{Name: name, Every: 10 * time.Second, Within: 5 * time.Second, Unasked: unasked, Check: func(context.Context) health.Finding {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.findings[name]
	}}
}

func (w *world) changed(s health.Snapshot, _ health.Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.levels, w.services = append(w.levels, s.Level), append(w.services, s.Service)
}

var (
	silent = health.Finding{State: health.Down, Reason: "silent", NoPaper: true}
	stale  = health.Finding{State: health.Down, Reason: "stale", Closes: kiosk.ReasonTimetable}
)

func TestTheTerminalsOwnState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{findings: map[string]health.Finding{"timetable": health.Fine, "printer": silent}}
		s := &health.Supervisor{Changed: w.changed}
		s.Parts = []health.Part{w.part("timetable", health.Finding{Closes: kiosk.ReasonStarting}), w.part("printer", health.Finding{})}
		if now := s.Snapshot(); now.Level != health.OutOfService || now.Service.Down != kiosk.ReasonStarting || now.Parts[0].State != health.Unknown {
			t.Errorf("before the first look: %+v", now)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { s.Run(ctx); close(ended) }()
		see := func(when string, want health.Level) {
			synctest.Wait()
			if now := s.Snapshot(); now.Level != want {
				t.Errorf("%s: %v, want %v: %+v", when, now.Level, want, now.Parts)
			}
		}
		see("no paper", health.Limited)
		w.set("printer", health.Fine)
		see("before anybody has looked", health.Limited)
		s.Poke("printer")
		see("poked", health.InService)
		w.set("timetable", stale)
		time.Sleep(11 * time.Second)
		see("an old timetable", health.OutOfService)
		w.set("timetable", health.Fine)
		time.Sleep(11 * time.Second)
		see("it heals by itself", health.InService)
		cancel()
		<-ended
		if want := (kiosk.Service{Down: kiosk.ReasonTimetable}); !slices.Contains(w.services, want) {
			t.Errorf("told %+v", w.services)
		}
		if now := s.Snapshot(); now.Parts[0].Since.IsZero() || now.Parts[0].Checked.IsZero() {
			t.Errorf("%+v", now.Parts[0])
		}
	})
}

func TestALookThatHangsOrPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{findings: map[string]health.Finding{}}
		var caught []kiosk.Panic
		free := make(chan struct{})
		s := &health.Supervisor{Changed: w.changed, Panicked: func(p kiosk.Panic) { caught = append(caught, p) }, Parts: []health.Part{
			{Name: "hangs", Every: time.Hour, Within: time.Second, Check: func(context.Context) health.Finding { <-free; return health.Fine }},
			{Name: "panics", Every: time.Hour, Within: time.Second, Check: func(context.Context) health.Finding { panic("here") }},
		}}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { s.Run(ctx); close(ended) }()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		for _, p := range s.Snapshot().Parts {
			if p.State != health.Down {
				t.Errorf("%s: %v", p.Part, p.State)
			}
		}
		if len(caught) != 1 || caught[0].Where != "watch over panics" {
			t.Errorf("caught %+v", caught)
		}
		cancel()
		<-ended
		close(free)
	})
}

func TestTheWatchdogIsFedOnlyWhileEverythingBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fed, questions atomic.Int64
		var stalled []string
		var hanging atomic.Bool
		w := &health.Watchdog{Every: time.Second, Feed: func() error { fed.Add(1); return nil }, Stalled: func(names []string) { stalled = append(stalled, names...) }}
		w.Sources = []health.Source{
			{Name: "machine", Limit: 10 * time.Second},
			{Name: "screen", Limit: 5 * time.Second, Ask: func(beat func()) {
				if questions.Add(1); !hanging.Load() {
					beat()
				}
			}},
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.Run(ctx); close(ended) }()
		for range 30 {
			time.Sleep(time.Second)
			w.Beat("machine")
		}
		synctest.Wait()
		if fed.Load() < 29 || len(stalled) != 0 {
			t.Errorf("fed %d times, stalled %v", fed.Load(), stalled)
		}
		hanging.Store(true)
		asked := questions.Load()
		for range 30 {
			time.Sleep(time.Second)
			w.Beat("machine")
		}
		synctest.Wait()
		if fed.Load() > 38 || !slices.Equal(stalled, []string{"screen"}) || questions.Load() > asked+1 {
			t.Errorf("the screen hangs: fed %d times, stalled %v, %d questions more", fed.Load(), stalled, questions.Load()-asked)
		}
		cancel()
		<-ended
	})
}

func TestTheWallClockIsSet(t *testing.T) {
	var w health.WallClock
	start := time.Now()
	for i, c := range []struct{ wall, uptime, want time.Duration }{
		{0, time.Hour, 0},
		{10 * time.Second, time.Hour + 10*time.Second, 0},
		{20*time.Second - time.Hour, time.Hour + 20*time.Second, -time.Hour},
		{30*time.Second - time.Hour, time.Hour + 30*time.Second, 0},
		{9 * time.Hour, 11*time.Hour + 30*time.Second, -30 * time.Second}, // ten hours of sleep, and a wall clock that is half a minute late
	} {
		if got := w.Jumped(start.Add(c.wall), c.uptime); got != c.want {
			t.Errorf("look %d: %v, want %v", i, got, c.want)
		}
	}
}

func TestDiskFree(t *testing.T) {
	if free, err := health.DiskFree(t.TempDir()); err == nil && free == 0 {
		t.Error("there is no room for tests")
	}
	if _, err := health.DiskFree("/no/such/folder"); err == nil {
		t.Error("a folder that is not there has room")
	}
}
