package kiosk

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

// patient drives the state machine by hand, one event after the other, and keeps what came of the last.
type patient struct {
	t        *testing.T
	s        State
	now      time.Time
	commands []Command
}

func newPatient(t *testing.T) *patient {
	v := &patient{t: t, s: Begin(modelSettings), now: time.Now()}
	v.give(OverviewChanged{Overview{Clinic: Clinic{Name: "Поликлиника № 3"}}})
	v.give(ServiceChanged{})
	return v
}

func (v *patient) give(events ...Event) {
	for _, e := range events {
		v.s, v.commands = Update(v.s, v.now, e)
	}
}

func (v *patient) want(s Step) {
	v.t.Helper()
	if v.s.Step != s {
		v.t.Fatalf("the visit is at %v, want %v", v.s.Step, s)
	}
}

// sent takes the visit to where the request for a cell is on its way.
func (v *patient) sent() {
	v.t.Helper()
	v.give(Start{}, ChooseAge{AgeAdult}, SpecialitiesListed{AgeAdult, specialitiesOf(2)}, ChooseSpeciality{"1"})
	doctors := doctorsOf(2)
	v.give(DoctorsListed{"1", doctors}, ChooseDoctor{doctors[1].GUID})
	days := daysOf(v.now, doctors[1].GUID, 3)
	v.give(DaysListed{doctors[1].GUID, days}, ChooseDay{2}, ChooseCell{days[2].Cells[1].GUID})
	v.want(StepCheck)
	v.give(Confirm{guid(1)})
	v.want(StepReserving)
	v.recorded(StageIntent)
}

func (v *patient) recorded(stage Stage) {
	v.give(Recorded{Operation: v.s.Booking.Operation, Stage: stage, Job: v.s.Booking.Job})
}

func (v *patient) answer(a Answer) { v.give(Answered{v.s.Booking.Operation, a}) }

func (v *patient) refuse(m Meaning) {
	v.sent()
	v.answer(
		Answer{
			Verdict: VerdictRefused,
			From:    v.now,
			Refusal: Refusal{Meaning: m, HTTPStatus: 400, Text: "Текст регистратуры"},
		},
	)
}

func (v *patient) confirmed() {
	v.sent()
	v.answer(Answer{Verdict: VerdictConfirmed, From: v.now, Ticket: Ticket{Num: "008", GUID: guid(8)}})
}

// has reports whether the last event brought a command of a kind.
func has[C Command](v *patient) bool {
	for _, c := range v.commands {
		if _, ok := c.(C); ok {
			return true
		}
	}
	return false
}

func TestConfirmedIsShownRecordedAndPrinted(t *testing.T) {
	v := newPatient(t)
	v.confirmed()
	v.want(StepTicket)
	b := v.s.Booking
	if b.Ticket.Room != "202" || b.Ticket.Floor != 2 || b.Ticket.Doctor == "" || b.Ticket.Clinic == "" ||
		b.Ticket.Begin.IsZero() {
		t.Errorf("what the registry left blank was not filled in from the choice: %+v", b.Ticket)
	}
	if has[PrintTicket](v) {
		t.Error("paper before the confirmation is on disk")
	}
	v.recorded(StageConfirmed)
	v.recorded(StagePrinting)
	if !has[PrintTicket](v) {
		t.Fatal("no paper")
	}
	v.give(PrintEnded{Operation: b.Operation, Job: v.s.Booking.Job, Outcome: PrintDone})
	if !v.s.Settled() || v.s.Outcome() != "reserved" || v.s.PrintOutcome() != "printed" {
		t.Errorf("settled %v, outcome %s, print %s", v.s.Settled(), v.s.Outcome(), v.s.PrintOutcome())
	}
}

func TestPaperDoesNotDependOnTheJournal(t *testing.T) {
	v := newPatient(t)
	v.confirmed()
	v.give(Recorded{Operation: v.s.Booking.Operation, Stage: StageConfirmed, Err: errDisk})
	v.give(Recorded{Operation: v.s.Booking.Operation, Stage: StagePrinting, Job: v.s.Booking.Job, Err: errDisk})
	if !has[PrintTicket](v) {
		t.Error("a booking that exists was not printed because the disk is full")
	}
}

