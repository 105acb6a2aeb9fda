package kiosk

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
)

// discard is the log of a test.
var discard = slog.New(slog.DiscardHandler)

// world stands for registry, timetable, printer and journal, and keeps the order in which they were used.
type world struct {
	mu      sync.Mutex
	log     []string
	answer  Answer
	cell    CellState
	sentErr error         // of the SENT record
	slow    time.Duration // of a reservation
	during  func()        // happens while the registry is being asked; may be nil
}

func (w *world) did(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, what)
}

func (w *world) done() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.log)
}

func (w *world) Reserve(_ context.Context, _ Order, beforeSend func() error) Answer {
	if err := beforeSend(); err != nil {
		return Answer{Verdict: VerdictUnreachable}
	}
	w.did("send")
	time.Sleep(w.slow)
	if w.during != nil {
		w.during()
	}
	return w.answer
}

func (w *world) Specialities(context.Context, Age) []Speciality    { return specialitiesOf(2) }
func (w *world) Doctors(context.Context, Age, string) []Doctor     { return doctorsOf(3) }
func (w *world) Days(_ context.Context, d uuid.UUID, _ bool) []Day { return daysOf(time.Now(), d, 2) }
func (w *world) Recheck(context.Context, Cell) CellState           { w.did("recheck"); return w.cell }
func (w *world) Print(context.Context, Paper) (PrintState, string) {
	w.did("print")
	return PrintDone, ""
}

func (w *world) Append(_ context.Context, r Record) error {
	if r.Stage == StageSent && w.sentErr != nil {
		return w.sentErr
	}
	w.did(string(r.Stage))
	return nil
}

// play starts a runner, hands it events one after the other, each when the one before has come to rest, and gives
// what the watcher saw last. It stops the runner and waits for its end.
func play(t *testing.T, w *world, events ...Event) State {
	t.Helper()
	return playWith(t, w, func(*Runner) {}, events...)
}

// playWith is play with a runner that is set up further.
func playWith(t *testing.T, w *world, more func(*Runner), events ...Event) State {
	t.Helper()
	var mu sync.Mutex
	var last State
	r := &Runner{
		Registry: w, Timetable: w, Printer: w, Journal: w, Log: slog.New(slog.DiscardHandler), Watch: func(s State) {
			mu.Lock()
			defer mu.Unlock()
			last = s
		},
	}
	more(r)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Run(ctx, Begin(modelSettings))
	}()
	for _, e := range append([]Event{ServiceChanged{}}, events...) {
		if !r.Send(e) {
			t.Fatalf("%T was not taken", e)
		}
		synctest.Wait()
	}
	cancel()
	<-ended
	return last
}

var bookings = []Event{
	Start{},
	ChooseAge{AgeAdult},
	ChooseSpeciality{"1"},
	ChooseDoctor{doctorsOf(2)[1].GUID},
	ChooseCell{guid(100)},
	Confirm{guid(1)},
}

func TestRunnerKeepsTheOrderOfABooking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: Answer{Verdict: VerdictConfirmed, Ticket: Ticket{Num: "008"}}}
		s := play(t, w, bookings...)
		want := []string{"INTENT", "SENT", "send", "CONFIRMED", "PRINTING", "print", "PRINTED"}
		if got := w.done(); !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
		if s.Step != StepTicket || s.Booking.Print != PrintDone {
			t.Errorf("step %v, print %v", s.Step, s.Booking.Print)
		}
	})
}

func TestRunnerPutsTheDaysOfAllDoctorsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(t, &world{}, Start{}, ChooseAge{AgeAdult}, ChooseSpeciality{"1"}, ChooseAnyDoctor{}, ChooseCell{guid(100)})
		if s.Step != StepCheck || len(s.Days) != 2 || len(s.Days[1].Cells) != 1 || s.Doctor.GUID != s.Cell.Doctor ||
			s.Doctor.Name == "" {
			t.Errorf("step %v, days %v, doctor %v of cell %v", s.Step, s.Days, s.Doctor.GUID, s.Cell)
		}
	})
}

func TestRunnerSendsNothingWithoutItsRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{sentErr: errDisk}
		s := play(t, w, bookings...)
		if got := w.done(); slices.Contains(got, "send") {
			t.Errorf("order %v", got)
		}
		if s.Step != StepUnreachable {
			t.Errorf("step %v", s.Step)
		}
	})
}

func TestRunnerReadsTheCellAgainOnlyAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: Answer{Verdict: VerdictUnknown}, cell: CellTaken}
		begin := time.Now()
		s := play(t, w, bookings...)
		if took := time.Since(begin); took < recheckAfter {
			t.Errorf("the cell was read after %v, want %v at the least", took, recheckAfter)
		}
		want := []string{"INTENT", "SENT", "send", "UNKNOWN", "recheck", "PRINTING", "print", "PRINTED"}
		if got := w.done(); !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
		if s.Step != StepUnconfirmed {
			t.Errorf("step %v", s.Step)
		}
	})
}

