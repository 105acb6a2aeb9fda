package kiosk

import (
	"time"

	"github.com/google/uuid"
)

// The welcome screen, and the closed one that stands in its place while booking is out of service.

type (
	// Start is the patient's first tap.
	Start struct{}
	// ReserveCell asks for a cell with no screen before it, as the command `reserve` does.
	ReserveCell struct {
		Operation uuid.UUID
		Cell      uuid.UUID
		Age       Age
	}
)

func (Start) scope() scope       { return tap }
func (ReserveCell) scope() scope { return answer }

func onWelcome(s *State, now time.Time, e Event) []Command {
	switch e := e.(type) {
	case Start:
		if s.Settings.Identify != IdentifyNone {
			return askWho(s)
		}
		return onward(s)
	case ReserveCell:
		s.Age, s.Cell = e.Age, Cell{GUID: e.Cell}
		return intend(s, now, e.Operation)
	default:
		return nil
	}
}
