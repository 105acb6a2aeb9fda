package kiosk

import (
	"time"

	"github.com/google/uuid"
)

// The hold becomes a visit, where the site wants that and the registry knows the patient. Its stages are journaled like
// those of the reservation. Whatever comes of it, the hold stands and the patient keeps his number.

// VisitAnswered answers [MakeVisit].
type VisitAnswered struct {
	Operation uuid.UUID // of the visit's request
	Answer    Answer
}

func (VisitAnswered) scope() scope { return terminal }

// VisitState is what is known of the visit that a booking becomes.
type VisitState int

// The states of a visit.
const (
	VisitNone    VisitState = iota // none is made: the patient confirms at the registration desk
	VisitPending                   // the record of its beginning is on its way to the disk
	VisitRunning                   // the registry is being asked
	VisitMade
	VisitRefused // certainly none was made: the hold stands
	VisitUnknown // whether it was made is unknown; the hold stands
)

// Busy reports whether a visit has begun and its end is not known.
func (v VisitState) Busy() bool { return v == VisitPending || v == VisitRunning }

// Stage returns the stage that a booking takes when its visit has ended so; "" where it has not.
func (v VisitState) Stage() Stage {
	switch v {
	case VisitMade:
		return StageVisited
	case VisitRefused:
		return StageVisitRefused
	case VisitUnknown:
		return StageVisitUnknown
	case VisitNone, VisitPending, VisitRunning:
	}
	return ""
}

// visitOf returns the state that a stage leaves a visit in.
func visitOf(stage Stage) VisitState {
	for _, v := range []VisitState{VisitMade, VisitRefused, VisitUnknown} {
		if v.Stage() == stage {
			return v
		}
	}
	return VisitNone
}

// VisitState returns what the record knows of the visit.
func (r Record) VisitState() VisitState { return visitOf(r.Visit) }

// VisitOrder is a request for a visit.
type VisitOrder struct {
	Operation uuid.UUID // the booking's
	Visit     uuid.UUID // of this request
	Cell      uuid.UUID
	Person    *Person
}

// wantsVisit reports whether a confirmed booking is still to become a visit.
func (s *State) wantsVisit() bool {
	return s.Settings.MakeVisit && s.Known && s.Booking.Stage == StageConfirmed && s.Booking.Visit == VisitNone
}

// afterConfirmed goes on when the confirmation is on disk.
func afterConfirmed(s *State) []Command {
	switch {
	case s.wantsVisit() && s.Stopping:
		s.Booking.Visit = VisitRefused // nothing was begun
	case s.wantsVisit():
		return intendVisit(s)
	}
	return settleVisit(s)
}

// intendVisit writes to disk that a visit is to be made. The request waits for that: see visitRecorded.
func intendVisit(s *State) []Command {
	b := &s.Booking
	b.Visits++
	b.Visit, b.VisitOf = VisitPending, derive(b.Operation, "visit", b.Visits)
	return []Command{visitRecord(s, StageVisitIntent)}
}

func visitRecord(s *State, stage Stage) WriteRecord {
	return WriteRecord{Record{Operation: s.Booking.Operation, Stage: stage, Visit: stage}}
}

// visitRecorded goes on with what had to wait for the disk. A visit whose intent leaves no trace is not made.
func visitRecorded(s *State, e Recorded) []Command {
	b := &s.Booking
	switch {
	case e.Stage == StageVisitIntent && b.Visit == VisitPending:
		if e.Err != nil || s.Stopping {
			return endVisit(s, VisitRefused)
		}
		b.Visit = VisitRunning
		return []Command{MakeVisit{VisitOrder{
			Operation: b.Operation, Visit: b.VisitOf, Cell: s.Cell.GUID, Person: s.Person,
		}}}
	case b.Visit.Stage() != "" && e.Stage == b.Visit.Stage():
		return settleVisit(s)
	}
	return nil
}

// visitAnswered turns the answer into a state of the visit. A registry that is busy or was not reached has made none.
func visitAnswered(s *State, now time.Time, e VisitAnswered) []Command {
	b := &s.Booking
	if e.Operation != b.VisitOf || b.Visit != VisitRunning {
		return nil
	}
	s.touch(now)
	switch e.Answer.Verdict {
	case VerdictConfirmed:
		return visited(s, e.Answer)
	case VerdictRefused:
		b.VisitRefusal = e.Answer.Refusal
		if e.Answer.Refusal.Meaning == MeaningPatient && mayRenew(s) {
			return renew(s)
		}
		return endVisit(s, VisitRefused)
	case VerdictBusy, VerdictUnreachable:
		return endVisit(s, VisitRefused)
	case VerdictUnknown:
	}
	return endVisit(s, VisitUnknown)
}

// visited notes the visit. Its answer may have another number and another room than the hold's.
func visited(s *State, a Answer) []Command {
	b := &s.Booking
	held := b.Ticket
	t := fillIn(s, a.Ticket)
	if a.Ticket.Room == "" && held.Room != "" {
		t.Room, t.Floor = held.Room, held.Floor
	}
	b.Ticket, b.Visit = t, VisitMade
	r := recordOf(s, StageVisited)
	r.Visit = StageVisited
	r.Num, r.Room, r.Floor, r.Ticket, r.Begin = t.Num, t.Room, t.Floor, t.GUID, t.Begin
	r.HoldUntil, r.until = b.Hold.Shown, b.Hold.Until
	return []Command{WriteRecord{r}}
}

// endVisit ends a visit that was not made, or of which that is not known.
func endVisit(s *State, v VisitState) []Command {
	b := &s.Booking
	b.Visit, b.Renewing = v, false
	record := visitRecord(s, v.Stage())
	record.Record.HTTPStatus, record.Record.Code = b.VisitRefusal.HTTPStatus, b.VisitRefusal.Code
	return []Command{record}
}

// settleVisit prints the ticket. The person is not needed any more.
func settleVisit(s *State) []Command {
	s.Person.Wipe()
	return printFirst(s)
}

// mayRenew reports whether the patient's token may be asked for once more: once a visit.
func mayRenew(s *State) bool { return s.Known && !s.Renewed && !s.Stopping }

// renew asks for a new token, because the registry does not take the old one any more.
func renew(s *State) []Command {
	s.Renewed, s.Booking.Renewing = true, true
	return []Command{IdentifyPatient{Person: s.Person}}
}

// renewedForHold reserves with the new token. It is a new operation: the one before was refused, and that is on disk.
func renewedForHold(s *State, now time.Time, r Recognition) []Command {
	s.Booking.Renewing = false
	s.touch(now)
	if r.Kind != RecognisedKnown {
		s.Step = StepRefused
		return nil
	}
	return intend(s, now, derive(s.Booking.Operation, "attempt", s.Booking.Attempt))
}

// renewedForVisit makes the visit with the new token.
func renewedForVisit(s *State, r Recognition) []Command {
	s.Booking.Renewing = false
	if r.Kind != RecognisedKnown || s.Stopping {
		return endVisit(s, VisitRefused)
	}
	ended := endVisit(s, VisitRefused) // of the request that was refused
	s.Booking.VisitRefusal = Refusal{}
	more := intendVisit(s)
	return append(ended, more...)
}