// An orderly stop in the middle of a request waits for the answer and for the paper, so that no booking is lost by a
// restart.
func TestRunnerEndsWhatHasBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: Answer{Verdict: VerdictConfirmed, Ticket: Ticket{Num: "008"}}, slow: 5 * time.Second}
		s := play(t, w, bookings...)
		if got := w.done(); got[len(got)-1] != "PRINTED" || s.Step != StepTicket {
			t.Errorf("order %v, step %v", got, s.Step)
		}
	})
}

func TestRunnerNeverBlocksTheScreen(t *testing.T) {
	r := &Runner{}
	for range 256 {
		if !r.Send(Touch{}) {
			t.Fatal("an event was dropped early")
		}
	}
	if r.Send(Touch{}) {
		t.Error("the 257th event was taken with nobody to read it")
	}
}

// sleeper is a machine that sleeps when it is told to.
type sleeper struct {
	mu    sync.Mutex
	slept time.Duration
}

func (s *sleeper) Boot() string { return boot }

func (s *sleeper) Uptime() time.Duration { return uptime + s.Asleep() }

func (s *sleeper) Asleep() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.slept
}

func (s *sleeper) sleep(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slept += d
}

// The machine sleeps in the middle of the request, and again with the ticket on the screen: the hold has lost both.
func TestRunnerTakesSleepOffTheHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := &sleeper{}
		w := &world{
			answer: Answer{Verdict: VerdictConfirmed, Ticket: Ticket{Num: "008"}},
			during: func() { clock.sleep(2 * time.Minute) },
		}
		states := make(chan State, 100)
		r := &Runner{
			Registry:  w,
			Timetable: w,
			Printer:   w,
			Journal:   w,
			Clock:     clock,
			Log:       slog.New(slog.DiscardHandler),
			Watch:     func(s State) { states <- s },
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); r.Run(ctx, Begin(modelSettings)) }()
		for _, e := range append([]Event{ServiceChanged{}}, bookings...) {
			r.Send(e)
			synctest.Wait()
		}
		clock.sleep(3 * time.Minute)
		r.Send(Touch{})
		synctest.Wait()
		cancel()
		<-ended
		close(states)
		var last State
		for s := range states {
			last = s
		}
		if left := last.Booking.Hold.Left(time.Now()); left != modelSettings.Hold-5*time.Minute {
			t.Errorf("the hold has %v left after 5 minutes of sleep", left)
		}
	})
}

// A command that panics is told of, claims nothing, and the visit goes on; so does the record of what became of it.
func TestRunnerOutlivesAPanicInACommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		secret := "Иванова Анна Петровна"
		w := &world{during: func() { panic(secret) }, cell: CellTaken}
		var caught []Panic
		s := playWith(t, w, func(r *Runner) { r.Panicked = func(p Panic) { caught = append(caught, p) } }, bookings...)
		if s.Step != StepUnconfirmed {
			t.Errorf("step %v", s.Step)
		}
		if len(caught) != 1 || caught[0].What != "string" || len(caught[0].Stack) < 3 || !strings.Contains(
			strings.Join(caught[0].Stack, "\n"), "world).Reserve",
		) {
			t.Fatalf("caught %+v", caught)
		}
	})
}

// A panic in the machine itself ends the runner: its state cannot be trusted.
func TestRunnerEndsWhenTheMachinePanics(t *testing.T) {
	caught := make(chan Panic, 1)
	r := &Runner{
		Log:      slog.New(slog.DiscardHandler),
		Watch:    func(State) { panic(errDisk) },
		Panicked: func(p Panic) { caught <- p },
	}
	r.Send(Touch{})
	r.Run(t.Context(), Begin(modelSettings))
	if p := <-caught; p.Where != "state machine" || p.What != "*errors.errorString" {
		t.Errorf("caught %+v", p)
	}
}

// What a crash has left is on the first picture, and what it asks for is carried out before any event has come.
func TestRunnerResumesBeforeItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{}
		r := &Runner{
			Registry:  w,
			Timetable: w,
			Printer:   w,
			Journal:   w,
			Log:       slog.New(slog.DiscardHandler),
			Watch:     func(State) {},
		}
		held := Record{
			Operation: guid(1),
			Stage:     StagePrinting,
			At:        time.Now(),
			Num:       "008",
			Job:       guid(2),
			HoldUntil: time.Now().Add(time.Minute),
		}
		s := r.Resume(Begin(modelSettings), []Record{held, {Operation: guid(3), Stage: StageIntent}})
		if s.Step != StepOffer {
			t.Errorf("the first picture is %v", s.Step)
		}
		if did := w.done(); len(did) > 0 {
			t.Errorf("done before it runs: %v", did)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); r.Run(ctx, s) }()
		synctest.Wait()
		cancel()
		<-ended
		if did := w.done(); !slices.Equal(did, []string{"PRINT_UNKNOWN", "UNREACHABLE"}) {
			t.Errorf("done: %v", did)
		}
	})
}
