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
	StageRefused      Stage = "REFUSED"       // the registry said no
	StageUnreachable  Stage = "UNREACHABLE"   // nothing was sent
	StageUnknown      Stage = "UNKNOWN"       // sent, and no valid answer came
	StagePrinting     Stage = "PRINTING"      // the ticket's first byte may be on the wire
	StagePrinted      Stage = "PRINTED"       // the printer confirmed the ticket
	StagePrintFailed  Stage = "PRINT_FAILED"  // certainly no whole ticket came out
	StagePrintUnknown Stage = "PRINT_UNKNOWN" // nobody can tell whether the ticket came out
	StageDone         Stage = "DONE"          // the patient has gone, or the hold has run out
)

// Record is one transition of one booking as the journal keeps it. By construction it has no place for a person's name, for a text of
// the registry or for a secret. Fields that a stage does not know stay zero.
type Record struct {
	Operation uuid.UUID `json:"operation"`        // the booking's own identifier, made before anything is sent
	Stage     Stage     `json:"stage"`            //
	At        time.Time `json:"at"`               // wall clock, for people; nothing is decided by it while the terminal runs
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

	// The end of the hold by the machine's own clock, which nobody sets: what it will show as time since its start, sleep included, and
	// the name of that start. After a restart of the program it is exact; after one of the machine it says nothing.
	UptimeUntil time.Duration `json:"uptimeUntil,omitempty"`
	Boot        string        `json:"boot,omitempty"`

	Finding Finding `json:"finding,omitempty"` // of a booking with an unknown end: what the registry's timetable said

	HTTPStatus int       `json:"http,omitempty"` // of a refusal
	Code       string    `json:"code,omitempty"` // of a refusal
	Job        uuid.UUID `json:"job,omitzero"`   // of a print
	Copy       bool      `json:"copy,omitempty"` // the print was asked for again by a person
	Reason     string    `json:"reason,omitempty"`

	until time.Time // the end of the hold on the monotonic clock; the runner makes UptimeUntil of it
}

// Finding is what a fresh look at the cell of a booking with an unknown end has told.
type Finding string

// The findings.
const (
	FindingFree   Finding = "free"   // nothing is reserved
	FindingTaken  Finding = "taken"  // by whom is not said: it may be our own booking
	FindingUnread Finding = "unread" // the cell could not be read while the hold would have lasted
)

// Code is the short form of an operation's identifier that people read to each other: 1A2B-3C4D.
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

// Valid tells whether a is one of the three categories.
func (a Age) Valid() bool { return a == AgeChild || a == AgeTeen || a == AgeAdult }
