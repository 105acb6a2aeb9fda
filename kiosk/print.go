package kiosk

import (
	"slices"
	"time"
)

// printFirst starts the paper of a confirmed booking. That the record of the confirmation could not be written does not keep the ticket
// from the patient: the booking exists, and he has to leave with it.
func printFirst(s State) (State, []Command) {
	if s.Booking.Jobs > 0 {
		return s, nil
	}
	return beginPrint(s)
}

// beginPrint writes down that a job begins; the paper itself waits for the disk: see recorded.
func beginPrint(s State) (State, []Command) {
	if !s.Settings.Print {
		return s, nil
	}
	from := s.Booking.Operation
	if !isNil(s.Booking.Job) {
		from = s.Booking.Job // a chain, so that no job of an earlier life has the same identifier
	}
	s.Booking.Jobs++
	s.Booking.Job = derive(from, "print", s.Booking.Jobs)
	s.Booking.Print = PrintPending
	return s, []Command{WriteRecord{Record{
		Operation: s.Booking.Operation, Stage: StagePrinting, Job: s.Booking.Job, Copy: s.Booking.Jobs > 1,
	}}}
}

func paper(s State) Paper {
	return Paper{
		Operation:   s.Booking.Operation,
		Job:         s.Booking.Job,
		Ticket:      s.Booking.Ticket,
		HoldUntil:   s.Booking.Hold.Shown,
		Language:    s.View.Language,
		Copy:        s.Booking.Jobs > 1,
		Unconfirmed: s.Step == StepUnconfirmed,
	}
}

// printCopy prints again because a person asks. Never while a job runs, and never a ticket whose hold is over.
func printCopy(s State, now time.Time) (State, []Command) {
	switch s.Step {
	case StepOffer:
		return acceptOffer(s, now)
	case StepTicket:
		if s.Booking.HoldOver {
			return s, nil
		}
	case StepUnconfirmed:
	default:
		return s, nil
	}
	if s.Booking.Print.Busy() {
		return s, nil
	}
	return beginPrint(s)
}

var printStages = map[PrintState]Stage{PrintDone: StagePrinted, PrintFailed: StagePrintFailed, PrintUnknown: StagePrintUnknown}

// printEnded writes down what became of a job, also when its patient has gone meanwhile.
func printEnded(s State, now time.Time, e PrintEnded) (State, []Command) {
	stage, ok := printStages[e.Outcome]
	if !ok {
		return s, nil
	}
	record := WriteRecord{Record{Operation: e.Operation, Stage: stage, Job: e.Job, Reason: e.Reason}}
	if i := slices.IndexFunc(s.Leaving, func(l Leaving) bool { return l.Job == e.Job }); i >= 0 {
		left := s.Leaving[i]
		s.Leaving = slices.Delete(slices.Clone(s.Leaving), i, i+1)
		return s, append([]Command{record}, closing(left)...)
	}
	if e.Job != s.Booking.Job || s.Booking.Print != PrintRunning {
		return s, nil
	}
	s.Booking.Print = e.Outcome
	s.Touched = now // the patient has the whole idle time to read what became of the paper
	return s, []Command{record}
}

// leaveBooking goes home from a booking. A print that still runs is let run and written down when it ends; one that only waits for the disk
// does not begin any more.
func leaveBooking(s State) (State, []Command) {
	left := Leaving{Operation: s.Booking.Operation, Job: s.Booking.Job, Unconfirmed: s.Step == StepUnconfirmed, Finding: s.Booking.Finding}
	running := s.Booking.Print == PrintRunning
	s = wipe(s)
	if running {
		s.Leaving = append(slices.Clone(s.Leaving), left)
		return s, nil
	}
	return s, closing(left)
}

// closing ends a booking in the journal: an unconfirmed one with what is known of its cell, so that the registration desk can find it.
func closing(l Leaving) []Command {
	if l.Unconfirmed && l.Finding == "" {
		l.Finding = FindingUnread
	}
	if l.Unconfirmed {
		return []Command{found(l.Operation, l.Finding)}
	}
	return []Command{WriteRecord{Record{Operation: l.Operation, Stage: StageDone}}}
}
