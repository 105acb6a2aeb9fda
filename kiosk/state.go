package kiosk

import (
	"time"

	"github.com/google/uuid"
)

// Step is where a visit stands. Each step has one screen.
type Step int

// The steps of a visit, in the order in which a patient meets them.
const (
	StepWelcome     Step = iota
	StepAge              // who is the patient: child, teen, adult
	StepSpeciality       //
	StepDoctor           //
	StepTime             // day and time
	StepCheck            // is it all right? reserve
	StepReserving        // the registry is being asked
	StepTicket           // reserved: number, room, countdown, paper
	StepRefused          // the registry said no
	StepUnconfirmed      // nobody knows: never called a booking, never called none
	StepUnreachable      // nothing was reserved, for certain
	StepClosed           // booking is out of service
	StepOffer            // after a restart: a held booking that has no paper yet
	stepCount
)

var stepNames = [stepCount]string{
	"welcome", "age", "speciality", "doctor", "time", "check", "reserving", "ticket", "refused", "unconfirmed", "unreachable", "closed", "offer",
}

// String gives the step's name as logs and pictures' file names use it.
func (s Step) String() string {
	if s < 0 || s >= stepCount {
		return "unknown"
	}
	return stepNames[s]
}

// Settings do not change while the program runs.
type Settings struct {
	Hold     time.Duration // how long the registry is asked to keep the cell
	Idle     time.Duration // without a touch, until the patient is asked whether he is still here
	Warning  time.Duration // from that question to the way home
	Patience time.Duration // how long a patient is kept waiting for a registry that says "later"
	Print    bool          // false: bookings get no paper
	View     View          // how the screen looks when nobody has changed it
}

// TextSize is how large texts are drawn.
type TextSize int

// The sizes of text: capital height of at least 4.8, 7.3 and 8.5 mm.
const (
	TextNormal TextSize = iota
	TextLarge
	TextExtra
)

// Contrast is how colours stand against one another.
type Contrast int

// The contrasts: the terminal's own colours, and two that have nothing but the extremes.
const (
	ContrastCalm Contrast = iota
	ContrastBlackOnWhite
	ContrastWhiteOnBlack
)

// View is how a patient likes the screen. It is forgotten when the visit ends.
type View struct {
	Language string // tag of a language file: ru, en
	Text     TextSize
	Contrast Contrast
	Low      bool // all controls in the lower half
	Aloud    bool // each screen is read aloud, where the system can speak
}

// Notice is a short message on a screen that otherwise goes on as usual.
type Notice int

// The notices.
const (
	NoticeNone      Notice = iota
	NoticeCellTaken        // somebody was faster; the list is fresh
)

// State is all that is known of a visit. It is a value: [Update] takes one and gives the next.
type State struct {
	Settings Settings
	Step     Step
	Service  Service
	Overview Overview
	View     View
	Notice   Notice
	Touched  time.Time // the last sign of life of the patient
	Warning  bool      // "are you still here?" is being asked

	Age          Age
	Specialities []Speciality
	Speciality   Speciality
	Doctors      []Doctor
	Doctor       Doctor
	Any          bool // whoever of the speciality is free: Doctor is known once a cell is chosen
	Days         []Day
	Day          int  // index into Days; -1: none has a free cell
	Loading      bool // a list of this step is on its way
	Cell         Cell

	Booking Booking
	Offers  []Offer   // after a restart: held bookings without paper, the first is on the screen
	Leaving []Leaving // prints that were still running when the patient left

	Clock       RegistryClock // as it was measured last
	Unjudged    []Record      // after a restart of the machine: bookings whose hold cannot be judged before the registry's clock is known
	Reconciling []Reconciling // after a restart: bookings with an unknown end whose cell is looked at
}

// Booking is the one reservation of a visit, or the zero value.
type Booking struct {
	Operation uuid.UUID
	RetryOf   uuid.UUID // the operation with an unknown end that this one tries once more
	Stage     Stage
	Asked     time.Time // when the patient first asked, for his patience
	Attempt   int       // 1 for the first, counted over retries
	WaitUntil time.Time // the registry has said "later"; zero when it has not
	Refusal   Refusal
	Ticket    Ticket
	Hold      Hold
	HoldOver  bool
	Finding   Finding // of an unknown end: what a fresh look at the cell has told; "": there was none
	Print     PrintState
	Job       uuid.UUID
	Jobs      int // prints asked for so far
}

// Hold is how long the registry keeps the cell. From is taken before the first byte of the request is sent, so the screen never promises
// more than the registry holds. From and Until carry the monotonic clock, so no change of the wall clock lengthens or cuts it; time that the
// machine sleeps is taken off by [Slept]. Shown is the end by the registry's clock: the time that is shown and printed.
type Hold struct {
	From  time.Time
	Until time.Time
	Shown time.Time
}

// RegistryClock is how far the registry's clock is ahead of the terminal's wall clock, where that is known.
type RegistryClock struct {
	Skew  time.Duration // negative: it is behind
	Known bool
}

// at is what the registry's clock shows at an instant of the terminal's.
func (c RegistryClock) at(t time.Time) time.Time { return t.Round(0).Add(c.Skew) }

// Left is what remains of the hold, never below zero.
func (h Hold) Left(now time.Time) time.Duration {
	return max(0, h.Until.Sub(now))
}

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

// Refusal is the registry's no.
type Refusal struct {
	Meaning    Meaning
	HTTPStatus int
	Code       string
	Text       string // the registry's words, where they are meant for the patient; blank: the general ones are shown
	Message    string // the registry's words, whoever they are meant for. Both may hold a name: never logged, never journaled
}

// Meaning is what a refusal means to the visit (by HTTP status and code, never by text).
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
)

// PrintState is what is known of the paper.
type PrintState int

// The states of the paper.
const (
	PrintNone    PrintState = iota // not asked for
	PrintPending                   // its beginning is on its way to the disk
	PrintRunning
	PrintDone
	PrintFailed  // certainly no whole ticket
	PrintUnknown // nobody can tell
)

// Busy tells that a job has begun and has no end yet.
func (p PrintState) Busy() bool { return p == PrintPending || p == PrintRunning }

// Leaving is a print that goes on after its patient has left the screen.
type Leaving struct {
	Operation   uuid.UUID
	Job         uuid.UUID
	Unconfirmed bool // the slip of an unconfirmed result
	Finding     Finding
}

// Begin is the state of a terminal that has just been switched on.
func Begin(s Settings) State {
	return State{Settings: s, Step: StepClosed, Service: Service{Down: ReasonStarting}, View: s.View, Day: -1}
}

// room is where the appointment is: the cell's own room, else its doctor's.
func (s State) room() (string, int) {
	if s.Cell.Room != "" {
		return s.Cell.Room, s.Cell.Floor
	}
	return s.Doctor.Room, s.Doctor.Floor
}
