package journal

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"infomat/kiosk"
)

// Kind is what an entry tells of.
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

// WriteJSON writes every entry as one JSON object a line. It holds no personal data: an entry has no place for any.
func WriteJSON(out io.Writer, name string) error {
	lines := json.NewEncoder(out)
	return Read(name, func(e Entry) error { return lines.Encode(e) })
}

// columns are the export's columns, and keys the keys of JSON that they show. New ones are added at the end, so that a
// sheet made for the old ones still fits.
var (
	columns = strings.Fields(`seq at kind operation code stage retry_of cell doctor age begin num room floor
		ticket_guid hold_until http refusal_code job copy finding reason subject state detail stack`)
	keys = strings.Fields(`seq at kind operation - stage retryOf cell doctor age begin num room floor
		ticketGuid holdUntil http code job copy finding reason subject state detail stack`)
)

// WriteCSV writes a line of names, and every entry as a line of comma-separated values (RFC 4180). Times are RFC 3339.
func WriteCSV(out io.Writer, name string) error {
	w := csv.NewWriter(out)
	_ = w.Write(columns) // Error tells
	err := Read(name, func(e Entry) error {
		row, err := row(e)
		return errors.Join(err, w.Write(row))
	})
	w.Flush()
	return errors.Join(err, w.Error())
}

// row returns the values of an entry in the order of the columns.
func row(e Entry) (values []string, err error) {
	data, err := json.Marshal(e)
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = errors.Join(err, d.Decode(&fields))
	if e.Record != nil {
		fields["-"] = kiosk.Code(e.Operation)
	}
	for _, k := range keys {
		switch v := fields[k].(type) {
		case nil:
			values = append(values, "")
		case bool:
			values = append(values, "yes")
		case []any:
			values = append(values, strings.Join(e.Stack, " < "))
		default:
			values = append(values, fmt.Sprint(v))
		}
	}
	return values, err
}
