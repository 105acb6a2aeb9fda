package kiosk

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Booking is the one reservation of a visit, or the zero value.
type Booking struct {
	Operation uuid.UUID
	RetryOf   uuid.UUID // the operation with an unknown end that this one repeats
	Stage     Stage
	Asked     time.Time // when the patient asked first; zero for a booking of an earlier life of the program
	Attempt   int       // 1 for the first, counted over retries
	WaitUntil time.Time // when a registry that answered "later" is asked again; zero when it has not
	Refusal   Refusal
	Ticket    Ticket
	Hold      Hold
	HoldOver  bool
	CellState CellState // of an unknown end: what a re-read of the cell has shown; "": there was none
	Print     PrintState
	Job       uuid.UUID
	Jobs      int // prints asked for so far

	Visit        VisitState
	VisitOf      uuid.UUID // of the newest request for the visit
	Visits       int       // requests for it so far
	VisitRefusal Refusal
	Renewing     bool // the patient's token is being asked for anew
	LongShown    bool // a visit that was made has been on the screen for as long as it would have been held
}

// Hold is how long the registry keeps the cell. From is taken before the first byte of the request is sent, so the
// screen never promises more than the registry holds. From and Until carry the monotonic clock, so no change of the
// wall clock lengthens or cuts the hold; time during which the computer is asleep is taken off by [Slept]. Shown is
// the end by the registry's clock: the time that is shown and printed.
type Hold struct {
	From  time.Time
	Until time.Time
	Shown time.Time
}

// Left returns what remains of the hold, never less than zero.
func (h Hold) Left(now time.Time) time.Duration {
	return max(0, h.Until.Sub(now))
}

// RegistryClock is how far the registry's clock is ahead of the terminal's wall clock, where that is known.
type RegistryClock struct {
	Skew  time.Duration // negative: it is behind
	Known bool
}

// at returns what the registry's clock shows at an instant of the terminal's.
func (c RegistryClock) at(t time.Time) time.Time { return t.Round(0).Add(c.Skew) }

// Ticket is what a patient needs to know of a booking. A blank field is not shown.
type Ticket struct {
	Clinic     string
	Num        string
	Room       string
	Floor      int
	Doctor     string
	Post       string
	Speciality string
	District   string
	Begin      time.Time
	GUID       uuid.UUID
}

// Refusal is a registry's answer that reserves nothing.
type Refusal struct {
	Meaning    Meaning
	HTTPStatus int
	Code       string
	// Text is the registry's message where it is meant for the patient; blank: the general one is shown. Message is
	// the registry's message in any case. Both may hold a name: never logged, never journaled.
	Text    string
	Message string
}

// Meaning is what a refusal means to the visit, by HTTP status and code, never by text.
type Meaning int

// The meanings of a refusal.
const (
	MeaningOther     Meaning = iota
	MeaningCellTaken         // 400/4009
	MeaningChildren          // 400/4005
	MeaningForbidden         // 400/4007
	MeaningAlready           // 400/4008
	MeaningAgeLimit          // 400/4029
	MeaningOurFault          // 400/4036
	MeaningAccess            // 401, 403: this terminal is not accepted
	MeaningBusy              // 429, 503 with Retry-After, longer than a patient's patience
	MeaningPatient           // 401, 403: the patient's token does not count any more
)

// PrintState is what is known of the paper.
type PrintState int

// The states of the paper.
const (
	PrintNone    PrintState = iota // not asked for
	PrintPending                   // the record of its beginning is on its way to the disk
	PrintRunning
	PrintDone
	PrintFailed  // certainly no whole ticket
	PrintUnknown // whether there is a ticket is unknown
)

// Busy reports whether a job has begun and not ended.
func (p PrintState) Busy() bool { return p == PrintPending || p == PrintRunning }

// room returns where the appointment is: the cell's own room, else its doctor's.
func (v *Visit) room() (string, int) {
	if v.Cell.Room != "" {
		return v.Cell.Room, v.Cell.Floor
	}
	return v.Doctor.Room, v.Doctor.Floor
}

// recordOf returns the record of the booking's present operation at a stage.
func recordOf(s *State, stage Stage) Record {
	return Record{
		Operation: s.Booking.Operation, Stage: stage, RetryOf: s.Booking.RetryOf,
		Cell: s.Cell.GUID, Doctor: s.Doctor.GUID, Age: s.Age, Begin: s.Cell.Begin,
	}
}

// write returns the command that puts the booking at a stage on disk.
func write(s *State, stage Stage) WriteRecord { return WriteRecord{recordOf(s, stage)} }

// derive returns an identifier that follows from another, so that Update stays pure and a test can foretell it.
func derive(from uuid.UUID, what string, n int) uuid.UUID {
	return uuid.NewSHA1(from, []byte(what+strconv.Itoa(n)))
}

func isNil(id uuid.UUID) bool { return id == uuid.Nil }
