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
	findings map[health.Part]string
	looks    map[health.Part]int
	modes    []health.Mode
	services []kiosk.Service
	parts    []health.Status
}

func newWorld(kinds map[health.Part]string) *world {
	return &world{findings: kinds, looks: map[health.Part]int{}}
}

func (w *world) set(part health.Part, kind string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.findings[part] = kind
}

func (w *world) looked(part health.Part) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.looks[part]
}

func (w *world) part(part health.Part) health.Watched {
	return health.Watched{
		Part: part, Every: 10 * time.Second, Within: 5 * time.Second,
		Check: func(context.Context) health.Finding {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.looks[part]++
			return health.New(part, w.findings[part])
		},
	}
}

func (w *world) changed(s health.Snapshot, p health.Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.modes, w.services, w.parts = append(w.modes, s.Mode), append(w.services, s.Service), append(w.parts, p)
}

// run runs a supervisor until the test calls stop.
func run(t *testing.T, s *health.Supervisor) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	synctest.Wait()
	return func() { cancel(); <-ended }
}

func TestTheTerminalsOwnState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(map[health.Part]string{health.PartTimetable: "ok", health.PartPrinter: "silent"})
		s := &health.Supervisor{Changed: w.changed}
		timetable := w.part(health.PartTimetable)
		timetable.Unasked = health.New(health.PartTimetable, "loading")
		s.Parts = []health.Watched{timetable, w.part(health.PartPrinter)}
		now := s.Snapshot()
		if now.Mode != health.OutOfService || now.Service.Down != kiosk.ReasonStarting || now.Parts[0].Kind != "loading" ||
			!now.Parts[0].Checked.IsZero() {
			t.Errorf("before the first look: %+v", now)
		}
		if p := now.Parts[1]; p.Kind != health.KindUnchecked || p.Level != health.Skipped || p.Part != health.PartPrinter {
			t.Errorf("before the first look: %+v", p)
		}
		stop := run(t, s)
		see := func(when string, want health.Mode) {
			synctest.Wait()
			if now := s.Snapshot(); now.Mode != want {
				t.Errorf("%s: %v, want %v: %+v", when, now.Mode, want, now.Parts)
			}
		}
		see("no paper", health.Limited)
		limited := s.Snapshot().Since
		w.set(health.PartPrinter, "ok")
		see("before anybody has looked", health.Limited)
		time.Sleep(time.Second)
		s.Poke(health.PartPrinter)
		see("poked", health.InService)
		if now := s.Snapshot(); !now.Since.After(limited) {
			t.Errorf("in service since %v", now.Since)
		}
		if w.looked(health.PartTimetable) != 1 {
			t.Error("a part was looked at that nobody asked for")
		}
		s.Poke()
		synctest.Wait()
		if w.looked(health.PartTimetable) != 2 || w.looked(health.PartPrinter) != 3 {
			t.Error("not all parts were looked at")
		}
		w.set(health.PartTimetable, "stale")
		time.Sleep(11 * time.Second)
		see("an old timetable", health.OutOfService)
		since := s.Snapshot().Since
		w.set(health.PartPrinter, "out")
		time.Sleep(11 * time.Second)
		if now := s.Snapshot(); now.Since != since || !now.Service.NoPaper || now.Service.Down != kiosk.ReasonTimetable {
			t.Errorf("no paper either: %+v", now)
		}
		w.set(health.PartTimetable, "ok")
		w.set(health.PartPrinter, "ok")
		time.Sleep(21 * time.Second)
		see("it heals by itself", health.InService)
		stop()
		if want := (kiosk.Service{Down: kiosk.ReasonTimetable}); !slices.Contains(w.services, want) {
			t.Errorf("told %+v", w.services)
		}
		if now := s.Snapshot(); now.Parts[0].Since.IsZero() || now.Parts[0].Checked.IsZero() || now.Parts[0].At.IsZero() {
			t.Errorf("%+v", now.Parts[0])
		}
		now = s.Snapshot()
		now.Parts[0].Kind = "changed by the caller"
		if s.Snapshot().Parts[0].Kind != "ok" {
			t.Error("a caller can change what is believed")
		}
	})
}

