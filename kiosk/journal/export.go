package journal

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
)

// WriteJSON writes every entry as one JSON object a line. It holds no personal data, because an entry has no place for any.
func WriteJSON(out io.Writer, name string) error {
	lines := json.NewEncoder(out)
	return Read(name, func(e Entry) error { return lines.Encode(e) })
}

// columns are the export's columns. New ones are added at the end, so that a sheet made for the old ones still fits.
var columns = []string{
	"seq", "at", "kind", "operation", "code", "stage", "retry_of", "cell", "doctor", "age", "begin", "num", "room", "floor", "ticket_guid", "hold_until",
	"http", "refusal_code", "job", "copy", "finding", "reason", "subject", "state", "detail", "stack",
}

// WriteCSV writes every entry as one line of comma-separated values (RFC 4180) under a line of names. Times are RFC 3339.
func WriteCSV(out io.Writer, name string) error {
	w := csv.NewWriter(out)
	if err := w.Write(columns); err != nil {
		return err
	}
	if err := Read(name, func(e Entry) error { return w.Write(row(e)) }); err != nil {
		w.Flush()
		return err
	}
	w.Flush()
	return w.Error()
}

func row(e Entry) []string {
	line := []string{strconv.FormatUint(e.Seq, 10), moment(e.At), string(e.Kind)}
	r, code := kiosk.Record{}, ""
	if e.Record != nil {
		r, code = *e.Record, kiosk.Code(e.Operation)
	}
	line = append(line, id(r.Operation), code, string(r.Stage), id(r.RetryOf), id(r.Cell), id(r.Doctor), string(r.Age), moment(r.Begin), r.Num, r.Room, number(r.Floor),
		id(r.Ticket), moment(r.HoldUntil), number(r.HTTPStatus), r.Code, id(r.Job), yes(r.Copy), string(r.CellState), r.Reason)
	var n Note
	if e.Note != nil {
		n = *e.Note
	}
	return append(line, n.Subject, n.State, n.Detail, strings.Join(n.Stack, " < "))
}

func id(u uuid.UUID) string {
	if u == uuid.Nil {
		return ""
	}
	return u.String()
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
