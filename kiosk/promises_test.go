package kiosk

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Behaviour of which each was once held by no test.

// records returns the records that the last event asked to be written.
func (v *patient) records() (all []Record) {
	for _, c := range v.commands {
		if w, ok := c.(WriteRecord); ok {
			all = append(all, w.Record)
		}
	}
	return all
}

// A busy registry is asked once more when its time has come, not with each tick after it.
func TestBusyRegistryIsAskedOnce(t *testing.T) {
	v := newPatient(t)
	v.sent()
	v.answer(Answer{Verdict: VerdictBusy, After: 5 * time.Second})
	v.now = v.now.Add(5 * time.Second)
	v.give(Tick{})
	if r := v.records(); len(r) != 1 || r[0].Stage != StageIntent {
		t.Fatalf("records %+v, want one INTENT", r)
	}
	for range 3 {
		v.now = v.now.Add(time.Second)
		v.give(Tick{})
		if len(v.commands) != 0 {
			t.Errorf("commands %+v while the registry is being asked again", v.commands)
		}
	}
}

// The clock of an answer is used for the hold that the same answer begins.
func TestHoldIsShownByTheAnswersClock(t *testing.T) {
	v := newPatient(t)
	v.sent()
	v.answer(Answer{
		Verdict: VerdictConfirmed, From: v.now, Ticket: Ticket{Num: "008"},
		Clock: RegistryClock{Skew: time.Hour, Known: true},
	})
	want := v.now.Add(modelSettings.Hold + time.Hour)
	if got := v.s.Booking.Hold.Shown; !got.Equal(want) {
		t.Errorf("the hold is shown until %v, want %v", got, want)
	}
	if r := v.records(); len(r) != 1 || !r[0].HoldUntil.Equal(want) {
		t.Errorf("records %+v", r)
	}
}

// Out of service ends the visit at every question, and at no screen after the last.
func TestServiceEndsEachQuestion(t *testing.T) {
	v := newPatient(t)
	v.give(Start{}, ChooseAge{AgeAdult}, SpecialitiesListed{AgeAdult, specialitiesOf(2)}, ChooseSpeciality{"1"})
	doctors := doctorsOf(2)
	days := daysOf(v.now, doctors[1].GUID, 3)
	v.give(DoctorsListed{"1", doctors}, ChooseDoctor{doctors[1].GUID}, DaysListed{doctors[1].GUID, days})
	v.give(ChooseDay{2}, ChooseCell{days[2].Cells[1].GUID})
	v.want(StepCheck)
	atCheck := v.s
	for _, step := range Questions() {
		v.s = atCheck
		for v.s.Step > step {
			v.give(Back{})
			if v.s.Step == StepWelcome {
				t.Fatalf("%v is not on the way back", step)
			}
		}
		v.give(ServiceChanged{Service{Down: ReasonRegistry}})
		if v.s.Step != StepClosed {
			t.Errorf("out of service, %v leads to %v, want %v", step, v.s.Step, StepClosed)
		}
	}
	v = newPatient(t)
	v.sent()
	v.give(ServiceChanged{Service{Down: ReasonRegistry}})
	v.want(StepReserving)
}

func TestUnreachableIsRecorded(t *testing.T) {
	v := newPatient(t)
	v.sent()
	v.answer(Answer{Verdict: VerdictUnreachable})
	if r := v.records(); len(r) != 1 || r[0].Stage != StageUnreachable {
		t.Errorf("records %+v, want UNREACHABLE", r)
	}
}

// A retry names the operation that it repeats, and ends it first with what the cell has shown.
func TestRetryEndsTheFirstTry(t *testing.T) {
	v := newPatient(t)
	v.sent()
	first := v.s.Booking.Operation
	v.answer(Answer{Verdict: VerdictUnknown})
	v.recorded(StageUnknown)
	v.give(Rechecked{first, CellFree})
	r := v.records()
	if len(r) != 2 || r[0].Operation != first || r[0].Stage != StageDone || r[0].CellState != CellFree {
		t.Fatalf("records %+v, want the end of the first try and an INTENT", r)
	}
	if r[1].Stage != StageIntent || r[1].RetryOf != first || r[1].Operation == first {
		t.Errorf("the second record is %+v", r[1])
	}
}