func TestWithoutIntentOnDiskNothingIsSent(t *testing.T) {
	v := newPatient(t)
	v.sent()
	v = newPatient(t)
	v.give(ReserveCell{Operation: guid(1), Cell: guid(2), Age: AgeChild})
	v.give(Recorded{Operation: guid(1), Stage: StageIntent, Err: errDisk})
	v.want(StepUnreachable)
	if len(v.commands) != 0 || v.s.Outcome() != "unreachable" {
		t.Errorf("commands %v, outcome %q", v.commands, v.s.Outcome())
	}
	if v.s.Service.Down != "" {
		t.Errorf("the visit has closed the terminal: %q", v.s.Service.Down)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		meaning Meaning
		step    Step
	}{
		{MeaningCellTaken, StepTime},
		{MeaningChildren, StepRefused},
		{MeaningForbidden, StepRefused},
		{MeaningAlready, StepRefused},
		{MeaningAgeLimit, StepRefused},
		{MeaningOurFault, StepRefused},
		{MeaningAccess, StepRefused},
		{MeaningOther, StepRefused},
	} {
		v := newPatient(t)
		v.refuse(c.meaning)
		v.want(c.step)
		if v.s.Outcome() != "refused" {
			t.Errorf("meaning %d: outcome %s", c.meaning, v.s.Outcome())
		}
	}
}

func TestTakenCellBringsAFreshListOfTheSameDay(t *testing.T) {
	v := newPatient(t)
	v.refuse(MeaningCellTaken)
	if v.s.Notice != NoticeCellTaken || !v.s.Loading {
		t.Errorf("notice %v, loading %v", v.s.Notice, v.s.Loading)
	}
	if list, ok := v.commands[len(v.commands)-1].(ListDays); !ok || !list.Fresh || list.Doctor != v.s.Doctor.GUID {
		t.Errorf("commands %v", v.commands)
	}
	v.give(DaysListed{v.s.Doctor.GUID, daysOf(v.now, v.s.Doctor.GUID, 3)})
	if v.s.Day != 2 {
		t.Errorf("day %d, want the day that the patient had chosen", v.s.Day)
	}
}

func TestNoAccessClosesBookingAfterItsScreen(t *testing.T) {
	v := newPatient(t)
	v.refuse(MeaningAccess)
	if v.s.Service.Down != "" {
		t.Fatal("the visit has closed the terminal by itself")
	}
	v.give(ServiceChanged{Service{Down: ReasonAccess}})
	v.want(StepRefused)
	v.give(Home{})
	v.want(StepClosed)
	v.give(ServiceChanged{})
	v.want(StepWelcome)
}

func TestChangesAfterARefusal(t *testing.T) {
	v := newPatient(t)
	v.refuse(MeaningChildren)
	v.give(ChangeAge{})
	v.want(StepAge)
	v = newPatient(t)
	v.refuse(MeaningAgeLimit)
	v.give(ChangeDoctor{})
	v.want(StepDoctor)
	if !has[ListDoctors](v) {
		t.Error("no list of doctors was asked for")
	}
}

