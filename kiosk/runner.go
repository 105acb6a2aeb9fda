package kiosk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// tickEvery is how often the state machine learns that time has passed: a countdown in seconds needs no more.
const tickEvery = time.Second

// recheckAfter lets a registry that was cut off in the middle of a reservation come to its own end before the cell is
// re-read: read at once, a cell can look free while it is being reserved.
const recheckAfter = 2 * time.Second

// errPanicked is the error of a record of which it is not known whether it is on disk.
var errPanicked = errors.New("kiosk: the program failed while it wrote")

// defaultGrace is for a runner whose Grace is not set.
const defaultGrace = 45 * time.Second

// Grace returns how long an orderly stop has to wait so that a booking which has begun comes to its end: one request
// to the registry, one re-read of the cell where its answer is lost, one print, and their records. Each argument is
// the longest time that the one thing may take. No request begins after the stop.
func Grace(request, reread, print time.Duration) time.Duration {
	const records = 5 * time.Second
	return request + recheckAfter + reread + print + records
}

// Runner owns the state of the visit. It takes events one after the other, asks [Update], carries the commands out and
// notifies Watch.
type Runner struct {
	Registry  Registry
	Timetable Timetable
	Printer   Printer
	Patients  Patients // nil: nobody is asked who he is
	Journal   Journal
	Log       *slog.Logger
	Watch     func(State)   // called from the runner's goroutine after each event; must not block
	Clock     BootClock     // nil: holds end by the monotonic clock alone, which stands still while the computer sleeps
	Grace     time.Duration // how long an orderly stop waits for what has begun, see [Grace]; 0: 45 s

	// Panicked is called with a panic that was caught. A command that panicked is answered with its empty result, and
	// the visit goes on; where the state machine itself panicked, Run ends. Nil: panics are not caught.
	Panicked func(Panic)

	once    sync.Once
	events  chan Event
	results chan Event    // the answers to commands; each command has exactly one
	written chan struct{} // closed when the newest record has been dealt with; owned by Run's goroutine
	first   []Command     // of Resume: carried out when Run begins
	pending int           // commands whose answer has not come yet; owned by Run's goroutine
	asleep  time.Duration // the sleep that the state machine knows of; owned by Run's goroutine
	work    sync.WaitGroup
}

func (r *Runner) init() {
	r.once.Do(func() {
		r.events = make(chan Event, 256)
		r.results = make(chan Event)
		r.written = make(chan struct{})
		close(r.written)
	})
}

// Send queues an event. It never blocks and is safe for concurrent use. It reports whether the event was taken: with
// 256 events waiting, a further one is dropped.
func (r *Runner) Send(e Event) bool {
	r.init()
	select {
	case r.events <- e:
		return true
	default:
		return false
	}
}

// Resume returns the state of a terminal that finds these bookings unfinished when it starts, so that its first
// picture already shows them. Run is to begin with that state, and carries out what it asks for.
func (r *Runner) Resume(s State, unfinished []Record) State {
	s, r.first = Update(s, time.Now(), r.dated(Recovered{Records: unfinished}))
	return s
}

// Run lives until ctx ends. From then on no booking begins, and events that are still queued cannot begin one. What has
// begun (a request, a record, a print) comes to its end, within Grace, so that an orderly stop leaves no booking with
// an unknown end.
func (r *Runner) Run(ctx context.Context, s State) {
	r.init()
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer r.work.Wait()
	defer cancel()
	defer r.catch("state machine", nil)
	if r.Clock != nil {
		r.asleep = r.Clock.Asleep()
	}
	for _, c := range r.first {
		r.carryOut(work, c)
	}
	ticks := time.NewTicker(tickEvery)
	defer ticks.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case e := <-r.events:
			s = r.step(work, s, e)
		case e := <-r.results:
			r.pending--
			s = r.step(work, s, e)
		case <-ticks.C:
			s = r.step(work, s, Tick{})
		}
	}
	r.stop(work, s, ticks.C)
}

// stop lets what has begun come to its end.
func (r *Runner) stop(ctx context.Context, s State, ticks <-chan time.Time) {
	s = r.step(ctx, s, Stopping{})
	grace := time.NewTimer(cmp.Or(r.Grace, defaultGrace))
	defer grace.Stop()
	for r.pending > 0 || len(r.events) > 0 {
		select {
		case <-grace.C:
			return
		case <-ticks:
			s = r.step(ctx, s, Tick{})
		case e := <-r.events:
			s = r.step(ctx, s, e)
		case e := <-r.results:
			r.pending--
			s = r.step(ctx, s, e)
		}
	}
}

