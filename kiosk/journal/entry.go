package journal

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"infomat/kiosk"
)

// Kind says what an entry is about.
type Kind string

// The kinds of entries.
const (
	KindBooking    Kind = "booking"    // a transition of a booking: see kiosk.Record
	KindLife       Kind = "life"       // the terminal was started, stopped, or found that it had been killed
	KindService    Kind = "service"    // the terminal's own state: in service, limited, out of service
	KindDevice     Kind = "device"     // a watched part changed its state
	KindOperator   Kind = "operator"   // a technician did something
	KindConfig     Kind = "config"     // the configuration is another than before
	KindClock      Kind = "clock"      // the wall clock was set, or the machine slept
	KindPanic      Kind = "panic"      // the program failed in a way that it did not foresee
	KindQuarantine Kind = "quarantine" // a damaged file was set aside
)

// Entry is a line of the journal: a booking's transition, or a note.
type Entry struct {
	Seq  uint64    `json:"seq"`
	Kind Kind      `json:"kind"`
	At   time.Time `json:"at"` // wall clock, for people
	*kiosk.Record
	*Note
}

// Note is what happened beside bookings. Its words are the program's own: never a name, a text of the registry or a
// secret.
type Note struct {
	Subject string   `json:"subject"`          // a part, a command, a place in the program
	State   string   `json:"state,omitempty"`  // what it came to
	Detail  string   `json:"detail,omitempty"` // why, for technicians
	Stack   []string `json:"stack,omitempty"`  // of a panic: functions, files and lines, no values
}

// The longest texts of a note, in bytes, and the deepest stack.
const (
	longestWord   = 80
	longestDetail = 400
	deepestStack  = 40
)

// bounded is the note with its texts cut to their bounds and without control characters.
func (n Note) bounded() Note {
	n.Subject, n.State, n.Detail = cut(n.Subject, longestWord), cut(n.State, longestWord), cut(n.Detail, longestDetail)
	n.Stack = slices.Clone(n.Stack[:min(len(n.Stack), deepestStack)])
	for i, s := range n.Stack {
		n.Stack[i] = cut(s, longestDetail)
	}
	return n
}

func cut(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return strings.TrimSpace(s)
}
