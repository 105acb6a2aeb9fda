package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// life is what runs in the background of a terminal, and how it ends.
type life struct {
	supervisor *health.Supervisor // nil until the terminal runs
	dog        *health.Watchdog   // nil where nobody watches over the program
	notes      chan journalNote
	fail       context.CancelCauseFunc // ends the terminal with an error; nil until it runs
	step       atomic.Pointer[kiosk.State]
	restart    atomic.Bool // the program has failed somewhere, and is to be started anew when nobody stands before it
	mature     time.Time   // not before then
	opened     atomic.Bool // what was found when the journal was opened has been told
}

type journalNote struct {
	kind journal.Kind
	note journal.Note
}

// shortestLife is how long a program that still works is not started anew, whatever has failed in it: a fault that comes with each start must not take the
// terminal from its patients, nor use up how often systemd starts a program.
const shortestLife = time.Minute

func newLife() life {
	return life{notes: make(chan journalNote, 64), mature: time.Now().Add(shortestLife)}
}

// note writes a note without ever waiting for the disk.
func (p *parts) note(k journal.Kind, n journal.Note) {
	select {
	case p.life.notes <- journalNote{k, n}:
	default:
		p.log.Error("too many notes for the journal: one is lost", "kind", k, "subject", n.Subject, "state", n.State)
	}
}

// writeNotes writes notes until ctx ends, and what has come by then.
func (p *parts) writeNotes(ctx context.Context) {
	for {
		select {
		case n := <-p.life.notes:
			p.writeNote(n)
			continue
		default:
		}
		select {
		case n := <-p.life.notes:
			p.writeNote(n)
		case <-ctx.Done():
			return
		}
	}
}

func (p *parts) writeNote(n journalNote) {
	if err := p.journal.Note(context.Background(), n.kind, n.note); err != nil {
		p.log.Error("a note could not be written", "kind", n.kind, "subject", n.note.Subject, "state", n.note.State, "error", err)
	}
}

// runner is the runner of a visit. What it does is seen by watch.
func (p *parts) runner(watch func(kiosk.State)) *kiosk.Runner {
	return &kiosk.Runner{
		Registry: registry{p}, Timetable: timetable{p}, Printer: printer{p}, Journal: records{p}, Clock: p.clock, Log: p.log,
		Grace: grace(p.config), Panicked: p.panicked, Watch: func(s kiosk.State) {
			p.seen(s)
			watch(s)
		},
	}
}

// grace is how long an orderly stop waits for a booking that has begun. A request may be tried for one time-out before
// its first byte is sent, and takes one more; a print takes the time-out beyond the time of its bytes.
func grace(c config.Config) time.Duration {
	return kiosk.Grace(2*c.Registry.Timeout.Duration, recheckWithin, 2*c.Printer.Timeout.Duration)
}

// errRestart ends a terminal in which something has failed, at a moment at which nobody stands before it.
var errRestart = errors.New("the program has failed in a part of it, and has to be started anew")

// seen keeps the newest state for the last words, and ends the program where that was put off until nobody is there.
func (p *parts) seen(s kiosk.State) {
	p.life.step.Store(&s)
	p.metrics.Observe(s, time.Now())
	if p.life.dog != nil {
		p.life.dog.Beat(sourceMachine)
	}
	if p.life.restart.Load() && p.life.fail != nil && !time.Now().Before(p.life.mature) && (s.Step == kiosk.StepWelcome || s.Step == kiosk.StepClosed) && len(s.Leaving) == 0 {
		p.life.fail(errRestart)
	}
}

// lastState names where the visit stands, for logs.
func (p *parts) lastState() []any {
	s := p.life.step.Load()
	if s == nil {
		return []any{"step", "none"}
	}
	return []any{"step", s.Step, "operation", s.Booking.Operation, "stage", s.Booking.Stage, "print", s.PrintOutcome(), "offers", len(s.Offers)}
}

func (p *parts) lastLine() string { return strings.TrimSpace(fmt.Sprintln(p.lastState()...)) }

// panicked journals a panic. The program goes on for as long as somebody stands before it, and is then started anew.
func (p *parts) panicked(x kiosk.Panic) {
	p.log.Error("the program has failed", append(p.lastState(), "where", x.Where, "what", x.What, "stack", x.Stack)...)
	p.note(journal.KindPanic, journal.Note{Subject: x.Where, State: "caught", Detail: x.What, Stack: x.Stack})
	p.life.restart.Store(true)
}

// guarded runs a part of the terminal. A panic in it ends the terminal in order.
func (p *parts) guarded(where string, run func()) {
	defer func() {
		if v := recover(); v != nil {
			p.panicked(kiosk.NewPanic(where, v))
			p.life.fail(fmt.Errorf("%s: %w", where, errRestart))
		}
	}()
	run()
}

