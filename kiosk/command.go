package kiosk

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Command is something that the state machine wants done in the world. Each is answered by exactly one event. The set
// is closed.
//
//sumtype:decl
type Command interface {
	// run carries the command out and returns its answer.
	run(ctx context.Context, r *Runner) Event
	// empty returns the answer that claims nothing, for a command that has panicked.
	empty() Event
}

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
		Person    *Person // with whose token; nil: the terminal's own
	}
	// IdentifyPatient asks the registry for the token of a person, after a while.
	IdentifyPatient struct {
		Person *Person
		After  time.Duration
	}
	// MakeVisit asks the registry for the visit, once. The runner records VISIT_SENT before the first byte.
	MakeVisit struct{ Order VisitOrder }
	// PrintTicket asks for paper, once for each Job.
	PrintTicket struct{ Paper Paper }
)

// Order is a request for a reservation.
type Order struct {
	Operation uuid.UUID
	Cell      uuid.UUID
	Age       Age
	Hold      time.Duration
	Person    *Person // with whose token; nil: the terminal's own
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
	Visit       VisitState
}

func (c ListSpecialities) run(ctx context.Context, r *Runner) Event {
	return SpecialitiesListed{c.Age, r.Timetable.Specialities(ctx, c.Age)}
}
func (c ListSpecialities) empty() Event { return SpecialitiesListed{Age: c.Age} }

func (c ListDoctors) run(ctx context.Context, r *Runner) Event {
	return DoctorsListed{c.Speciality, r.Timetable.Doctors(ctx, c.Age, c.Speciality)}
}
func (c ListDoctors) empty() Event { return DoctorsListed{Speciality: c.Speciality} }

func (c ListDays) run(ctx context.Context, r *Runner) Event {
	return DaysListed{c.Doctor, r.Timetable.Days(ctx, c.Doctor, c.Fresh)}
}
func (c ListDays) empty() Event { return DaysListed{Doctor: c.Doctor} }

func (c ListAnyDays) run(ctx context.Context, r *Runner) Event {
	var lists [][]Day
	for _, d := range r.Timetable.Doctors(ctx, c.Age, c.Speciality) {
		lists = append(lists, r.Timetable.Days(ctx, d.GUID, false))
	}
	return AnyDaysListed{c.Speciality, mergeDays(lists)}
}
func (c ListAnyDays) empty() Event { return AnyDaysListed{Speciality: c.Speciality} }

func (c WriteRecord) run(ctx context.Context, r *Runner) Event {
	return c.recorded(r.append(ctx, c.Record))
}
func (c WriteRecord) empty() Event { return c.recorded(errPanicked) }

func (c WriteRecord) recorded(err error) Event {
	return Recorded{c.Record.Operation, c.Record.Stage, c.Record.Job, err}
}

func (c SendReservation) run(ctx context.Context, r *Runner) Event {
	return Answered{c.Order.Operation, r.reserve(ctx, c.Order)}
}

func (c SendReservation) empty() Event {
	return Answered{c.Order.Operation, Answer{Verdict: VerdictUnknown}}
}

func (c Recheck) run(ctx context.Context, r *Runner) Event {
	select {
	case <-ctx.Done():
		return c.empty()
	case <-time.After(recheckAfter):
		return Rechecked{c.Operation, r.recheck(ctx, c)}
	}
}
func (c Recheck) empty() Event { return Rechecked{c.Operation, CellUnread} }

func (c IdentifyPatient) run(ctx context.Context, r *Runner) Event {
	if r.Patients == nil {
		return c.empty()
	}
	select {
	case <-ctx.Done():
		return c.empty()
	case <-time.After(c.After):
		return Identified{c.Person, r.Patients.Identify(ctx, c.Person)}
	}
}
func (c IdentifyPatient) empty() Event { return Identified{Person: c.Person} }

func (c MakeVisit) run(ctx context.Context, r *Runner) Event {
	if r.Patients == nil {
		return VisitAnswered{c.Order.Visit, Answer{Verdict: VerdictUnreachable}}
	}
	return VisitAnswered{c.Order.Visit, r.visit(ctx, c.Order)}
}

func (c MakeVisit) empty() Event {
	return VisitAnswered{c.Order.Visit, Answer{Verdict: VerdictUnknown}}
}

func (c PrintTicket) run(ctx context.Context, r *Runner) Event {
	outcome, reason := r.Printer.Print(ctx, c.Paper)
	return c.ended(outcome, reason)
}

func (c PrintTicket) empty() Event {
	return c.ended(PrintUnknown, "the program failed while it printed")
}

func (c PrintTicket) ended(outcome PrintState, reason string) Event {
	return PrintEnded{Operation: c.Paper.Operation, Job: c.Paper.Job, Outcome: outcome, Reason: reason}
}