// A failed append closes booking at once and stays, although each look in flight at that moment says that all is well;
// the first look that began after it opens booking again.
func TestAReportStaysUntilALookProvesTheOpposite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(map[health.Part]string{health.PartJournal: "writable"})
		s := &health.Supervisor{Changed: w.changed}
		var slow atomic.Int64
		p := w.part(health.PartJournal)
		check := p.Check
		p.Check = func(ctx context.Context) health.Finding {
			f := check(ctx)
			time.Sleep(time.Duration(slow.Load()))
			return f
		}
		s.Parts = []health.Watched{p}
		s.Report(health.New(health.PartJournal, "unwritable"))
		s.Report(health.New(health.PartPrinter, "out")) // is not watched
		if now := s.Snapshot(); now.Service != (kiosk.Service{Down: kiosk.ReasonJournal}) || now.Mode != health.OutOfService {
			t.Errorf("before the first look: %+v", now)
		}
		time.Sleep(time.Second)
		stop := run(t, s)
		if now := s.Snapshot(); now.Mode != health.InService {
			t.Errorf("the first look proves the opposite: %+v", now)
		}
		time.Sleep(20 * time.Minute) // the recovery is long ago
		slow.Store(int64(3 * time.Second))
		s.Poke()
		synctest.Wait() // a look is in flight
		time.Sleep(time.Second)
		s.Report(health.New(health.PartJournal, "unwritable"))
		if now := s.Snapshot(); now.Service.Down != kiosk.ReasonJournal {
			t.Errorf("a failed append does not close booking: %+v", now)
		}
		w.set(health.PartJournal, "unwritable")
		looks := w.looked(health.PartJournal)
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		if now := s.Snapshot(); now.Service.Down != kiosk.ReasonJournal {
			t.Errorf("a look that began before the failure has opened booking: %+v", now)
		}
		if w.looked(health.PartJournal) != looks+1 {
			t.Error("it was not looked at again at once")
		}
		for range 10 {
			time.Sleep(10 * time.Second)
			if now := s.Snapshot(); now.Service.Down != kiosk.ReasonJournal {
				t.Errorf("booking has opened although nothing can be written: %+v", now)
			}
		}
		w.set(health.PartJournal, "writable")
		time.Sleep(20 * time.Second)
		if now := s.Snapshot(); now.Mode != health.InService {
			t.Errorf("it does not heal: %+v", now)
		}
		stop()
	})
}

// A look that hangs for hours is one goroutine, is told, and counts when it returns.
func TestALookThatHangsIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(map[health.Part]string{health.PartDisk: "ok"})
		var inFlight, most, begun atomic.Int64
		free := make(chan struct{})
		hanging := health.Watched{
			Part: health.PartPrinter, Every: 10 * time.Second, Within: time.Second, Check: func(context.Context) health.Finding {
				begun.Add(1)
				if n := inFlight.Add(1); n > most.Load() {
					most.Store(n)
				}
				defer inFlight.Add(-1)
				<-free
				return health.New(health.PartPrinter, "ok")
			},
		}
		s := &health.Supervisor{Changed: w.changed, Parts: []health.Watched{hanging, w.part(health.PartDisk)}}
		stop := run(t, s)
		time.Sleep(1500 * time.Millisecond)
		if p := s.Snapshot().Parts[0]; p.Kind != health.KindUnchecked {
			t.Errorf("before its time is over: %+v", p)
		}
		for range 18 {
			time.Sleep(10 * time.Minute) // three hours
			s.Poke()
			s.Report(health.New(health.PartPrinter, "out"))
		}
		synctest.Wait()
		if begun.Load() != 1 || most.Load() != 1 {
			t.Errorf("%d looks were begun, %d at once", begun.Load(), most.Load())
		}
		if w.looked(health.PartDisk) < 1000 {
			t.Error("the other parts are not looked at any more")
		}
		if p := w.parts[slices.IndexFunc(w.parts,
			func(p health.Status) bool { return p.Part == health.PartPrinter })]; p.Kind != health.KindNoAnswer ||
			p.Level != health.Failure || !p.NoPaper || p.Detail == "" {
			t.Errorf("it was told as %+v", p)
		}
		if p := s.Snapshot().Parts[0]; p.Kind != "out" {
			t.Errorf("a report about a part that hangs is lost: %+v", p)
		}
		time.Sleep(time.Second)
		close(free)
		synctest.Wait()
		if p := s.Snapshot().Parts[0]; p.Kind != "ok" || begun.Load() != 2 {
			t.Errorf("after it has returned: %+v, %d looks", p, begun.Load())
		}
		stop()
	})
}

