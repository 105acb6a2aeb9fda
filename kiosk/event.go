package kiosk

import (
	"time"

	"github.com/google/uuid"
)

// Event is something that happened: a tap, an answer to a command, the passing of time. The set is closed. An event
// that concerns one step is declared in that step's file.
//
//sumtype:decl
type Event interface {
	scope() scope
}

// scope is what an event concerns.
type scope int

const (
	terminal scope = iota // the terminal, whatever is on the screen: see react
	tap                   // the step on the screen, by the hand of a patient
	answer                // the step on the screen, as the answer to its command
)

// Events of the patient that every step knows.
type (
	// Back is a tap on «Назад».
	Back struct{}
	// Home is a tap on «В начало» or «Готово».
	Home struct{}
	// Touch is a tap that chooses nothing: a page is turned, «Я здесь».
	Touch struct{}
	// SetView changes how the screen looks.
	SetView struct{ View View }
)

// Events of the terminal, whatever is on the screen.
type (
	// Tick is the passing of time. It comes about once a second.
	Tick struct{}
	// ServiceChanged says what works now.
	ServiceChanged struct{ Service Service }
	// OverviewChanged brings the facts of the welcome screen.
	OverviewChanged struct{ Overview Overview }
	// Recovered brings, once after a start, the bookings that the journal knows to be unfinished. The runner adds the
	// computer's boot clock.
	Recovered struct {
		Records []Record
		Boot    string
		Uptime  time.Duration
	}
	// Slept says that the computer was asleep: the monotonic clock stood still, the registry's clock went on.
	Slept struct{ For time.Duration }
	// ClockMeasured says how the registry's clock differs from the terminal's.
	ClockMeasured struct{ Clock RegistryClock }
	// Stopping says that the program is about to end: no booking begins any more.
	Stopping struct{}
)

// Answers to commands that may come when their step has left the screen.
type (
	// Recorded answers [WriteRecord]: the stage is on disk, or Err says why not.
	Recorded struct {
		Operation uuid.UUID
		Stage     Stage
		Job       uuid.UUID
		Err       error
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

func (Back) scope() scope            { return terminal }
func (Home) scope() scope            { return terminal }
func (Touch) scope() scope           { return terminal }
func (SetView) scope() scope         { return terminal }
func (Tick) scope() scope            { return terminal }
func (ServiceChanged) scope() scope  { return terminal }
func (OverviewChanged) scope() scope { return terminal }
func (Recovered) scope() scope       { return terminal }
func (Slept) scope() scope           { return terminal }
func (ClockMeasured) scope() scope   { return terminal }
func (Stopping) scope() scope        { return terminal }
func (Recorded) scope() scope        { return terminal }
func (Rechecked) scope() scope       { return terminal }
func (PrintEnded) scope() scope      { return terminal }
