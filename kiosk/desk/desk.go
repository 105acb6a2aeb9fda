package desk

import (
	"context"
	"errors"
	"time"

	"infomat/kiosk/health"
)

// Fact is a line of the overview: what Name (service.fact.<Name>) is now.
type Fact struct {
	Name  string
	Value string
	Level health.Level // blank: neither good nor bad
}

// Choice is a value that a setting can be given.
type Choice struct {
	Value string // as the settings file has it
	Label string // blank: the value itself
}

// Setting is a line of the settings: Key such as printer.baud. Without choices it is only shown.
type Setting struct {
	Key     string
	Value   string
	Choices []Choice
}

// Visit is a booking as the journal knows it; it names nobody.
type Visit struct {
	Operation string // the whole identifier
	Code      string // its short form, which stands on paper and screen
	At        time.Time
	Stage     string
	CanPrint  bool    // its ticket can be printed again
	Story     []Event // all that is known of it, the oldest first
}

// Event is a step of a booking.
type Event struct {
	At    time.Time
	Stage string
	More  string // figures: HTTP status and code, the printer's reason
}

// Scan is a code that the scanner has read. It holds nothing of a person: of the number of a policy two digits.
type Scan struct {
	At     time.Time
	Form   string // service.scanner.form.<Form>
	Length int    // in bytes
	Masked string // "": it has no number
}

// PrinterTest is something that the printer can be told to do. Its words are service.printer.<PrinterTest>.
type PrinterTest string

// The tests.
const (
	TestTicket  PrinterTest = "ticket"  // a ticket that cannot be taken for a real one
	TestPages   PrinterTest = "pages"   // the characters of its code pages
	TestSelf    PrinterTest = "self"    // profile, status and every kind of text
	TestFeed    PrinterTest = "feed"    // some lines of paper
	TestCut     PrinterTest = "cut"     // a cut of the paper
	TestReset   PrinterTest = "reset"   // the command that resets it
	TestRetract PrinterTest = "retract" // the presenter takes a forgotten ticket back
)

// Place is where a report can be put: a stick, or the terminal's own folder.
type Place struct {
	Folder string
	Label  string
}

// Places is where a report can be put now.
type Places struct {
	All    []Place
	Sticks bool // a stick that is plugged in becomes a place
}

// The errors of a report that a technician can help.
var (
	ErrFull     = errors.New("desk: there is no room")
	ErrReadOnly = errors.New("desk: nothing can be written there")
)

// Terminal is what the pages show and do. A function that is nil is not offered. Each returns in bounded time. They may
// block, and are not called on the screen's thread.
type Terminal struct {
	Facts func(ctx context.Context) []Fact
	Check func(ctx context.Context, parts []health.Part, found func(health.Finding)) // all where none is named

	// Judged returns what the technician said last of one of diag.Judged; the zero finding: nothing. Judge keeps what he
	// says of it now. Both are nil, or none.
	Judged func(part health.Part) health.Finding
	Judge  func(part health.Part, well bool) health.Finding

	// Scans tells of each code that the scanner reads, until ctx ends. While it runs, no visit gets one. Nil: the terminal
	// reads no codes.
	Scans func(ctx context.Context, tell func(Scan))

	PrinterTests []PrinterTest // what the printer can be told to do
	Print        func(ctx context.Context, what PrinterTest) health.Finding

	Settings func() ([]Setting, error)
	Change   func(key, value string) error // tries a value until Keep or Undo; also a restart undoes it
	Keep     func() error
	Undo     func() error

	FindSpeed func(ctx context.Context) (string, error) // the speed at which the printer answers

	// Visits returns the bookings whose code begins with code, the newest first, at most so many.
	Visits  func(ctx context.Context, code string, most int) ([]Visit, error)
	Reprint func(ctx context.Context, operation string) health.Finding

	// Places tells where a report can be written to, now and whenever that changes, until ctx ends. While it runs, and
	// not otherwise, a stick that is plugged in can be used.
	Places func(ctx context.Context, tell func(Places))

	OutOfService func() string                   // why a technician has closed booking; "": he has not
	SetService   func(reason string)             // closes booking for a reason; "": opens it
	Restart      func()                          // restarts the program
	Leave        func()                          // ends the program
	Report       func(Place) (string, error)     // writes a report, and returns the name of its file
	Sound        func(ctx context.Context) error // plays a tone
}