// What a late look returns counts, where nothing else was heard since.
func TestALateReturnCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var looks atomic.Int64
		s := &health.Supervisor{Changed: func(health.Snapshot, health.Status) {}, Parts: []health.Watched{{
			Part: health.PartRegistry, Every: time.Hour, Within: time.Second, Tolerate: 1,
			Check: func(ctx context.Context) health.Finding {
				looks.Add(1)
				<-ctx.Done()
				if time.Sleep(5 * time.Second); looks.Load() > 1 {
					return health.New(health.PartRegistry, "no_line")
				}
				return health.New(health.PartRegistry, "ok")
			},
		}}}
		stop := run(t, s)
		time.Sleep(3 * time.Second)
		if p := s.Snapshot().Parts[0]; p.Kind != health.KindNoAnswer || p.Closes != kiosk.ReasonRegistry {
			t.Errorf("%+v", p)
		}
		time.Sleep(4 * time.Second)
		if p := s.Snapshot().Parts[0]; p.Kind != "ok" || looks.Load() != 1 {
			t.Errorf("%+v after %d looks", p, looks.Load())
		}
		stop()
	})
}

func TestALookThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(nil)
		var caught []kiosk.Panic
		s := &health.Supervisor{
			Changed: w.changed, Panicked: func(p kiosk.Panic) { caught = append(caught, p) },
			Parts: []health.Watched{
				{
					Part: health.PartPrinter, Every: time.Hour, Within: time.Second,
					Check: func(context.Context) health.Finding { panic("here") },
				},
			},
		}
		stop := run(t, s)
		if p := s.Snapshot().Parts[0]; p.Kind != health.KindPanic || !p.NoPaper || p.Level != health.Failure {
			t.Errorf("%+v", p)
		}
		if len(caught) != 1 || caught[0].Where != "watch over printer" {
			t.Errorf("caught %+v", caught)
		}
		stop()
	})
}

// A look that is cut short by the end of the program tells nothing.
func TestTheEndIsNoFinding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(nil)
		s := &health.Supervisor{Changed: w.changed, Parts: []health.Watched{{
			Part: health.PartRegistry, Every: time.Second, Within: time.Minute, Check: func(ctx context.Context) health.Finding {
				<-ctx.Done()
				return health.New(health.PartRegistry, "no_line")
			},
		}}}
		run(t, s)()
		synctest.Wait()
		if len(w.parts) != 0 {
			t.Errorf("told %+v", w.parts)
		}
	})
}

// A bad look that is tolerated is repeated soon, not at the usual interval; one that is never due sooner than that.
func TestDoubtIsLookedIntoSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(map[health.Part]string{health.PartRegistry: "ok"})
		p := w.part(health.PartRegistry)
		p.Every, p.Tolerate = time.Hour, 2
		s := &health.Supervisor{Changed: w.changed, Parts: []health.Watched{p}}
		stop := run(t, s)
		w.set(health.PartRegistry, "no_line")
		s.Poke()
		synctest.Wait()
		if s.Snapshot().Mode != health.InService {
			t.Error("one bad look is believed")
		}
		time.Sleep(6 * time.Second)
		if s.Snapshot().Mode != health.OutOfService || w.looked(health.PartRegistry) != 3 {
			t.Errorf("%v after %d looks", s.Snapshot().Mode, w.looked(health.PartRegistry))
		}
		time.Sleep(time.Minute)
		if w.looked(health.PartRegistry) != 3 {
			t.Errorf("%d looks", w.looked(health.PartRegistry))
		}
		stop()
	})
}

