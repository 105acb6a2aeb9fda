package kiosk

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// confirm is the patient's word: the check is right, or "try again" after nothing was reserved.
func confirm(s State, now time.Time, e Confirm) (State, []Command) {
	if s.Step != StepCheck && s.Step != StepUnreachable {
		return s, nil
	}
	s.Booking = Booking{}
	return intend(s, now, e.Operation)
}

// reserveCell starts where only the cell's GUID is known.
func reserveCell(s State, now time.Time, e ReserveCell) (State, []Command) {
	if s.Step != StepWelcome {
		return s, nil
	}
	s.Age, s.Cell = e.Age, Cell{GUID: e.Cell}
	return intend(s, now, e.Operation)
}

// intend writes the intent down. Only when it is on disk does the request go out: see recorded.
func intend(s State, now time.Time, operation uuid.UUID) (State, []Command) {
	if s.Booking.Asked.IsZero() {
		s.Booking.Asked = now
	}
	s.Step, s.Warning = StepReserving, false
	s.Booking.Operation, s.Booking.Stage = operation, StageIntent
	s.Booking.Attempt++
	s.Booking.WaitUntil = time.Time{}
	return s, []Command{WriteRecord{Record{
		Operation: operation, Stage: StageIntent, RetryOf: s.Booking.RetryOf,
		Cell: s.Cell.GUID, Doctor: s.Doctor.GUID, Age: s.Age, Begin: s.Cell.Begin,
	}}}
}

// recorded goes on with what had to wait for the disk.
func recorded(s State, e Recorded) (State, []Command) {
	if e.Operation != s.Booking.Operation {
		return s, nil
	}
	switch {
	case e.Stage == StageIntent && s.Booking.Stage == StageIntent:
		return send(s, e)
	case e.Stage == StageConfirmed && s.Booking.Stage == StageConfirmed:
		return printFirst(s)
	case e.Stage == StageUnknown && s.Booking.Stage == StageUnknown && s.Step == StepReserving:
		if isNil(s.Cell.Doctor) {
			return unconfirmed(s) // nobody knows in whose timetable to look
		}
		return s, []Command{Recheck{Operation: e.Operation, Cell: s.Cell}}
	case e.Stage == StagePrinting && s.Booking.Print == PrintPending && e.Job == s.Booking.Job:
		s.Booking.Print = PrintRunning
		return s, []Command{PrintTicket{paper(s)}}
	}
	return s, nil
}

// send asks the registry, unless the intent could not be written: what leaves no trace is not done.
func send(s State, e Recorded) (State, []Command) {
	if e.Err != nil {
		s.Step, s.Booking.Stage = StepUnreachable, StageUnreachable
		s.Service.Down = ReasonJournal
		return s, nil
	}
	s.Booking.Stage = StageSent
	return s, []Command{SendReservation{Order{Operation: e.Operation, Cell: s.Cell.GUID, Age: s.Age, Hold: s.Settings.Hold}}}
}

// answered turns an answer into a screen. A confirmed booking is on the screen at once, whatever disk and printer do afterwards.
func answered(s State, now time.Time, e Answered) (State, []Command) {
	if s.Step != StepReserving || e.Operation != s.Booking.Operation || s.Booking.Stage != StageSent {
		return s, nil
	}
	s.Touched, s.Warning = now, false
	switch e.Answer.Verdict {
	case VerdictConfirmed:
		return confirmed(s, e.Answer)
	case VerdictRefused:
		return refused(s, e.Answer.Refusal)
	case VerdictBusy:
		return busy(s, now, e.Answer)
	case VerdictUnreachable:
		return unreachable(s)
	}
	s.Booking.Stage = StageUnknown
	return s, []Command{outcome(s, StageUnknown)}
}

func confirmed(s State, a Answer) (State, []Command) {
	s.Step, s.Booking.Stage = StepTicket, StageConfirmed
	if a.Clock.Known {
		s.Clock = a.Clock
	}
	until := a.From.Add(s.Settings.Hold)
	s.Booking.Hold = Hold{From: a.From, Until: until, Shown: s.Clock.at(until)}
	s.Booking.Ticket = fillIn(s, a.Ticket)
	r := outcome(s, StageConfirmed)
	r.Record.Num, r.Record.Room, r.Record.Floor = s.Booking.Ticket.Num, s.Booking.Ticket.Room, s.Booking.Ticket.Floor
	r.Record.Ticket, r.Record.HoldUntil, r.Record.Begin = s.Booking.Ticket.GUID, s.Booking.Hold.Shown, s.Booking.Ticket.Begin
	r.Record.until = until
	return s, []Command{r}
}

