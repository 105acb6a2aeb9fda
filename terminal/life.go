package terminal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// shortestLife is how long a program that still works is not restarted, whatever has failed in it. A fault that comes
// with each start must not keep patients from the terminal, nor use up systemd's limit of starts.
const shortestLife = time.Minute

// errRestart ends a terminal in which a part has failed, when no patient is using it.
var errRestart = errors.New("a part of the program has failed; it has to be restarted")

// Left is the error with which a technician ends the terminal.
type Left struct{ Restart bool } // the program is to be restarted

func (l Left) Error() string {
	if l.Restart {
		return "a technician restarts the program"
	}
	return "a technician has ended the program"
}

// lifetime decides when a running terminal ends, and writes down where the visit stood.
type lifetime struct {
	notes *noteWriter
	log   *slog.Logger

	fail    atomic.Pointer[context.CancelCauseFunc] // ends the terminal with an error; nil until it runs
	state   atomic.Pointer[kiosk.State]             // the newest; nil: there is none yet
	restart atomic.Bool                             // a part has failed: restart when no patient is there
	mature  time.Time                               // no restart before then
}

func newLifetime(notes *noteWriter, log *slog.Logger) *lifetime {
	return &lifetime{notes: notes, log: log, mature: time.Now().Add(shortestLife)}
}

// end ends the terminal with an error, nil for an orderly end. It does nothing while the terminal does not run.
func (l *lifetime) end(err error) {
	if fail := l.fail.Load(); fail != nil {
		(*fail)(err)
	}
}

// seen keeps the newest state, and ends the terminal where a restart was put off until no patient is using it.
func (l *lifetime) seen(s kiosk.State) {
	l.state.Store(&s)
	if l.restart.Load() && !l.visiting() && !time.Now().Before(l.mature) {
		l.end(errRestart)
	}
}

// visiting reports whether a patient is using the terminal, or a booking has not come to its end.
func (l *lifetime) visiting() bool {
	s := l.state.Load()
	return s != nil && (s.Step != kiosk.StepWelcome && s.Step != kiosk.StepClosed || len(s.Leaving) > 0)
}

// lastState returns where the visit stands, as attributes of a log.
func (l *lifetime) lastState() []any {
	s := l.state.Load()
	if s == nil {
		return []any{"step", "none"}
	}
	return []any{
		"step", s.Step.String(), "operation", s.Booking.Operation, "stage", s.Booking.Stage, "print", s.PrintOutcome(),
		"offers", len(s.Offers),
	}
}

func (l *lifetime) lastLine() string { return strings.TrimSpace(fmt.Sprintln(l.lastState()...)) }

// panicked journals a panic. The program goes on while a patient is using it, and is then restarted.
func (l *lifetime) panicked(x kiosk.Panic) {
	l.log.Error("the program has failed", append(l.lastState(), "where", x.Where, "what", x.What, "stack", x.Stack)...)
	l.notes.add(journal.KindPanic, journal.Note{Subject: x.Where, State: "caught", Detail: x.What, Stack: x.Stack})
	l.restart.Store(true)
}

// guarded runs a part of the terminal. A panic in it ends the terminal in order.
func (l *lifetime) guarded(where string, run func()) {
	defer func() {
		if v := recover(); v != nil {
			l.panicked(kiosk.NewPanic(where, v))
			l.end(fmt.Errorf("%s: %w", where, errRestart))
		}
	}()
	run()
}

// ended notes the end and the state in which it came. What a technician or a signal has ended was stopped;
// anything else has failed.
func (l *lifetime) ended(err error) {
	n := journal.Note{Subject: "terminal", State: "stopped", Detail: l.lastLine()}
	var left Left
	switch {
	case errors.As(err, &left):
		n.Detail = err.Error() + ": " + n.Detail
	case err != nil:
		n.State, n.Detail = "failed", err.Error()+": "+n.Detail
	}
	l.log.Info(n.State, append(l.lastState(), "error", err)...)
	l.notes.add(journal.KindLife, n)
}

// stallReport is how long a stalled program tries to write its last state.
const stallReport = 2 * time.Second

// exitStalled is the exit code of a stalled program.
const exitStalled = 1

// stalled ends a stalled program: systemd restarts it. An orderly end would wait for the part that does not move.
func (l *lifetime) stalled(silent []string) {
	l.log.Error("the program stands still", append(l.lastState(), "silent", silent)...)
	written := make(chan struct{})
	go func() {
		defer close(written)
		l.notes.write(journal.KindLife, journal.Note{
			Subject: "terminal", State: "stands still", Detail: fmt.Sprint(silent) + " " + l.lastLine(),
		})
	}()
	select {
	case <-written:
	case <-time.After(stallReport):
	}
	_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1) // the program ends either way
	os.Exit(exitStalled)
}

// The sources of progress. When one of them makes none the program is restarted.
const (
	sourceScreen  = "screen"
	sourceMachine = "machine"
	sourceJournal = "journal"
)

// The longest time without progress. A screen that a small computer draws without a graphics processor can take
// seconds under load; a disk too.
const (
	screenStart    = 75 * time.Second // up to the first frame of a cold computer; systemd waits 90 s for it
	screenSilence  = 20 * time.Second
	machineSilence = 20 * time.Second // it hears a tick each second
	journalSilence = 60 * time.Second // it is looked at every 10 seconds
)

// newWatchdog returns the watchdog over screen, state machine and journal. While they make progress it feeds systemd's
// watchdog, where there is one; when they do not, it ends the program. Ask asks the screen's thread for a beat.
func newWatchdog(l *lifetime, s *systemd, ask func(beat func())) *health.Watchdog {
	return &health.Watchdog{
		Sources: []health.Source{
			{Name: sourceScreen, Limit: screenSilence, Start: screenStart, Ask: ask},
			{Name: sourceMachine, Limit: machineSilence},
			{Name: sourceJournal, Limit: journalSilence},
		},
		Every: s.watchdogEvery(), Feed: s.alive, Stalled: l.stalled,
	}
}
