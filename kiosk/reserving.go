package kiosk

import (
	"time"

	"github.com/google/uuid"
)

// The booking itself: the intent, the request, its answer, and the one retry of an unknown end. While the registry is
// being asked there is no way home: the answer comes within a bounded time and may be a booking that the patient has
// to see.

// Answered answers [SendReservation].
type Answered struct {
	Operation uuid.UUID
	Answer    Answer
}

func (Answered) scope() scope { return answer }

// Verdict is what became of a request.
type Verdict int

// The verdicts.
const (
	VerdictUnknown     Verdict = iota // sent, no valid answer
	VerdictConfirmed                  // reserved
	VerdictRefused                    // answered with a refusal
	VerdictBusy                       // answered "later": certainly nothing was done
	VerdictUnreachable                // certainly nothing was sent
)

// Answer is the result of one request for a reservation.
type Answer struct {
	Verdict Verdict
	Ticket  Ticket        // of a confirmed one; what the registry left blank is filled in from the choice
	Refusal Refusal       // of a refused or busy one
	After   time.Duration // of a busy one: when to ask again
	From    time.Time     // the instant before the first byte was sent; zero when nothing was
	Clock   RegistryClock // as measured by this very answer, where it was

	asleep time.Duration // how long the computer had slept since its start at From
}

// intend writes the intent to disk. The request goes out only when it is there: see recorded.
func intend(s *State, now time.Time, operation uuid.UUID) []Command {
	if s.Booking.Asked.IsZero() {
		s.Booking.Asked = now
	}
	s.Step, s.Warning = StepReserving, false
	s.Booking.Operation, s.Booking.Stage = operation, StageIntent
	s.Booking.Attempt++
	s.Booking.WaitUntil, s.Booking.Refusal = time.Time{}, Refusal{}
	if s.Stopping {
		s.Step, s.Booking.Stage = StepUnreachable, StageUnreachable
		return nil
	}
	return []Command{write(s, StageIntent)}
}

// recorded goes on with what had to wait for the disk.
func recorded(s *State, e Recorded) []Command {
	if e.Operation != s.Booking.Operation {
		return nil
	}
	switch {
	case e.Stage == StageIntent && s.Booking.Stage == StageIntent:
		return send(s, e)
	case e.Stage == StageConfirmed && s.Booking.Stage == StageConfirmed:
		return afterConfirmed(s)
	case e.Stage == StageUnknown && s.Booking.Stage == StageUnknown && s.Step == StepReserving:
		if isNil(s.Cell.Doctor) {
			return unconfirmed(s) // it is not known in whose timetable to look
		}
		return []Command{Recheck{Operation: e.Operation, Cell: s.Cell, Person: s.Person}}
	case e.Stage == StagePrinting && s.Booking.Print == PrintPending && e.Job == s.Booking.Job:
		s.Booking.Print = PrintRunning
		return []Command{PrintTicket{paper(s)}}
	}
	return visitRecorded(s, e)
}

// send asks the registry, unless the intent could not be written: what leaves no trace is not done.
func send(s *State, e Recorded) []Command {
	switch {
	case e.Err != nil:
		s.Step, s.Booking.Stage = StepUnreachable, StageUnreachable
		return nil
	case s.Stopping:
		return unreachable(s)
	}
	s.Booking.Stage = StageSent
	order := Order{Operation: e.Operation, Cell: s.Cell.GUID, Age: s.Age, Hold: s.Settings.Hold, Person: s.Person}
	return []Command{SendReservation{order}}
}

func onReserving(s *State, now time.Time, e Event) []Command {
	switch e := e.(type) {
	case Answered:
		if e.Operation != s.Booking.Operation || s.Booking.Stage != StageSent {
			return nil
		}
		s.touch(now)
		return answered(s, now, e.Answer)
	case Rechecked:
		if e.Operation != s.Booking.Operation || s.Booking.Stage != StageUnknown {
			return nil
		}
		s.touch(now)
		return rechecked(s, now, e)
	default:
		return nil
	}
}

// answered turns an answer into a screen. A confirmed booking is on the screen at once, whatever disk and printer do.
func answered(s *State, now time.Time, a Answer) []Command {
	switch a.Verdict {
	case VerdictConfirmed:
		return confirmed(s, a)
	case VerdictRefused:
		return refused(s, a.Refusal)
	case VerdictBusy:
		return busy(s, now, a)
	case VerdictUnreachable:
		return unreachable(s)
	case VerdictUnknown:
	}
	s.Booking.Stage = StageUnknown
	return []Command{write(s, StageUnknown)}
}

