package kiosk

import "time"

// recovered sorts what a crash left unfinished. Nothing is printed and nothing is sent by itself: what was only intended is closed as not
// sent, what was sent without an answer is unknown, so is a print that had begun, a booking that is still held and has no sure paper is
// offered on the screen, and what has run out is done.
func recovered(s State, now time.Time, e Recovered) (State, []Command) {
	var commands []Command
	for _, r := range e.Records {
		offer, end := sortUnfinished(r, now)
		if offer {
			s.Offers = append(s.Offers[:len(s.Offers):len(s.Offers)], r)
		}
		if end != "" {
			commands = append(commands, WriteRecord{Record{Operation: r.Operation, Stage: end, Job: r.Job}})
		}
	}
	if len(s.Offers) > 0 && (s.Step == StepClosed || s.Step == StepWelcome) {
		s.Step = StepOffer
	}
	return s, commands
}

// sortUnfinished tells whether a booking is to be offered, and the stage that its record has to take; empty: none.
func sortUnfinished(r Record, now time.Time) (offer bool, end Stage) {
	switch r.Stage {
	case StageIntent:
		return false, StageUnreachable
	case StageSent:
		return false, StageUnknown
	case StageConfirmed, StagePrinting, StagePrintFailed, StagePrintUnknown:
		if r.Num == "" {
			return false, "" // the slip of an unconfirmed result: stays as it is
		}
		if !now.Before(r.HoldUntil) {
			return false, StageDone
		}
		if r.Stage == StagePrinting {
			return true, StagePrintUnknown
		}
		return true, ""
	case StagePrinted:
		return false, StageDone
	}
	return false, ""
}

// acceptOffer turns the offered booking into the visit's own and prints it.
func acceptOffer(s State, now time.Time) (State, []Command) {
	r := s.Offers[0]
	s.Offers = s.Offers[1:]
	s.Step, s.Age = StepTicket, r.Age
	s.Booking = Booking{
		Operation: r.Operation, RetryOf: r.RetryOf, Stage: StageConfirmed,
		Hold:   Hold{From: now, Until: now.Add(r.HoldUntil.Sub(now))}, // from the wall clock once, then on the monotonic one
		Ticket: Ticket{Clinic: s.Overview.Clinic.Name, Num: r.Num, Room: r.Room, Floor: r.Floor, Begin: r.Begin, GUID: r.Ticket},
		Job:    r.Job,
		Jobs:   jobsBefore(r),
	}
	return beginPrint(s)
}

// jobsBefore is 1 where a print may have left paper behind, so that the next is marked as a copy.
func jobsBefore(r Record) int {
	if isNil(r.Job) {
		return 0
	}
	return 1
}

func declineOffer(s State, now time.Time) (State, []Command) {
	left := Leaving{Operation: s.Offers[0].Operation}
	s.Offers = s.Offers[1:]
	s.Touched = now
	return wipe(s), closing(left)
}

// offersExpire closes the offers whose hold has run out.
func offersExpire(s State, now time.Time) (State, []Command) {
	if now.Before(s.Offers[0].HoldUntil) {
		return s, nil
	}
	return declineOffer(s, now)
}
