package kiosk

import (
	"testing"
	"time"
)

// The patient has the whole idle time to read what became of the paper, however long the print took.
func TestTheEndOfAPrintIsASignOfLife(t *testing.T) {
	v := newPatient(t)
	v.confirmed()
	v.recorded(StageConfirmed)
	v.recorded(StagePrinting)
	v.now = v.now.Add(modelSettings.Idle + modelSettings.Warning)
	v.give(PrintEnded{Operation: v.s.Booking.Operation, Job: v.s.Booking.Job, Outcome: PrintDone}, Tick{})
	v.want(StepTicket)
	if v.s.Warning {
		t.Error("the patient is asked whether he is still there as soon as the ticket is out")
	}
}

// The time asleep counts as patience that is used up, and as hold of an offered booking.
func TestSleepCountsForPatienceAndOffers(t *testing.T) {
	v := newPatient(t)
	v.sent()
	v.give(Slept{For: modelSettings.Patience})
	v.answer(Answer{Verdict: VerdictBusy, After: time.Second})
	v.want(StepRefused)

	v = newPatient(t)
	v.give(Recovered{Records: []Record{{
		Operation: guid(1), Stage: StageConfirmed, Num: "008", At: v.now, HoldUntil: v.now.Add(time.Minute),
	}}})
	v.want(StepOffer)
	v.give(Slept{For: time.Minute}, Tick{})
	v.want(StepWelcome)
}

// A cell is read again in its doctor's timetable, on its day.
func TestARereadNamesTheCellItsDoctorAndItsTime(t *testing.T) {
	v := newPatient(t)
	cell := Cell{GUID: guid(2), Doctor: guid(3), Begin: v.now.Add(24 * time.Hour)}
	v.give(Recovered{Records: []Record{{
		Operation: guid(1), Stage: StageUnknown, Cell: cell.GUID, Doctor: cell.Doctor, Begin: cell.Begin,
	}}}, Tick{})
	if want := (Recheck{Operation: guid(1), Cell: cell}); len(v.commands) != 1 || v.commands[0] != want {
		t.Errorf("commands %+v, want %+v", v.commands, want)
	}
}

// The answer to a command that panicked claims nothing: no list, no record, no end of a request, of a print or of a
// re-read.
func TestEmptyResultsClaimNothing(t *testing.T) {
	order, paper := Order{Operation: guid(1)}, Paper{Operation: guid(1), Job: guid(2)}
	if got := (Recheck{Operation: guid(1)}).empty(); got != (Rechecked{guid(1), CellUnread}) {
		t.Errorf("a re-read: %+v", got)
	}
	if got := (SendReservation{order}).empty(); got.(Answered).Answer.Verdict != VerdictUnknown {
		t.Errorf("a request: %+v", got)
	}
	if got := (PrintTicket{paper}).empty(); got.(PrintEnded).Outcome != PrintUnknown || got.(PrintEnded).Job != guid(2) {
		t.Errorf("a print: %+v", got)
	}
	if got := (WriteRecord{Record{Operation: guid(1), Stage: StageIntent}}).empty(); got.(Recorded).Err == nil {
		t.Errorf("a record: %+v", got)
	}
	lists := []Command{
		ListSpecialities{Age: AgeTeen}, ListDoctors{Speciality: "1"}, ListDays{Doctor: guid(1)}, ListAnyDays{Speciality: "1"},
	}
	for _, c := range lists {
		v := newPatient(t)
		v.s.Age, v.s.Speciality.Code, v.s.Doctor.GUID, v.s.Loading = AgeTeen, "1", guid(1), true
		switch c.(type) {
		case ListSpecialities:
			v.s.Step = StepSpeciality
		case ListDoctors:
			v.s.Step = StepDoctor
		case ListDays:
			v.s.Step = StepTime
		case ListAnyDays:
			v.s.Step, v.s.Any = StepTime, true
		}
		v.give(c.empty())
		if v.s.Loading {
			t.Errorf("after a panic in %T the page loads for good", c)
		}
	}
}