// start brings everything that lives in the background to life. The function it gives ends all of it, waits, and gives the error with which the
// terminal has failed, or nil; whoever calls it again waits and gets the same. The context it gives ends when the terminal fails.
func (p *parts) start(ctx context.Context, r *kiosk.Runner, first kiosk.State) (failing context.Context, stop func() error) {
	ctx, p.life.fail = context.WithCancelCause(ctx)
	notes, lastNote := context.WithCancel(context.WithoutCancel(ctx))
	p.life.supervisor = p.supervise(r)
	var all, scribe sync.WaitGroup
	scribe.Go(func() { p.writeNotes(notes) })
	lives := map[string]func(){
		"machine": func() {
			r.Run(ctx, first)
			if ctx.Err() == nil {
				p.life.fail(fmt.Errorf("machine: %w", errRestart))
			}
		},
		"timetable": func() { p.store.Run(ctx) },
		"access":    func() { p.access.Run(ctx) },
		"watch":     func() { p.life.supervisor.Run(ctx) },
		"printer":   func() { p.printer.Watch(ctx, printerEvery, p.printerChanged) },
		"overview":  func() { p.tellOverview(ctx, r) },
		"control":   func() { p.serveControl(ctx) },
		"metrics":   func() { p.serveMetrics(ctx) },
	}
	if p.voice != nil {
		lives["voice"] = func() { p.voice.Run(ctx) }
	}
	if p.life.dog != nil {
		lives["watchdog"] = func() { p.life.dog.Run(ctx) }
	}
	for name, run := range lives {
		all.Go(func() { p.guarded(name, run) })
	}
	return ctx, sync.OnceValue(func() error {
		p.life.fail(nil)
		all.Wait()
		err := context.Cause(ctx)
		if errors.Is(err, context.Canceled) {
			err = nil
		}
		p.ended(err)
		lastNote()
		scribe.Wait()
		return err
	})
}

// ended notes the end and the state in which it came.
func (p *parts) ended(err error) {
	n := journal.Note{Subject: "terminal", State: "stopped", Detail: p.lastLine()}
	if err != nil {
		n.State, n.Detail = "failed", err.Error()+": "+n.Detail
	}
	p.log.Info(n.State, append(p.lastState(), "error", err)...)
	p.note(journal.KindLife, n)
}

// first is the state in which the terminal shows itself: with what a crash left unfinished, where the journal can be read by then.
func (p *parts) first(r *kiosk.Runner) kiosk.State {
	s := kiosk.Begin(p.settings(true))
	if p.journal.Err() != nil {
		return s
	}
	return r.Resume(s, p.opened())
}

// resume hands what a crash left unfinished to the machine, where first could not.
func (p *parts) resume(r *kiosk.Runner) {
	if records := p.opened(); len(records) > 0 {
		r.Send(kiosk.Recovered{Records: records})
	}
}

// opened notes, once, the start, what was found then, and a configuration that is another than before. It gives what a crash left unfinished, and nothing
// from the second time on.
func (p *parts) opened() []kiosk.Record {
	if p.life.opened.Swap(true) {
		return nil
	}
	found := p.journal.Found
	if found.Killed != "" {
		p.log.Warn("the program did not end in order", "killed", found.Killed)
		p.note(journal.KindLife, journal.Note{Subject: "terminal", State: "killed", Detail: found.Killed + ", did not end in order"})
	}
	if found.SetAside != "" {
		p.log.Error("the journal was damaged; it was set aside", "file", found.SetAside, "lost", found.Lost, "rescued", found.Rescued)
	}
	p.note(journal.KindLife, journal.Note{Subject: "terminal", State: "started", Detail: "version " + version})
	digest := fmt.Sprintf("%.12x", sha256.Sum256(fmt.Appendf(nil, "%+v", p.config)))
	if last, ok := p.journal.Newest(journal.KindConfig); !ok || last.State != digest {
		p.note(journal.KindConfig, journal.Note{Subject: "configuration", State: digest, Detail: "another than before"})
	}
	records := p.journal.Unfinished()
	if len(records) > 0 {
		p.log.Warn("bookings were left unfinished", "count", len(records))
	}
	return records
}

// lastWords is how long a program that stands still tries to write down that it does.
const lastWords = 2 * time.Second

// stalled ends a program that stands still: whoever started it starts it anew. An orderly end would wait for what does not move.
func (p *parts) stalled(silent []string) {
	p.log.Error("the program stands still", append(p.lastState(), "silent", silent)...)
	written := make(chan struct{})
	go func() {
		defer close(written)
		p.writeNote(journalNote{journal.KindLife, journal.Note{Subject: "terminal", State: "stands still", Detail: fmt.Sprint(silent) + " " + p.lastLine()}})
	}()
	select {
	case <-written:
	case <-time.After(lastWords):
	}
	_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1) // the program ends either way
	os.Exit(exitUnexpected)
}

// tellOverview keeps the welcome screen's facts fresh until ctx ends.
func (p *parts) tellOverview(ctx context.Context, r *kiosk.Runner) {
	var told kiosk.Overview
	for {
		if now := (timetable{p}).overview(time.Now()); now != told && r.Send(kiosk.OverviewChanged{Overview: now}) {
			told = now
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(500 * time.Millisecond):
		}
	}
}