func confirmed(s *State, a Answer) []Command {
	s.Step, s.Booking.Stage = StepTicket, StageConfirmed
	if a.Clock.Known {
		s.Clock = a.Clock
	}
	until := a.From.Add(s.Settings.Hold)
	s.Booking.Hold = Hold{From: a.From, Until: until, Shown: s.Clock.at(until)}
	t := fillIn(s, a.Ticket)
	s.Booking.Ticket = t
	r := recordOf(s, StageConfirmed)
	r.Num, r.Room, r.Floor, r.Ticket, r.Begin = t.Num, t.Room, t.Floor, t.GUID, t.Begin
	r.HoldUntil, r.until = s.Booking.Hold.Shown, until
	return []Command{WriteRecord{r}}
}

// fillIn completes what the registry left blank with what the patient has chosen: the short answer has nothing but
// number and clinic.
func fillIn(s *State, t Ticket) Ticket {
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
	if !s.Cell.Begin.IsZero() {
		t.Begin = beginOf(t, s.Cell)
	}
	return t
}

// beginOf returns when the visit begins by the registry's answer, in the zone of the chosen cell: the ticket tells the
// time that the screen told. An answer without a time leaves that of the cell.
func beginOf(t Ticket, c Cell) time.Time {
	if t.Begin.IsZero() {
		return c.Begin
	}
	return t.Begin.In(c.Begin.Location())
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// refused shows the registry's refusal. After an unknown first try "taken" and "already booked" prove nothing: our own
// booking may be in the way, so the result stays unconfirmed.
func refused(s *State, r Refusal) []Command {
	if !isNil(s.Booking.RetryOf) && (r.Meaning == MeaningCellTaken || r.Meaning == MeaningAlready) {
		s.Booking.CellState = CellTaken
		return unconfirmed(s)
	}
	s.Booking.Stage, s.Booking.Refusal = StageRefused, r
	commands := []Command{refusalRecord(s)}
	if r.Meaning == MeaningCellTaken && !isNil(s.Doctor.GUID) {
		s.Step, s.Notice, s.Loading = StepTime, NoticeCellTaken, true
		s.Days, s.Day, s.Any = nil, -1, false
		return append(commands, ListDays{Doctor: s.Doctor.GUID, Fresh: true})
	}
	if r.Meaning == MeaningPatient && mayRenew(s) {
		more := renew(s)
		return append(commands, more...)
	}
	s.Step = StepRefused
	return commands
}

func refusalRecord(s *State) WriteRecord {
	r := recordOf(s, StageRefused)
	r.HTTPStatus, r.Code = s.Booking.Refusal.HTTPStatus, s.Booking.Refusal.Code
	return WriteRecord{r}
}

// busy waits as long as the registry asks, within the patient's patience; beyond it the answer is a refusal.
func busy(s *State, now time.Time, a Answer) []Command {
	until := now.Add(a.After)
	if until.Sub(s.Booking.Asked) > s.Settings.Patience {
		a.Refusal.Meaning = MeaningBusy
		return refused(s, a.Refusal)
	}
	s.Booking.Stage, s.Booking.WaitUntil, s.Booking.Refusal = StageRefused, until, a.Refusal
	return []Command{refusalRecord(s)}
}

// askAgain asks a busy registry once more. It is a new operation: the one before was answered, and its end is on disk.
func askAgain(s *State, now time.Time) []Command {
	if s.Booking.WaitUntil.IsZero() || now.Before(s.Booking.WaitUntil) {
		return nil
	}
	return intend(s, now, derive(s.Booking.Operation, "attempt", s.Booking.Attempt))
}

func unreachable(s *State) []Command {
	if !isNil(s.Booking.RetryOf) {
		return unconfirmed(s)
	}
	s.Step, s.Booking.Stage = StepUnreachable, StageUnreachable
	return []Command{write(s, StageUnreachable)}
}

// rechecked decides what an unknown end means after the cell was re-read. Free again: nothing was reserved, and one
// retry is allowed. Anything else: the result stays unconfirmed.
func rechecked(s *State, now time.Time, e Rechecked) []Command {
	s.Booking.CellState = e.State.told()
	if e.State != CellFree || !isNil(s.Booking.RetryOf) || s.Stopping {
		return unconfirmed(s)
	}
	end := done(e.Operation, CellFree)
	s.Booking.RetryOf, s.Booking.CellState = e.Operation, ""
	commands := intend(s, now, derive(e.Operation, "retry", 1))
	return append([]Command{end}, commands...)
}

// done is the record that ends a booking; of an unknown end with what a re-read of its cell has shown.
func done(operation uuid.UUID, c CellState) WriteRecord {
	return WriteRecord{Record{Operation: operation, Stage: StageDone, CellState: c}}
}

// unconfirmed shows the patient that the result is not known, and prints a slip with the operation's code.
func unconfirmed(s *State) []Command {
	written := s.Booking.Stage == StageUnknown
	s.Step, s.Booking.Stage = StepUnconfirmed, StageUnknown
	s.Booking.Ticket = fillIn(s, Ticket{})
	var commands []Command
	if !written {
		commands = append(commands, write(s, StageUnknown))
	}
	more := beginPrint(s)
	return append(commands, more...)
}