func TestUnknownEnds(t *testing.T) {
	unknown := func(v *patient) {
		v.answer(Answer{Verdict: VerdictUnknown, From: v.now})
		v.recorded(StageUnknown)
	}
	t.Run("the cell is not free", func(t *testing.T) {
		for _, state := range []CellState{CellTaken, CellUnread} {
			v := newPatient(t)
			v.sent()
			unknown(v)
			v.give(Rechecked{v.s.Booking.Operation, state})
			v.want(StepUnconfirmed)
			if v.s.Outcome() != "unknown" || v.s.Booking.Print != PrintPending {
				t.Errorf("outcome %s, print %v: no slip", v.s.Outcome(), v.s.Booking.Print)
			}
		}
	})
	t.Run("free again, and the second try is confirmed", func(t *testing.T) {
		v := newPatient(t)
		v.sent()
		first := v.s.Booking.Operation
		unknown(v)
		v.give(Rechecked{first, CellFree})
		v.want(StepReserving)
		v.recorded(StageIntent)
		if !has[SendReservation](v) || v.s.Booking.Operation == first {
			t.Fatal("no second try of its own")
		}
		v.answer(Answer{Verdict: VerdictConfirmed, From: v.now, Ticket: Ticket{Num: "009", GUID: guid(9)}})
		v.want(StepTicket)
	})
	t.Run("no third try, and a second refusal proves nothing", func(t *testing.T) {
		for _, a := range []Answer{
			{Verdict: VerdictUnknown},
			{Verdict: VerdictUnreachable},
			{Verdict: VerdictRefused, Refusal: Refusal{Meaning: MeaningCellTaken}},
			{Verdict: VerdictRefused, Refusal: Refusal{Meaning: MeaningAlready}},
		} {
			v := newPatient(t)
			v.sent()
			unknown(v)
			v.give(Rechecked{v.s.Booking.Operation, CellFree})
			v.recorded(StageIntent)
			v.answer(a)
			if a.Verdict == VerdictUnknown {
				v.recorded(StageUnknown)
				v.give(Rechecked{v.s.Booking.Operation, CellFree})
			}
			v.want(StepUnconfirmed)
		}
	})
	t.Run("without a doctor there is no timetable to look at", func(t *testing.T) {
		v := newPatient(t)
		v.give(ReserveCell{Operation: guid(1), Cell: guid(2), Age: AgeAdult})
		v.recorded(StageIntent)
		unknown(v)
		v.want(StepUnconfirmed)
	})
}

func TestBusyRegistry(t *testing.T) {
	v := newPatient(t)
	v.sent()
	v.answer(Answer{Verdict: VerdictBusy, After: 20 * time.Second})
	v.want(StepReserving)
	v.give(Tick{})
	if has[WriteRecord](v) {
		t.Error("asked again too early")
	}
	v.now = v.now.Add(20 * time.Second)
	v.give(Tick{})
	v.recorded(StageIntent)
	if !has[SendReservation](v) {
		t.Error("not asked again")
	}
	v.now = v.now.Add(5 * time.Second)
	v.answer(Answer{Verdict: VerdictBusy, After: 40 * time.Second})
	v.want(StepRefused)
	if v.s.Booking.Refusal.Meaning != MeaningBusy {
		t.Errorf("meaning %v beyond the patience of a minute", v.s.Booking.Refusal.Meaning)
	}
}

func TestHoldCountsDownAndRunsOut(t *testing.T) {
	v := newPatient(t)
	v.confirmed()
	until := v.s.Booking.Hold.Until
	if got := until.Sub(v.now); got != modelSettings.Hold {
		t.Errorf("the hold is %v, want %v from before the send", got, modelSettings.Hold)
	}
	v.now = until.Add(-time.Second)
	v.give(Tick{})
	v.want(StepTicket)
	if v.s.Booking.HoldOver || v.s.Booking.Hold.Left(v.now) != time.Second {
		t.Errorf("over %v, left %v", v.s.Booking.HoldOver, v.s.Booking.Hold.Left(v.now))
	}
	v.now = until
	v.give(Tick{})
	if !v.s.Booking.HoldOver {
		t.Error("the hold did not run out")
	}
	v.give(PrintCopy{})
	if has[WriteRecord](v) {
		t.Error("a ticket whose hold is over was printed")
	}
}

func TestIdleAsksBeforeAnythingIsDropped(t *testing.T) {
	v := newPatient(t)
	v.give(Start{}, ChooseAge{AgeAdult})
	v.now = v.now.Add(modelSettings.Idle)
	v.give(Tick{})
	v.want(StepSpeciality)
	if !v.s.Warning {
		t.Fatal("nothing was asked")
	}
	v.give(Touch{})
	v.now = v.now.Add(modelSettings.Idle - time.Second)
	v.give(Tick{})
	if v.s.Warning {
		t.Error("the touch did not count")
	}
	v.now = v.now.Add(modelSettings.Warning + time.Second)
	v.give(Tick{})
	v.want(StepWelcome)
}