func (r *Runner) step(ctx context.Context, s State, e Event) State {
	before := s.Step
	s = r.wake(s)
	s, commands := Update(s, time.Now(), r.dated(e))
	if s.Step != before {
		r.Log.Debug("step", "from", before, "to", s.Step, "operation", s.Booking.Operation)
	}
	r.Watch(s)
	for _, c := range commands {
		r.carryOut(ctx, c)
	}
	return s
}

// shortestSleep is the least difference of the two clocks that counts as sleep.
const shortestSleep = 50 * time.Millisecond

// wake takes the time that was slept off the state, before anything else that has happened since.
func (r *Runner) wake(s State) State {
	if r.Clock == nil {
		return s
	}
	slept := r.Clock.Asleep() - r.asleep
	if slept < shortestSleep {
		return s
	}
	r.asleep += slept
	r.Log.Info("the computer was asleep", "for", slept)
	s, _ = Update(s, time.Now(), Slept{For: slept})
	return s
}

// dated adds to an event what the boot clock shows.
func (r *Runner) dated(e Event) Event {
	if r.Clock == nil {
		return e
	}
	switch e := e.(type) {
	case Recovered:
		e.Boot, e.Uptime = r.Clock.Boot(), r.Clock.Uptime()
		return e
	case Answered:
		if !e.Answer.From.IsZero() { // slept since, while the registry's hold went on
			e.Answer.From = e.Answer.From.Add(e.Answer.asleep - r.asleep)
		}
		return e
	default:
		return e
	}
}

// catch recovers from a panic where Panicked is set, and calls after. It is to be deferred.
func (r *Runner) catch(where string, after func()) {
	if r.Panicked == nil {
		return
	}
	if v := recover(); v != nil {
		r.Panicked(NewPanic(where, v))
		if after != nil {
			after()
		}
	}
}

// carryOut starts a command. Records keep their order; everything else runs beside the state machine.
func (r *Runner) carryOut(ctx context.Context, c Command) {
	r.pending++
	if _, ok := c.(WriteRecord); !ok {
		r.work.Go(func() { r.report(ctx, r.safely(ctx, c)) })
		return
	}
	before, written := r.written, make(chan struct{})
	r.written = written
	r.work.Go(func() {
		defer close(written)
		<-before
		r.report(ctx, r.safely(ctx, c))
	})
}

// safely carries a command out and returns its answer; where that panics, the empty one.
func (r *Runner) safely(ctx context.Context, c Command) (e Event) {
	defer r.catch(fmt.Sprintf("%T", c), func() { e = c.empty() })
	return c.run(ctx, r)
}

func (r *Runner) report(ctx context.Context, e Event) {
	select {
	case r.results <- e:
	case <-ctx.Done():
	}
}

// reserve sends one order. SENT is on disk before the first byte; the hold is counted from that instant.
func (r *Runner) reserve(ctx context.Context, o Order) Answer {
	var from time.Time
	var asleep time.Duration
	a := r.Registry.Reserve(ctx, o, func() error {
		if r.Clock != nil {
			asleep = r.Clock.Asleep()
		}
		from = time.Now()
		return r.Journal.Append(ctx, Record{Operation: o.Operation, Stage: StageSent, At: from, Cell: o.Cell, Age: o.Age})
	})
	a.From, a.asleep = from, asleep
	return a
}

// visit sends the request for a visit. VISIT_SENT is on disk before the first byte.
func (r *Runner) visit(ctx context.Context, o VisitOrder) Answer {
	return r.Patients.Make(ctx, o, func() error {
		return r.Journal.Append(ctx, Record{
			Operation: o.Operation, Stage: StageVisitSent, Visit: StageVisitSent, At: time.Now(),
		})
	})
}

// recheck reads a cell again, with the patient's token where he is known.
func (r *Runner) recheck(ctx context.Context, c Recheck) CellState {
	if c.Person == nil || r.Patients == nil {
		return r.Timetable.Recheck(ctx, c.Cell)
	}
	return r.Patients.Recheck(ctx, c.Cell, c.Person)
}

// append puts one record on disk.
func (r *Runner) append(ctx context.Context, record Record) error {
	record.At = time.Now()
	if r.Clock != nil && !record.until.IsZero() {
		record.Boot, record.UptimeUntil = r.Clock.Boot(), r.Clock.Uptime()+record.until.Sub(record.At)
	}
	err := r.Journal.Append(ctx, record)
	if err != nil {
		r.Log.Error("a transition could not be recorded",
			"operation", record.Operation, "stage", record.Stage, "error", err)
	}
	return err
}
