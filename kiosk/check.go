package kiosk

import (
	"time"

	"github.com/google/uuid"
)

// The last look at what was chosen, and the screen that says that nothing was reserved: from both a booking begins.

// Confirm is the tap on «Забронировать», and on "try again" where nothing was reserved. Operation is new for each tap.
type Confirm struct{ Operation uuid.UUID }

func (Confirm) scope() scope { return tap }

func enterCheck(s *State) []Command {
	s.Notice, s.Booking = NoticeNone, Booking{}
	return nil
}

func onCheck(s *State, now time.Time, e Event) []Command {
	switch e := e.(type) {
	case Confirm:
		s.Booking = Booking{}
		return intend(s, now, e.Operation)
	default:
		return nil
	}
}

// otherTimes goes back from the check, or from what came of it, to the other times. A cell that was never chosen on
// the screen has none.
func otherTimes(s *State) []Command {
	if s.Cell.Begin.IsZero() {
		return leave(s)
	}
	s.Step, s.Booking = StepCheck, Booking{}
	if s.Any {
		s.Doctor = anyDoctor(s)
	}
	return previous(s)
}