func TestTheWatchdogIsFedOnlyWhileEverythingBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fed, questions atomic.Int64
		var mu sync.Mutex
		var stalled []string
		var hanging atomic.Bool
		w := &health.Watchdog{Every: time.Second, Feed: func() { fed.Add(1) }, Stalled: func(names []string) {
			mu.Lock()
			defer mu.Unlock()
			stalled = append(stalled, names...)
		}}
		w.Sources = []health.Source{
			{Name: "machine", Limit: 10 * time.Second},
			{Name: "screen", Limit: 5 * time.Second, Ask: func(beat func()) {
				if questions.Add(1); !hanging.Load() {
					beat()
				}
			}},
		}
		watch(t, w)
		beat := func(seconds int) {
			for range seconds {
				time.Sleep(time.Second)
				w.Beat("machine")
			}
			synctest.Wait()
		}
		beat(30)
		if fed.Load() < 29 || len(stalled) != 0 {
			t.Errorf("fed %d times, stalled %v", fed.Load(), stalled)
		}
		hanging.Store(true)
		asked := questions.Load()
		beat(30)
		if fed.Load() > 38 || !slices.Equal(stalled, []string{"screen"}) || questions.Load() > asked+1 {
			t.Errorf("the screen hangs: fed %d times, stalled %v, %d questions more", fed.Load(), stalled,
				questions.Load()-asked)
		}
		hanging.Store(false)
		w.Beat("screen")
		before := fed.Load()
		beat(10)
		if fed.Load() < before+9 {
			t.Error("it is not fed although everything beats again")
		}
		hanging.Store(true)
		beat(30)
		if !slices.Equal(stalled, []string{"screen", "screen"}) {
			t.Errorf("the second stall is told as %v", stalled)
		}
	})
}

// watch runs a watchdog until the test ends.
func watch(t *testing.T, w *health.Watchdog) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// The limit is the longest silence that is still fed.
func TestTheWatchdogsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fed atomic.Int64
		w := &health.Watchdog{
			Every: time.Second, Feed: func() { fed.Add(1) }, Stalled: func([]string) {},
			Sources: []health.Source{
				{Name: "machine", Limit: 10 * time.Second},
			},
		}
		watch(t, w)
		time.Sleep(20500 * time.Millisecond)
		if fed.Load() != 11 { // at once, and after 1 to 10 seconds
			t.Errorf("fed %d times", fed.Load())
		}
	})
}

// starting has a longer limit until the program has started.
var starting = []health.Source{{Name: "screen", Limit: 20 * time.Second, Start: 75 * time.Second}}

// A computer that has just been switched on may take long over its first frame. The longer limit ends with the start.
func TestTheWatchdogWaitsForTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stalls atomic.Int64
		w := &health.Watchdog{
			Every: time.Second, Feed: func() {}, Stalled: func([]string) { stalls.Add(1) }, Sources: starting,
		}
		watch(t, w)
		w.Beat("screen") // before the first frame, whose drawing then takes long
		time.Sleep(70 * time.Second)
		if stalls.Load() != 0 {
			t.Error("a start that takes 70 s is ended")
		}
		w.Started() // the beat that was asked for waits behind the frame
		time.Sleep(19 * time.Second)
		if stalls.Load() != 0 {
			t.Error("ended before its limit")
		}
		time.Sleep(3 * time.Second)
		if stalls.Load() != 1 {
			t.Errorf("%d stalls after 22 s of silence", stalls.Load())
		}
	})
}

// A start that never ends is a stall too.
func TestTheWatchdogEndsAnEndlessStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stalls atomic.Int64
		w := &health.Watchdog{
			Every: time.Second, Feed: func() {}, Stalled: func([]string) { stalls.Add(1) }, Sources: starting,
		}
		watch(t, w)
		time.Sleep(78 * time.Second)
		if stalls.Load() != 1 {
			t.Errorf("%d stalls", stalls.Load())
		}
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
		// ten hours of sleep, and a wall clock that is half a minute late
		{9 * time.Hour, 11*time.Hour + 30*time.Second, -30 * time.Second},
	} {
		if got := w.Jumped(start.Add(c.wall), c.uptime); got != c.want {
			t.Errorf("look %d: %v, want %v", i, got, c.want)
		}
	}
}

func TestModes(t *testing.T) {
	for mode, want := range map[health.Mode]struct {
		name  string
		level health.Level
	}{
		health.OutOfService: {"out of service", health.Failure}, health.Limited: {"limited", health.Warning},
		health.InService: {"in service", health.OK},
	} {
		if mode.String() != want.name || mode.Level() != want.level {
			t.Errorf("%v, %v, want %+v", mode, mode.Level(), want)
		}
	}
}
