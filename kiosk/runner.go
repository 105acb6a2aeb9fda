package kiosk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// tickEvery is how often the machine learns that time has passed: a countdown in seconds needs no more.
const tickEvery = time.Second

// recheckAfter lets a registry that was cut off in the middle of a reservation come to its own end before the cell is read again: read at
// once, a cell can look free while it is just being reserved.
const recheckAfter = 2 * time.Second

// errPanicked is a record of which nobody knows whether it is on disk.
var errPanicked = errors.New("kiosk: the program failed while it wrote")

// stopGrace is how long an orderly stop waits for what has begun: longer than a reservation's and a print's own bounds.
const stopGrace = 45 * time.Second

// Runner owns the state of the visit: it takes events one after the other, asks [Update], carries the commands out and tells who watches.
type Runner struct {
	Registry  Registry
	Timetable Timetable
	Printer   Printer
	Journal   Journal
	Log       *slog.Logger
	Watch     func(State)  // called from the runner's goroutine after each event; must not block
	Clock     MachineClock // nil: holds end by the monotonic clock alone, which stands still while the machine sleeps

	// Panicked is told of a panic that was caught. Where it was in a command, the command is answered as what claims nothing, and the visit goes
	// on; where it was in the machine itself, Run ends. Nil: panics are not caught.
	Panicked func(Panic)

	once    sync.Once
	events  chan Event
	results chan Event    // the answers to commands; each command has exactly one
	written chan struct{} // closed when the newest record has been dealt with; owned by Run's goroutine
	pending int           // commands whose answer has not come yet; owned by Run's goroutine
	asleep  time.Duration // as far as the machine was told; owned by Run's goroutine
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

// Send hands an event in without ever blocking the caller, who may be the screen's own thread. It tells whether the event was taken; with
// 256 unanswered events before it, a further tap is dropped.
func (r *Runner) Send(e Event) bool {
	r.init()
	select {
	case r.events <- e:
		return true
	default:
		return false
	}
}

// Run lives until ctx ends. What had begun by then (a request, a record, a print) is let come to its end, for stopGrace at the most, so that
// an orderly stop leaves no booking with an unknown end.
func (r *Runner) Run(ctx context.Context, s State) {
	r.init()
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer r.work.Wait()
	defer cancel()
	defer r.catch("machine", nil)
	if r.Clock != nil {
		r.asleep = r.Clock.Asleep()
	}
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	stop, grace := ctx.Done(), (<-chan time.Time)(nil)
	for stop != nil || r.pending > 0 {
		var e Event
		select {
		case <-stop:
			stop, grace = nil, time.After(stopGrace)
			continue
		case <-grace:
			return
		case e = <-r.events:
		case e = <-r.results:
			r.pending--
		case <-ticker.C:
			e = Tick{}
		}
		s = r.step(work, s, e)
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

// shortestSleep is what the two clocks may differ by without having been asleep.
const shortestSleep = 50 * time.Millisecond

// wake tells the machine of the time that was slept, before anything else that has happened since.
func (r *Runner) wake(s State) State {
	if r.Clock == nil {
		return s
	}
	slept := r.Clock.Asleep() - r.asleep
	if slept < shortestSleep {
		return s
	}
	r.asleep += slept
	r.Log.Info("the machine was asleep", "for", slept)
	s, _ = Update(s, time.Now(), Slept{For: slept})
	return s
}

// dated adds to an event what the machine's clock shows.
func (r *Runner) dated(e Event) Event {
	if r.Clock == nil {
		return e
	}
	switch e := e.(type) {
	case Recovered:
		e.Boot, e.Uptime = r.Clock.Boot(), r.Clock.Uptime()
		return e
	case Answered:
		if !e.Answer.From.IsZero() {
			e.Answer.From = e.Answer.From.Add(e.Answer.asleep - r.asleep) // slept since, while the registry's hold went on
		}
		return e
	}
	return e
}

// catch catches a panic, where there is someone to be told. It is to be deferred.
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

// carryOut starts a command. Records keep their order; everything else runs beside the machine and comes back as an event.
func (r *Runner) carryOut(ctx context.Context, c Command) {
	r.pending++
	if w, ok := c.(WriteRecord); ok {
		before, written := r.written, make(chan struct{})
		r.written = written
		r.work.Go(func() {
			defer close(written)
			<-before
			r.report(ctx, r.write(ctx, w.Record))
		})
		return
	}
	r.work.Go(func() { r.report(ctx, r.safely(ctx, c)) })
}

// safely answers a command; where that panics, with what claims nothing.
func (r *Runner) safely(ctx context.Context, c Command) (e Event) {
	defer r.catch(fmt.Sprintf("%T", c), func() { e = claimless(c) })
	return r.answer(ctx, c)
}

// claimless is the answer of which nothing can be concluded.
func claimless(c Command) Event {
	switch c := c.(type) {
	case ListSpecialities:
		return SpecialitiesListed{Age: c.Age}
	case ListDoctors:
		return DoctorsListed{Speciality: c.Speciality}
	case ListDays:
		return DaysListed{Doctor: c.Doctor}
	case SendReservation:
		return Answered{c.Order.Operation, Answer{Verdict: VerdictUnknown}}
	case Recheck:
		return Rechecked{c.Operation, CellUnknown}
	case PrintTicket:
		return PrintEnded{Operation: c.Paper.Operation, Job: c.Paper.Job, Outcome: PrintUnknown, Reason: "the program failed while it printed"}
	}
	return Touch{}
}

func (r *Runner) report(ctx context.Context, e Event) {
	select {
	case r.results <- e:
	case <-ctx.Done():
	}
}

func (r *Runner) answer(ctx context.Context, c Command) Event {
	switch c := c.(type) {
	case ListSpecialities:
		return SpecialitiesListed{c.Age, r.Timetable.Specialities(ctx, c.Age)}
	case ListDoctors:
		return DoctorsListed{c.Speciality, r.Timetable.Doctors(ctx, c.Age, c.Speciality)}
	case ListDays:
		return DaysListed{c.Doctor, r.Timetable.Days(ctx, c.Doctor, c.Fresh)}
	case ListAnyDays:
		return AnyDaysListed{c.Speciality, r.anyDays(ctx, c)}
	case SendReservation:
		return Answered{c.Order.Operation, r.reserve(ctx, c.Order)}
	case Recheck:
		return Rechecked{c.Operation, r.recheck(ctx, c.Cell)}
	case PrintTicket:
		outcome, reason := r.Printer.Print(ctx, c.Paper)
		return PrintEnded{Operation: c.Paper.Operation, Job: c.Paper.Job, Outcome: outcome, Reason: reason}
	}
	return Touch{}
}

// anyDays puts the days of all doctors of a speciality together.
func (r *Runner) anyDays(ctx context.Context, c ListAnyDays) []Day {
	var lists [][]Day
	for _, d := range r.Timetable.Doctors(ctx, c.Age, c.Speciality) {
		lists = append(lists, r.Timetable.Days(ctx, d.GUID, false))
	}
	return mergeDays(lists)
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

func (r *Runner) recheck(ctx context.Context, c Cell) CellState {
	select {
	case <-ctx.Done():
		return CellUnknown
	case <-time.After(recheckAfter):
		return r.Timetable.Recheck(ctx, c)
	}
}

// write puts one record on disk.
func (r *Runner) write(ctx context.Context, record Record) (answer Recorded) {
	defer r.catch("WriteRecord", func() { answer = Recorded{record.Operation, record.Stage, record.Job, errPanicked} })
	record.At = time.Now()
	if r.Clock != nil && !record.until.IsZero() {
		record.Boot, record.UptimeUntil = r.Clock.Boot(), r.Clock.Uptime()+record.until.Sub(record.At)
	}
	err := r.Journal.Append(ctx, record)
	if err != nil {
		r.Log.Error("a transition could not be recorded", "operation", record.Operation, "stage", record.Stage, "error", err)
	}
	return Recorded{record.Operation, record.Stage, record.Job, err}
}