// TestGoingBackKeepsTheView checks that «Назад» from the first question leads the same patient to the welcome screen,
// and that the view is forgotten when he has left.
func TestGoingBackKeepsTheView(t *testing.T) {
	v := newPatient(t)
	set := View{Language: "en", Text: TextExtra}
	v.give(SetView{set}, Start{}, Back{})
	if v.s.Step != StepWelcome || v.s.View != set {
		t.Errorf("after going back %v has the view %+v", v.s.Step, v.s.View)
	}
	v.now = v.now.Add(modelSettings.Idle + modelSettings.Warning)
	v.give(Tick{})
	if v.s.View != modelSettings.View {
		t.Errorf("the next patient finds %+v", v.s.View)
	}
}

func TestTheViewIsForgottenWithTheVisit(t *testing.T) {
	v := newPatient(t)
	v.give(SetView{View{Language: "en", Text: TextExtra, Contrast: ContrastWhiteOnBlack}}, Start{}, Home{})
	if v.s.View != modelSettings.View {
		t.Errorf("the next patient finds %+v", v.s.View)
	}
	v.give(SetView{View{Language: "en"}})
	v.now = v.now.Add(modelSettings.Idle + modelSettings.Warning)
	v.give(Tick{})
	if v.s.View != modelSettings.View {
		t.Error("the welcome screen keeps a language that nobody reads")
	}
}

func TestAPrintOutlivesItsPatient(t *testing.T) {
	v := newPatient(t)
	v.confirmed()
	v.recorded(StageConfirmed)
	v.recorded(StagePrinting)
	b := v.s.Booking
	v.give(Home{})
	v.want(StepWelcome)
	if len(v.commands) != 0 || len(v.s.Leaving) != 1 {
		t.Fatalf("commands %v, leaving %v", v.commands, v.s.Leaving)
	}
	v.give(PrintEnded{Operation: b.Operation, Job: b.Job, Outcome: PrintDone})
	stages := []Stage{v.commands[0].(WriteRecord).Record.Stage, v.commands[1].(WriteRecord).Record.Stage}
	if stages[0] != StagePrinted || stages[1] != StageDone || len(v.s.Leaving) != 0 {
		t.Errorf("stages %v, leaving %v", stages, v.s.Leaving)
	}
}

func TestBackGoesOneQuestionBack(t *testing.T) {
	v := newPatient(t)
	v.give(Start{}, ChooseAge{AgeAdult}, SpecialitiesListed{AgeAdult, specialitiesOf(2)}, ChooseSpeciality{"1"})
	doctors := doctorsOf(2)
	v.give(DoctorsListed{"1", doctors}, ChooseDoctor{doctors[1].GUID})
	days := daysOf(v.now, doctors[1].GUID, 2)
	v.give(DaysListed{doctors[1].GUID, days}, ChooseCell{days[1].Cells[0].GUID})
	for _, want := range []Step{StepTime, StepDoctor, StepSpeciality, StepAge, StepWelcome} {
		v.give(Back{})
		v.want(want)
	}
}

