package kiosk

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// Stage is how far a booking has come. Each stage is on disk before its consequence is in the world.
type Stage string

// The stages of a booking, in the order in which one can follow the other.
const (
	StageIntent       Stage = "INTENT"        // the patient has asked for the cell; nothing was sent
	StageSent         Stage = "SENT"          // the request's first byte may be on the wire
	StageConfirmed    Stage = "CONFIRMED"     // the registry answered with a number and a ticket
	StageRefused      Stage = "REFUSED"       // the registry refused
	StageUnreachable  Stage = "UNREACHABLE"   // nothing was sent
	StageUnknown      Stage = "UNKNOWN"       // sent, and no valid answer came
	StageVisitIntent  Stage = "VISIT_INTENT"  // the hold is to become a visit; nothing was sent for that
	StageVisitSent    Stage = "VISIT_SENT"    // the first byte of that request may be on the wire
	StageVisited      Stage = "VISITED"       // the registry answered with a number and a ticket
	StageVisitRefused Stage = "VISIT_REFUSED" // certainly no visit was made; the hold stands
	StageVisitUnknown Stage = "VISIT_UNKNOWN" // sent, and no valid answer came; the hold stands
	StagePrinting     Stage = "PRINTING"      // the ticket's first byte may be on the wire
	StagePrinted      Stage = "PRINTED"       // the printer confirmed the ticket
	StagePrintFailed  Stage = "PRINT_FAILED"  // certainly no whole ticket came out
	StagePrintUnknown Stage = "PRINT_UNKNOWN" // whether the ticket came out is unknown
	StageDone         Stage = "DONE"          // the patient has gone, or the hold has run out
)

// Ends reports whether nothing follows this stage.
func (s Stage) Ends() bool { return s == StageDone || s == StageRefused || s == StageUnreachable }

// Record is one transition of one booking as the journal keeps it. It has no field for a person's name, for a text of
// the registry or for a secret. Fields that a stage does not know stay zero.
type Record struct {
	Operation uuid.UUID `json:"operation"`        // the booking's own identifier, made before anything is sent
	Stage     Stage     `json:"stage"`            //
	At        time.Time `json:"at"`               // wall clock, for people; the running terminal decides nothing by it
	RetryOf   uuid.UUID `json:"retryOf,omitzero"` // the operation that this one tries once more
	Cell      uuid.UUID `json:"cell,omitzero"`
	Doctor    uuid.UUID `json:"doctor,omitzero"`
	Age       Age       `json:"age,omitempty"`
	Begin     time.Time `json:"begin,omitzero"` // of the appointment

	Num       string    `json:"num,omitempty"`
	Room      string    `json:"room,omitempty"`
	Floor     int       `json:"floor,omitempty"` // 0: none
	Ticket    uuid.UUID `json:"ticketGuid,omitzero"`
	HoldUntil time.Time `json:"holdUntil,omitzero"` // by the registry's clock

	// The end of the hold by the computer's boot clock, which nobody sets: the time since the boot, sleep included, and
	// the name of that boot. After a restart of the program it is exact; after one of the computer it says nothing.
	UptimeUntil time.Duration `json:"uptimeUntil,omitempty"`
	Boot        string        `json:"boot,omitempty"`

	Visit Stage `json:"visit,omitempty"` // the newest stage of the visit; "": there is none

	CellState CellState `json:"finding,omitempty"` // of an unknown end: what a re-read of the cell has shown

	HTTPStatus int       `json:"http,omitempty"` // of a refusal
	Code       string    `json:"code,omitempty"` // of a refusal
	Job        uuid.UUID `json:"job,omitzero"`   // of a print
	Copy       bool      `json:"copy,omitempty"` // the print was asked for again by a person
	Reason     string    `json:"reason,omitempty"`

	until time.Time // the end of the hold on the monotonic clock; the runner derives UptimeUntil from it
}

// CellState is what a re-read of a cell has shown.
type CellState string

// The states of a cell.
const (
	CellFree   CellState = "free"   // nothing is reserved
	CellTaken  CellState = "taken"  // by whom is not said: it may be our own booking
	CellUnread CellState = "unread" // the cell could not be read
)

// told returns the state as it is written down: what is neither free nor taken was not read.
func (c CellState) told() CellState {
	if c == CellFree || c == CellTaken {
		return c
	}
	return CellUnread
}

// Code returns the short form of an operation's identifier that people read to each other: 1A2B-3C4D.
func Code(operation uuid.UUID) string {
	hex := strings.ToUpper(operation.String())
	return hex[:4] + "-" + hex[4:8]
}

// Age is the age category that the registry books by.
type Age string

// The age categories of the registry's reservation page.
const (
	AgeChild Age = "CHILD" // 0–14 years
	AgeTeen  Age = "TEEN"  // 15–17 years
	AgeAdult Age = "ADULT" // 18 years and older
)

// Valid reports whether a is one of the three categories.
func (a Age) Valid() bool { return a == AgeChild || a == AgeTeen || a == AgeAdult }