// An orderly stop begins no booking, and sends no request for one whose intent is on its way to the disk.
func TestStoppingSendsNothing(t *testing.T) {
	v := newPatient(t)
	v.give(Stopping{}, ReserveCell{Operation: guid(1), Cell: guid(2), Age: AgeChild})
	if len(v.commands) != 0 || v.s.Outcome() != OutcomeUnreachable {
		t.Errorf("commands %+v, outcome %q", v.commands, v.s.Outcome())
	}
	v = newPatient(t)
	v.give(ReserveCell{Operation: guid(1), Cell: guid(2), Age: AgeChild}, Stopping{})
	v.recorded(StageIntent)
	if has[SendReservation](v) {
		t.Error("a request is sent after the stop")
	}
	if r := v.records(); len(r) != 1 || r[0].Stage != StageUnreachable {
		t.Errorf("records %+v, want UNREACHABLE", r)
	}
}

// Sleep is taken off everything that ends at an instant: the wait for a busy registry, the patient's silence, and the
// re-reading of cells.
func TestSleepIsTakenOffEveryDeadline(t *testing.T) {
	v := newPatient(t)
	v.sent()
	v.answer(Answer{Verdict: VerdictBusy, After: 30 * time.Second})
	v.give(Slept{For: 30 * time.Second}, Tick{})
	if r := v.records(); len(r) != 1 || r[0].Stage != StageIntent {
		t.Errorf("after the sleep a busy registry is not asked again: %+v", v.commands)
	}

	v = newPatient(t)
	v.give(Start{}, Slept{For: modelSettings.Idle}, Tick{})
	if !v.s.Warning {
		t.Error("the time asleep does not count as the patient's silence")
	}

	v = newPatient(t)
	v.give(
		Recovered{Records: []Record{{Operation: guid(1), Stage: StageUnknown, Cell: guid(2), Doctor: guid(3)}}},
		Tick{},
	)
	v.give(Rechecked{guid(1), CellUnread}, Slept{For: modelSettings.Hold}, Tick{})
	v.give(Rechecked{guid(1), CellUnread})
	if r := v.records(); len(r) != 1 || r[0].Stage != StageDone {
		t.Errorf("a cell is read on after its hold, which went on during the sleep: %+v", v.commands)
	}
}

// Each job of a booking has an identifier of its own, also one that continues the jobs of an earlier run.
func TestJobsAreAChain(t *testing.T) {
	v := newPatient(t)
	v.confirmed()
	v.recorded(StageConfirmed)
	jobs := map[any]bool{v.s.Booking.Job: true}
	for range 3 {
		v.recorded(StagePrinting)
		v.give(PrintEnded{Operation: v.s.Booking.Operation, Job: v.s.Booking.Job, Outcome: PrintFailed}, PrintCopy{})
		jobs[v.s.Booking.Job] = true
	}
	if len(jobs) != 4 {
		t.Errorf("%d identifiers for 4 jobs", len(jobs))
	}
	last, operation := v.s.Booking.Job, v.s.Booking.Operation
	again := newPatient(t)
	again.give(Recovered{Records: []Record{{
		Operation: operation, Stage: StagePrintFailed, Num: "008", Job: last, At: again.now,
		HoldUntil: again.now.Add(time.Minute),
	}}}, PrintCopy{})
	if job := again.s.Booking.Job; jobs[job] {
		t.Error("a job after a restart has the identifier of one before it")
	}
}

// keeper is a world that keeps the records, and can fail by a panic.
type keeper struct {
	world
	kept   []Record
	panics Stage // at the record of this stage
	paper  func()
}

func (k *keeper) Append(ctx context.Context, r Record) error {
	k.mu.Lock()
	k.kept = append(k.kept, r)
	k.mu.Unlock()
	if r.Stage == k.panics {
		panic("the disk")
	}
	return k.world.Append(ctx, r)
}

