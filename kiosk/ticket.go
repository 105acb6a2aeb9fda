package kiosk

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// The two screens with paper: the ticket of a confirmed booking, and the slip of an unconfirmed one.

// PrintCopy asks for the ticket once more, or for the first paper of an offered booking.
type PrintCopy struct{}

func (PrintCopy) scope() scope { return tap }

// Paper is printed again because a person asks: never while a job runs, and never a ticket whose hold is over.
func onTicket(s *State, e Event) []Command {
	switch e.(type) {
	case PrintCopy:
		if s.Booking.HoldOver || s.Booking.Print.Busy() || s.Booking.Visit.Busy() || s.wantsVisit() {
			return nil
		}
		return beginPrint(s)
	default:
		return nil
	}
}

func holdExpires(s *State, now time.Time) {
	if s.Booking.Visit == VisitMade || s.Booking.Visit.Busy() {
		if !s.Booking.LongShown && s.Booking.Hold.Left(now) == 0 {
			s.Booking.LongShown, s.Touched = true, now
		}
		return
	}
	if !s.Booking.HoldOver && s.Booking.Hold.Left(now) == 0 {
		s.Booking.HoldOver = true
		s.Touched = now // the patient has the whole idle time to read it
	}
}

// printFirst starts the paper of a confirmed booking. That the record of the confirmation could not be written does
// not keep the ticket from the patient: the booking exists, and he has to leave with it.
func printFirst(s *State) []Command {
	if s.Booking.Jobs > 0 {
		return nil
	}
	return beginPrint(s)
}

// beginPrint writes to disk that a job begins; the paper waits for that: see recorded.
func beginPrint(s *State) []Command {
	if !s.Settings.Print {
		return nil
	}
	from := s.Booking.Operation
	if !isNil(s.Booking.Job) {
		from = s.Booking.Job // a chain, so that no job of an earlier life of the program has the same identifier
	}
	s.Booking.Jobs++
	s.Booking.Job = derive(from, "print", s.Booking.Jobs)
	s.Booking.Print = PrintPending
	return []Command{WriteRecord{Record{
		Operation: s.Booking.Operation, Stage: StagePrinting, Job: s.Booking.Job, Copy: s.Booking.isCopy(),
	}}}
}

// isCopy reports whether the present job is not the first.
func (b *Booking) isCopy() bool { return b.Jobs > 1 }

func paper(s *State) Paper {
	return Paper{
		Operation:   s.Booking.Operation,
		Job:         s.Booking.Job,
		Ticket:      s.Booking.Ticket,
		HoldUntil:   s.Booking.Hold.Shown,
		Language:    s.View.Language,
		Copy:        s.Booking.isCopy(),
		Unconfirmed: s.Step == StepUnconfirmed,
		Visit:       s.Booking.Visit,
	}
}

// Stage returns the stage that a booking takes when its print has ended so; "" for a print that has not ended.
func (p PrintState) Stage() Stage {
	switch p {
	case PrintDone:
		return StagePrinted
	case PrintFailed:
		return StagePrintFailed
	case PrintUnknown:
		return StagePrintUnknown
	case PrintNone, PrintPending, PrintRunning:
	}
	return ""
}

// printEnded writes to disk what became of a job, also when its patient has left meanwhile.
func printEnded(s *State, now time.Time, e PrintEnded) []Command {
	stage := e.Outcome.Stage()
	if stage == "" {
		return nil
	}
	record := Record{Operation: e.Operation, Stage: stage, Job: e.Job, Reason: e.Reason}
	if i := slices.IndexFunc(s.Leaving, func(l Leaving) bool { return l.Job == e.Job }); i >= 0 {
		left := s.Leaving[i]
		record.Copy = left.copied
		s.Leaving = slices.Delete(slices.Clone(s.Leaving), i, i+1)
		return []Command{WriteRecord{record}, left.end()}
	}
	if e.Job != s.Booking.Job || s.Booking.Print != PrintRunning {
		return nil
	}
	record.Copy = s.Booking.isCopy()
	s.Booking.Print = e.Outcome
	s.Touched = now // the patient has the whole idle time to read what became of the paper
	return []Command{WriteRecord{record}}
}

// Leaving is a booking that its patient has left, while its print goes on.
type Leaving struct {
	Operation   uuid.UUID
	Job         uuid.UUID
	Unconfirmed bool // the print is the slip of an unconfirmed result
	CellState   CellState

	copied bool // the print is a copy
}

// leaveBooking goes home from a booking. A print that still runs goes on, and its end is written to disk; one that
// only waits for the disk does not begin any more.
func leaveBooking(s *State) []Command {
	if s.Booking.Visit.Busy() || s.wantsVisit() {
		return nil // the answer comes within a bounded time, and says whether the patient has to go to the desk
	}
	left := Leaving{
		Operation: s.Booking.Operation, Job: s.Booking.Job, Unconfirmed: s.Step == StepUnconfirmed,
		CellState: s.Booking.CellState, copied: s.Booking.isCopy(),
	}
	running := s.Booking.Print == PrintRunning
	leave(s)
	if running {
		s.Leaving = append(slices.Clone(s.Leaving), left)
		return nil
	}
	return []Command{left.end()}
}

// end is the record that ends the booking; of an unconfirmed one with what is known of its cell, so that the
// registration desk can find it.
func (l Leaving) end() WriteRecord {
	if l.Unconfirmed {
		return done(l.Operation, l.CellState.told())
	}
	return done(l.Operation, "")
}
