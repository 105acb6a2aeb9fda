package kiosk

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Registry reserves cells. Reserve asks once for the order's cell. It calls beforeSend right before the first byte of
// the request can be on the wire, and sends nothing when that fails. It returns in bounded time.
type Registry interface {
	Reserve(ctx context.Context, o Order, beforeSend func() error) Answer
}

// Patients is the registry where it knows for whom it books. Both return in bounded time.
type Patients interface {
	// Identify asks for the token of a person and has him keep it.
	Identify(ctx context.Context, p *Person) Recognition
	// Make asks once for the visit of an order, with beforeSend like Registry.Reserve.
	Make(ctx context.Context, o VisitOrder, beforeSend func() error) Answer
	// Recheck is Timetable.Recheck with the person's token.
	Recheck(ctx context.Context, c Cell, p *Person) CellState
}

// Timetable knows what is free. The lists come from what is loaded; with fresh, and for Recheck, the registry is asked.
type Timetable interface {
	Specialities(ctx context.Context, age Age) []Speciality
	Doctors(ctx context.Context, age Age, speciality string) []Doctor
	Days(ctx context.Context, doctor uuid.UUID, fresh bool) []Day
	Recheck(ctx context.Context, c Cell) CellState
}

// Printer puts a ticket on paper and returns PrintDone, PrintFailed or PrintUnknown, with a reason for technicians. It
// prints each Job at most once and returns in bounded time.
type Printer interface {
	Print(ctx context.Context, p Paper) (PrintState, string)
}

// BootClock is the computer's own clock, which nobody sets.
type BootClock interface {
	Boot() string          // identifies the present boot; "": not known
	Uptime() time.Duration // since that boot, sleep included
	Asleep() time.Duration // how much of it the computer was asleep
}

// Journal puts a record on disk: it is there when Append returns nil. Whoever implements it reports a failure to the
// watch, the owner of [Service].
type Journal interface {
	Append(ctx context.Context, r Record) error
}