func (k *keeper) Print(ctx context.Context, p Paper) (PrintState, string) {
	if k.paper != nil {
		k.paper()
	}
	return k.world.Print(ctx, p)
}

func (k *keeper) of(s Stage) Record {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.kept, func(r Record) bool { return r.Stage == s })
	if i < 0 {
		return Record{}
	}
	return k.kept[i]
}

// playKeeper is playWith for a keeper.
func playKeeper(t *testing.T, k *keeper, more func(*Runner), events ...Event) State {
	t.Helper()
	return playWith(t, &k.world, func(r *Runner) {
		r.Journal, r.Printer, r.Panicked = k, k, func(Panic) {}
		more(r)
	}, events...)
}

func ticketAnswer() Answer { return Answer{Verdict: VerdictConfirmed, Ticket: Ticket{Num: "008"}} }

// The hold is counted from before the first byte, not from the answer.
func TestHoldStartsBeforeTheFirstByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{world: world{answer: ticketAnswer(), slow: 7 * time.Second}}
		begin := time.Now()
		s := playKeeper(t, k, func(*Runner) {}, bookings...)
		if got, want := s.Booking.Hold.Until, begin.Add(modelSettings.Hold); !got.Equal(want) {
			t.Errorf("the hold ends %v after the first byte, want %v", got.Sub(begin), modelSettings.Hold)
		}
		if sent := k.of(StageSent); !sent.At.Equal(begin) {
			t.Errorf("SENT is of %v after the first byte", sent.At.Sub(begin))
		}
	})
}

// The record of a confirmed booking holds the end of its hold by the boot clock.
func TestConfirmedHoldsTheBootClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{world: world{answer: ticketAnswer()}}
		playKeeper(t, k, func(r *Runner) { r.Clock = &sleeper{} }, bookings...)
		if r := k.of(StageConfirmed); r.Boot != boot || r.UptimeUntil != uptime+modelSettings.Hold {
			t.Errorf("boot %q, end of the hold at %v, want %q and %v", r.Boot, r.UptimeUntil, boot, uptime+modelSettings.Hold)
		}
	})
}

// silent is a registry that takes the request and never answers.
type silent struct{ *world }

func (s silent) Reserve(ctx context.Context, _ Order, beforeSend func() error) Answer {
	if err := beforeSend(); err != nil {
		return Answer{Verdict: VerdictUnreachable}
	}
	<-ctx.Done()
	return Answer{}
}

// An orderly stop waits no longer than the grace for a registry that does not answer.
func TestGraceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{}
		r := &Runner{
			Registry: silent{w}, Timetable: w, Printer: w, Journal: w, Log: discard, Watch: func(State) {},
			Grace: 9 * time.Second,
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); r.Run(ctx, Begin(modelSettings)) }()
		for _, e := range append([]Event{ServiceChanged{}}, bookings...) {
			r.Send(e)
			synctest.Wait()
		}
		begin := time.Now()
		cancel()
		<-ended
		if took := time.Since(begin); took != 9*time.Second {
			t.Errorf("the stop took %v, want the grace of 9 s", took)
		}
	})
}

// Whether a print that panicked has left paper is unknown.
func TestPanicOfAPrintIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{world: world{answer: ticketAnswer()}, paper: func() { panic("the printer") }}
		s := playKeeper(t, k, func(*Runner) {}, bookings...)
		if s.Booking.Print != PrintUnknown || k.of(StagePrintUnknown).Operation != s.Booking.Operation {
			t.Errorf("print %v, records %+v", s.Booking.Print, k.kept)
		}
	})
}

// A record whose writing panicked is not on disk: nothing is sent for it.
func TestPanicOfAWriteIsNoRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{world: world{answer: ticketAnswer()}, panics: StageIntent}
		s := playKeeper(t, k, func(*Runner) {}, bookings...)
		if did := k.done(); slices.Contains(did, "send") || s.Step != StepUnreachable {
			t.Errorf("done %v, step %v", did, s.Step)
		}
	})
}
