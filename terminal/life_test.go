package terminal

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// lifeTest is a terminal without a window, in the surroundings of a crash site.
type lifeTest struct {
	*crashSite
	terminal *Terminal
	runner   *kiosk.Runner
	states   chan kiosk.State
	failing  context.Context
	stop     func() error
}

func newLifeTest(t *testing.T, change func(*lifeTest)) *lifeTest {
	t.Helper()
	s := newCrashSite(t)
	t.Cleanup(s.close)
	return s.lifeTest(t, change)
}

func (s *crashSite) lifeTest(t *testing.T, change func(*lifeTest)) *lifeTest {
	t.Helper()
	l := &lifeTest{crashSite: s, states: make(chan kiosk.State, 1<<14)}
	conf, err := config.Load(l.config)
	if err != nil {
		t.Fatal(err)
	}
	conf.Registry.Timeout.Duration = 15 * time.Second
	if l.terminal, err = New(Options{Config: conf, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	l.runner = l.terminal.Runner(func(s kiosk.State) { l.states <- s })
	change(l)
	l.failing, l.stop = l.terminal.Start(t.Context(), l.terminal.First())
	return l
}

// wait waits for a state.
func (l *lifeTest) wait(t *testing.T, what string, good func(kiosk.State) bool) kiosk.State {
	t.Helper()
	late := time.After(time.Minute)
	var last kiosk.State
	for {
		select {
		case last = <-l.states:
			if good(last) {
				return last
			}
		case <-late:
			t.Fatalf("%s did not come; the screen is %v, %+v", what, last.Step, last.Service)
		}
	}
}

func at(step kiosk.Step) func(kiosk.State) bool {
	return func(s kiosk.State) bool { return s.Step == step }
}

// notes are the notes of a kind, of a terminal that has ended.
func (l *lifeTest) notes(t *testing.T, k journal.Kind) (states []string, whole string) {
	t.Helper()
	if err := journal.Read(l.journal, func(e journal.Entry) error {
		if e.Kind == k {
			states = append(states, e.State)
			whole += e.Subject + " " + e.Detail + " " + strings.Join(e.Note.Stack, " ") + "\n"
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return states, whole
}

// broken is a timetable with a fault that nobody foresaw.
type broken struct{ kiosk.Timetable }

func (broken) Specialities(context.Context, kiosk.Age) []kiosk.Speciality {
	panic(errors.New("Иванова Анна Петровна"))
}

// A panic is journaled without what it holds; the program is restarted when the patient has gone, and not before.
func TestAPanicIsJournaledAndEndsInARestart(t *testing.T) {
	t.Parallel()
	l := newLifeTest(t, func(l *lifeTest) {
		l.runner.Timetable = broken{l.runner.Timetable}
		l.terminal.life.mature = time.Now() // has run for long
	})
	l.wait(t, "the welcome screen", at(kiosk.StepWelcome))
	l.runner.Send(kiosk.Start{})
	l.runner.Send(kiosk.ChooseAge{Age: kiosk.AgeAdult})
	l.wait(t, "the list", func(s kiosk.State) bool { return s.Step == kiosk.StepSpeciality && !s.Loading })
	if err := l.failing.Err(); err != nil {
		t.Fatalf("the program ends under a patient's hands: %v", err)
	}
	l.runner.Send(kiosk.Home{})
	select {
	case <-l.failing.Done():
	case <-time.After(20 * time.Second):
		t.Fatal("the program is not started anew")
	}
	if err := l.stop(); !errors.Is(err, errRestart) {
		t.Errorf("it ended with %v", err)
	}
	if err := l.terminal.Close(); err != nil {
		t.Fatal(err)
	}
	states, text := l.notes(t, journal.KindPanic)
	if len(states) == 0 || !strings.Contains(text, "broken.Specialities") || strings.Contains(text, "Иванова") {
		t.Errorf("%v\n%s", states, text)
	}
	if lives, _ := l.notes(t, journal.KindLife); !slices.Equal(lives, []string{"started", "failed"}) {
		t.Errorf("the life is told as %v", lives)
	}
	if _, whole := l.notes(t, journal.KindConfig); !strings.Contains(whole, "another than before") {
		t.Error("the first configuration was not noted")
	}
}

// A technician's restart and a technician's end are orderly: the journal says who ended the program, and not that it
// failed.
func TestATechniciansEndIsNoFailure(t *testing.T) {
	t.Parallel()
	for restart, end := range map[bool]func(desk.Terminal){
		true:  func(d desk.Terminal) { d.Restart() },
		false: func(d desk.Terminal) { d.Leave() },
	} {
		l := newLifeTest(t, func(*lifeTest) {})
		l.wait(t, "the welcome screen", at(kiosk.StepWelcome))
		d, _ := l.terminal.Desk(func() kiosk.State { return kiosk.State{} })
		end(d)
		<-l.failing.Done()
		if err := l.stop(); !errors.Is(err, Left{Restart: restart}) {
			t.Errorf("restart %v: it ended with %v", restart, err)
		}
		if err := l.terminal.Close(); err != nil {
			t.Fatal(err)
		}
		lives, whole := l.notes(t, journal.KindLife)
		if !slices.Equal(lives, []string{"started", "stopped"}) || !strings.Contains(whole, "technician") {
			t.Errorf("restart %v: the life is told as %v\n%s", restart, lives, whole)
		}
	}
}

// A fault that comes soon after each start does not start the program again and again: it is restarted once
// it has been of use, and nobody stands there.
func TestAFaultAtEachStartLeavesTheTerminalInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		p := newLifetime(newNoteWriter(nil, log), log)
		failing, fail := context.WithCancelCause(t.Context())
		p.fail.Store(&fail)
		p.panicked(kiosk.Panic{Where: "watch over printer"})
		p.seen(kiosk.State{Visit: kiosk.Visit{Step: kiosk.StepClosed}})
		if failing.Err() != nil {
			t.Error("it is started anew at once")
		}
		time.Sleep(shortestLife)
		p.seen(kiosk.State{Visit: kiosk.Visit{Step: kiosk.StepTicket}})
		if failing.Err() != nil {
			t.Error("it is started anew under a patient's hands")
		}
		p.seen(kiosk.State{Visit: kiosk.Visit{Step: kiosk.StepWelcome}})
		if !errors.Is(context.Cause(failing), errRestart) {
			t.Errorf("it is not started anew: %v", context.Cause(failing))
		}
	})
}

// The journal cannot be opened when the terminal starts: it is closed, and when the journal opens all is as if
// it had at once.
func TestAJournalThatOpensLater(t *testing.T) {
	t.Parallel()
	site := newCrashSite(t)
	t.Cleanup(site.close)
	if site.live(t, site.plan(crashPlan{Kill: 4, After: true, Book: true}), 0) {
		t.Fatal("the terminal was not killed")
	}
	err := os.Rename(site.journal, site.journal+".away")
	if err := errors.Join(err, os.MkdirAll(filepath.Join(site.journal, "new"), 0o700)); err != nil { // no segment
		t.Fatal(err)
	}
	l := site.lifeTest(t, func(*lifeTest) {})
	unwritable := func(s kiosk.State) bool { return s.Service.Down == kiosk.ReasonJournal }
	if s := l.wait(t, "a closed terminal", unwritable); s.Step != kiosk.StepClosed {
		t.Errorf("the screen is %v", s.Step)
	}
	if err := errors.Join(os.RemoveAll(l.journal), os.Rename(l.journal+".away", l.journal)); err != nil {
		t.Fatal(err)
	}
	l.terminal.poke(health.PartJournal)
	l.wait(t, "the offer", at(kiosk.StepOffer))
	if err := errors.Join(l.stop(), l.terminal.Close()); err != nil {
		t.Fatal(err)
	}
	if lives, _ := l.notes(t, journal.KindLife); !slices.Equal(lives, []string{"killed", "started", "stopped"}) {
		t.Errorf("the life is told as %v", lives)
	}
}

// The registry's line is cut, and then the printer's cable: the first screen says so before anybody taps.
func TestThePatientLearnsInTimeWhatDoesNotWork(t *testing.T) {
	t.Parallel()
	l := newLifeTest(t, func(*lifeTest) {})
	l.wait(t, "a terminal in service that knows the registry's clock", func(s kiosk.State) bool {
		return s.Step == kiosk.StepWelcome && !s.Service.NoPaper && s.Clock.Known
	})
	if err := l.printers[0].Unplug(); err != nil {
		t.Fatal(err)
	}
	l.terminal.poke(health.PartPrinter)
	l.wait(
		t,
		"a terminal without paper",
		func(s kiosk.State) bool { return s.Step == kiosk.StepWelcome && s.Service.NoPaper },
	)
	l.runner.Send(kiosk.Start{})
	l.wait(t, "the first question", at(kiosk.StepAge))
	l.server.CloseClientConnections()
	l.server.Listener.Close()
	l.terminal.poke(health.PartRegistry)
	if s := l.wait(t, "a closed terminal", at(kiosk.StepClosed)); s.Service.Down != kiosk.ReasonRegistry {
		t.Errorf("closed because of %q", s.Service.Down)
	}
	if err := errors.Join(l.stop(), l.terminal.Close()); err != nil {
		t.Fatal(err)
	}
	if levels, _ := l.notes(t, journal.KindService); len(levels) < 4 || levels[len(levels)-1] != "out of service" ||
		!slices.Contains(levels, "limited") {
		t.Errorf("levels %v", levels)
	}
}