// fillIn completes what the registry left blank with what the patient has chosen: the short answer has nothing but number and clinic.
func fillIn(s State, t Ticket) Ticket {
	room, floor := s.room()
	if t.Room == "" {
		t.Room, t.Floor = room, floor
	}
	if t.Floor == 0 && t.Room == room {
		t.Floor = floor
	}
	t.Clinic = firstOf(t.Clinic, s.Overview.Clinic.Name)
	t.Doctor = firstOf(t.Doctor, s.Doctor.Name)
	t.Post = firstOf(t.Post, s.Doctor.Post)
	t.Speciality = firstOf(t.Speciality, s.Doctor.Speciality)
	t.District = firstOf(t.District, s.Doctor.District)
	if t.Begin.IsZero() {
		t.Begin = s.Cell.Begin
	}
	return t
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// refused shows the registry's no. After an unknown first try "taken" and "already booked" prove nothing: it may be our own booking that
// is in the way, so the result stays unconfirmed.
func refused(s State, r Refusal) (State, []Command) {
	if !isNil(s.Booking.RetryOf) && (r.Meaning == MeaningCellTaken || r.Meaning == MeaningAlready) {
		s.Booking.Finding = FindingTaken
		return unconfirmed(s)
	}
	s.Booking.Stage, s.Booking.Refusal = StageRefused, r
	record := outcome(s, StageRefused)
	record.Record.HTTPStatus, record.Record.Code = r.HTTPStatus, r.Code
	commands := []Command{record}
	switch {
	case r.Meaning == MeaningAccess:
		s.Step, s.Service.Down = StepRefused, ReasonAccess
	case r.Meaning == MeaningCellTaken && !isNil(s.Doctor.GUID):
		s.Step, s.Notice, s.Loading = StepTime, NoticeCellTaken, true
		s.Days, s.Day, s.Any = nil, -1, false
		commands = append(commands, ListDays{Doctor: s.Doctor.GUID, Fresh: true})
	default:
		s.Step = StepRefused
	}
	return s, commands
}

// busy waits as long as the registry asks, within the patient's patience; beyond it the answer is a no.
func busy(s State, now time.Time, a Answer) (State, []Command) {
	until := now.Add(a.After)
	if until.Sub(s.Booking.Asked) > s.Settings.Patience {
		a.Refusal.Meaning = MeaningBusy
		return refused(s, a.Refusal)
	}
	s.Booking.Stage, s.Booking.WaitUntil = StageRefused, until
	record := outcome(s, StageRefused)
	record.Record.HTTPStatus, record.Record.Code = a.Refusal.HTTPStatus, a.Refusal.Code
	return s, []Command{record}
}

// waitOver asks a busy registry again. It is a new operation: the one before was answered, and its end is written down.
func waitOver(s State, now time.Time) (State, []Command) {
	if s.Booking.WaitUntil.IsZero() || now.Before(s.Booking.WaitUntil) {
		return s, nil
	}
	return intend(s, now, derive(s.Booking.Operation, "attempt", s.Booking.Attempt))
}

func unreachable(s State) (State, []Command) {
	if !isNil(s.Booking.RetryOf) {
		return unconfirmed(s)
	}
	s.Step, s.Booking.Stage = StepUnreachable, StageUnreachable
	return s, []Command{outcome(s, StageUnreachable)}
}

// rechecked decides what an unknown end means after a fresh look at the cell: free again, so nothing was reserved and one more try is
// allowed; anything else, and nobody knows.
func rechecked(s State, now time.Time, e Rechecked) (State, []Command) {
	if i := reconcilingOf(s, e.Operation); i >= 0 {
		return reconciled(s, now, i, e.State)
	}
	if s.Step != StepReserving || e.Operation != s.Booking.Operation || s.Booking.Stage != StageUnknown {
		return s, nil
	}
	s.Touched = now
	s.Booking.Finding = findings[e.State]
	if e.State != CellFree || !isNil(s.Booking.RetryOf) {
		return unconfirmed(s)
	}
	end := found(e.Operation, FindingFree)
	s.Booking.RetryOf, s.Booking.Finding = e.Operation, ""
	s, commands := intend(s, now, derive(e.Operation, "retry", 1))
	return s, append([]Command{end}, commands...)
}

var findings = map[CellState]Finding{CellUnknown: FindingUnread, CellFree: FindingFree, CellTaken: FindingTaken}

// found is the record that ends a booking of which nobody knew.
func found(operation uuid.UUID, f Finding) WriteRecord {
	return WriteRecord{Record{Operation: operation, Stage: StageDone, Finding: f}}
}

// unconfirmed tells the patient that the result is not known, and gives him a slip with the operation's code.
func unconfirmed(s State) (State, []Command) {
	written := s.Booking.Stage == StageUnknown
	s.Step, s.Booking.Stage = StepUnconfirmed, StageUnknown
	s.Booking.Ticket = fillIn(s, Ticket{})
	var commands []Command
	if !written {
		commands = append(commands, outcome(s, StageUnknown))
	}
	s, more := beginPrint(s)
	return s, append(commands, more...)
}

// outcome is the record of the booking's present operation at a stage.
func outcome(s State, stage Stage) WriteRecord {
	return WriteRecord{Record{
		Operation: s.Booking.Operation, Stage: stage, RetryOf: s.Booking.RetryOf,
		Cell: s.Cell.GUID, Doctor: s.Doctor.GUID, Age: s.Age, Begin: s.Cell.Begin,
	}}
}

// derive makes an identifier that follows from another, so that the machine stays pure and a test can foretell it.
func derive(from uuid.UUID, what string, n int) uuid.UUID {
	return uuid.NewSHA1(from, []byte(what+strconv.Itoa(n)))
}

func isNil(id uuid.UUID) bool { return id == uuid.Nil }
