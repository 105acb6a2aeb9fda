package kiosk

import (
	"time"

	"github.com/google/uuid"
)

// Event is something that happened: a touch, an answer, the passing of time.
type Event interface{ event() }

type (
	// Start is the patient's first tap.
	Start struct{}
	// ChooseAge is a tap on an age category.
	ChooseAge struct{ Age Age }
	// ChooseSpeciality is a tap on a speciality.
	ChooseSpeciality struct{ Code string }
	// ChooseDoctor is a tap on a doctor.
	ChooseDoctor struct{ GUID uuid.UUID }
	// ChooseAnyDoctor is a tap on «Любой врач».
	ChooseAnyDoctor struct{}
	// ChooseDay is a tap on a day of the strip; Index is its place in State.Days.
	ChooseDay struct{ Index int }
	// ChooseCell is a tap on a time.
	ChooseCell struct{ GUID uuid.UUID }
	// Confirm is the tap on «Забронировать», and on "try again" where nothing was reserved. Operation is new for each tap.
	Confirm struct{ Operation uuid.UUID }
	// ReserveCell asks for a cell with no screen before it: what the command `reserve` does.
	ReserveCell struct {
		Operation uuid.UUID
		Cell      uuid.UUID
		Age       Age
	}
	// PrintCopy asks for the ticket once more, or for the first paper of an offered booking.
	PrintCopy struct{}
	// Back is a tap on «Назад».
	Back struct{}
	// Home is a tap on «В начало» or «Готово».
	Home struct{}
	// Touch is a tap that chooses nothing: turning a page, «Я здесь».
	Touch struct{}
	// ChangeAge goes back to the age screen from a refusal.
	ChangeAge struct{}
	// ChangeDoctor goes back to the doctors of the speciality from a refusal.
	ChangeDoctor struct{}
	// SetView changes how the screen looks.
	SetView struct{ View View }

	// Tick is the passing of time. It comes about once a second.
	Tick struct{}
	// ServiceChanged tells what works now.
	ServiceChanged struct{ Service Service }
	// OverviewChanged brings the welcome screen's facts.
	OverviewChanged struct{ Overview Overview }
	// Recovered brings, once after a start, what the journal knows to be unfinished. The runner adds what the machine's own clock shows.
	Recovered struct {
		Records []Record
		Boot    string
		Uptime  time.Duration
	}
	// Slept tells that the machine was asleep, while the monotonic clock stood still and the registry's went on.
	Slept struct{ For time.Duration }
	// ClockMeasured tells how the registry's clock differs from the terminal's.
	ClockMeasured struct{ Clock RegistryClock }

	// SpecialitiesListed answers [ListSpecialities].
	SpecialitiesListed struct {
		Age  Age
		List []Speciality
	}
	// DoctorsListed answers [ListDoctors].
	DoctorsListed struct {
		Speciality string
		List       []Doctor
	}
	// DaysListed answers [ListDays].
	DaysListed struct {
		Doctor uuid.UUID
		List   []Day
	}
	// AnyDaysListed answers [ListAnyDays].
	AnyDaysListed struct {
		Speciality string
		List       []Day
	}
	// Recorded answers [WriteRecord]: the stage is on disk, or Err says why not.
	Recorded struct {
		Operation uuid.UUID
		Stage     Stage
		Job       uuid.UUID
		Err       error
	}
	// Answered answers [SendReservation].
	Answered struct {
		Operation uuid.UUID
		Answer    Answer
	}
	// Rechecked answers [Recheck].
	Rechecked struct {
		Operation uuid.UUID
		State     CellState
	}
	// PrintEnded answers [PrintTicket].
	PrintEnded struct {
		Operation uuid.UUID
		Job       uuid.UUID
		Outcome   PrintState // PrintDone, PrintFailed or PrintUnknown
		Reason    string     // for the journal and the technician; no personal data
	}
)

// Verdict is what became of a request.
type Verdict int

// The verdicts.
const (
	VerdictUnknown     Verdict = iota // sent, no valid answer
	VerdictConfirmed                  // reserved
	VerdictRefused                    // answered with a no
	VerdictBusy                       // answered with "later": certainly nothing was done
	VerdictUnreachable                // certainly nothing was sent
)

// Answer is what came of one request for a reservation.
type Answer struct {
	Verdict Verdict
	Ticket  Ticket        // of a confirmed one; what the registry left blank is filled in from the cell
	Refusal Refusal       // of a refused one
	After   time.Duration // of a busy one: when to ask again
	From    time.Time     // the instant before the first byte was sent; zero when nothing was
	Clock   RegistryClock // as it was measured by this very answer, where it was

	asleep time.Duration // how long the machine had slept since its start at From
}

func (Start) event()              {}
func (ChooseAge) event()          {}
func (ChooseSpeciality) event()   {}
func (ChooseDoctor) event()       {}
func (ChooseAnyDoctor) event()    {}
func (ChooseDay) event()          {}
func (ChooseCell) event()         {}
func (Confirm) event()            {}
func (ReserveCell) event()        {}
func (PrintCopy) event()          {}
func (Back) event()               {}
func (Home) event()               {}
func (Touch) event()              {}
func (ChangeAge) event()          {}
func (ChangeDoctor) event()       {}
func (SetView) event()            {}
func (Tick) event()               {}
func (ServiceChanged) event()     {}
func (OverviewChanged) event()    {}
func (Recovered) event()          {}
func (Slept) event()              {}
func (ClockMeasured) event()      {}
func (SpecialitiesListed) event() {}
func (DoctorsListed) event()      {}
func (DaysListed) event()         {}
func (AnyDaysListed) event()      {}
func (Recorded) event()           {}
func (Answered) event()           {}
func (Rechecked) event()          {}
func (PrintEnded) event()         {}
