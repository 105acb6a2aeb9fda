package kiosk

import (
	"time"

	"github.com/google/uuid"
)

// Command is something that the machine wants done in the world. Each is answered by an event.
type Command interface{ command() }

type (
	// ListSpecialities asks for the specialities open to an age category.
	ListSpecialities struct{ Age Age }
	// ListDoctors asks for the doctors of a speciality.
	ListDoctors struct {
		Age        Age
		Speciality string
	}
	// ListDays asks for a doctor's days; Fresh: from the registry, not from what was loaded before.
	ListDays struct {
		Doctor uuid.UUID
		Fresh  bool
	}
	// ListAnyDays asks for the days of all doctors of a speciality together.
	ListAnyDays struct {
		Age        Age
		Speciality string
	}
	// WriteRecord asks for a transition to be put on disk.
	WriteRecord struct{ Record Record }
	// SendReservation asks the registry for a cell, once. The runner records SENT before the first byte.
	SendReservation struct{ Order Order }
	// Recheck re-reads a cell whose reservation has an unknown end.
	Recheck struct {
		Operation uuid.UUID
		Cell      Cell
	}
	// PrintTicket asks for paper, once for each Job.
	PrintTicket struct{ Paper Paper }
)

// Order is a request for a reservation.
type Order struct {
	Operation uuid.UUID
	Cell      uuid.UUID
	Age       Age
	Hold      time.Duration
}

// Paper is a ticket, or the slip of an unconfirmed result, on its way to the printer.
type Paper struct {
	Operation   uuid.UUID
	Job         uuid.UUID
	Ticket      Ticket
	HoldUntil   time.Time
	Language    string
	Copy        bool // printed again because a person asked: marked so
	Unconfirmed bool // the slip of an unconfirmed result, not a ticket
}

func (ListSpecialities) command() {}
func (ListDoctors) command()      {}
func (ListDays) command()         {}
func (ListAnyDays) command()      {}
func (WriteRecord) command()      {}
func (SendReservation) command()  {}
func (Recheck) command()          {}
func (PrintTicket) command()      {}