func TestAnyDoctorIsWhoeverTheCellBelongsTo(t *testing.T) {
	v := newPatient(t)
	v.give(
		Start{},
		ChooseAge{AgeAdult},
		SpecialitiesListed{AgeAdult, specialitiesOf(2)},
		ChooseSpeciality{"1"},
		DoctorsListed{"1", doctorsOf(3)},
		ChooseAnyDoctor{},
	)
	v.want(StepTime)
	if len(v.commands) != 1 || v.commands[0] != (ListAnyDays{AgeAdult, "1"}) {
		t.Fatalf("commands %v", v.commands)
	}
	days := mergeDays([][]Day{daysOf(v.now, guid(1), 2), daysOf(v.now, guid(2), 3)})
	v.give(AnyDaysListed{"another", days})
	if !v.s.Loading {
		t.Error("the days of another speciality were taken")
	}
	v.give(AnyDaysListed{"1", days}, ChooseDay{2}, ChooseCell{days[2].Cells[1].GUID})
	v.want(StepCheck)
	if v.s.Doctor.GUID != guid(2) || v.s.Doctor.Room != "202" {
		t.Errorf("the cell's doctor is %+v", v.s.Doctor)
	}
	v.give(Back{})
	v.want(StepTime)
	if v.s.Doctor.Name != "" || len(v.s.Days) != 3 {
		t.Errorf("after the way back: doctor %q, %d days", v.s.Doctor.Name, len(v.s.Days))
	}
}

func TestAnyDoctorNeedsTwoWhoAreFree(t *testing.T) {
	v := newPatient(t)
	v.give(
		Start{},
		ChooseAge{AgeAdult},
		SpecialitiesListed{AgeAdult, specialitiesOf(2)},
		ChooseSpeciality{"1"},
		DoctorsListed{"1", doctorsOf(2)},
		ChooseAnyDoctor{},
	)
	v.want(StepDoctor)
}

func TestMergedDaysAreInOrderWithoutTwins(t *testing.T) {
	at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	cell := func(n, hour int) Cell { return Cell{GUID: guid(n), Begin: at.Add(time.Duration(hour) * time.Hour)} }
	got := mergeDays([][]Day{
		{{Date: at.AddDate(0, 0, 1)}, {Date: at.AddDate(0, 0, 2)}},
		{{Date: at, Cells: []Cell{cell(1, 9), cell(2, 11)}}},
		{{Date: at, Cells: []Cell{cell(3, 8), cell(4, 9)}}, {Date: at.AddDate(0, 0, 1), Cells: []Cell{cell(5, 33)}}},
	})
	if len(got) != 3 || len(got[0].Cells) != 3 || got[0].Cells[0].GUID != guid(3) || got[0].Cells[1].GUID != guid(1) ||
		len(got[1].Cells) != 1 || !got[2].Date.Equal(at.AddDate(
		0, 0, 2,
	)) {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsFullCannotBeChosen(t *testing.T) {
	v := newPatient(t)
	v.give(Start{}, ChooseAge{AgeAdult}, SpecialitiesListed{AgeAdult, specialitiesOf(2)}, ChooseSpeciality{"0"})
	v.want(StepSpeciality)
	v.give(ChooseSpeciality{"1"}, DoctorsListed{"1", doctorsOf(2)}, ChooseDoctor{doctorsOf(1)[0].GUID})
	v.want(StepDoctor)
	v.give(
		ChooseDoctor{doctorsOf(2)[1].GUID},
		DaysListed{doctorsOf(2)[1].GUID, daysOf(v.now, doctorsOf(2)[1].GUID, 3)},
		ChooseDay{0},
	)
	if v.s.Day != 1 {
		t.Errorf("day %d, want the first with a free cell", v.s.Day)
	}
	v.give(ChooseCell{uuid.New()})
	v.want(StepTime)
}

// The ticket tells the time in the zone of the chosen cell, whatever offset the registry's answer has.
func TestTicketTellsTheZoneOfTheCell(t *testing.T) {
	v := newPatient(t)
	v.sent()
	zone := time.FixedZone("", 5*60*60)
	v.s.Cell.Begin = v.s.Cell.Begin.In(zone)
	begin := v.s.Cell.Begin.UTC()
	v.answer(Answer{Verdict: VerdictConfirmed, From: v.now, Ticket: Ticket{Num: "008", GUID: guid(8), Begin: begin}})
	told := v.s.Booking.Ticket.Begin
	if !told.Equal(begin) || told.Format("15:04") != begin.In(zone).Format("15:04") {
		t.Errorf("%v is told as %v", begin, told)
	}
}
