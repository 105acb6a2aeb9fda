package file

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"infomat/apiclient/schedule/schedtest"
)

// For any document there is a valid catalogue, or an error that says what is wanted.
func FuzzDocument(f *testing.F) {
	example, err := os.ReadFile("../../../docs/timetable.example.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add(bytes.ReplaceAll(example, []byte("ADULT"), []byte("adult")))
	f.Add([]byte(`{"version":1,"exported":"2026-11-25T07:30:00+03:00","specialities":[],"doctors":[]}`))
	f.Add([]byte(`{"doctors":[{"cells":[{}]}]}`))
	f.Add([]byte(`{"version":`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseDocument("f.json", data, schedtest.LargeWindow)
		if (c == nil) == (err == nil) {
			t.Fatalf("%v beside %v", c, err)
		}
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Problem == "" || e.Want == "") {
			t.Fatalf("%v", err)
		}
		if err != nil {
			if lines := bytes.Count(data, []byte("\n")) + 1; e.Line > lines {
				t.Fatalf("%v: there are %d lines", err, lines)
			}
			return
		}
		if c.AsOf.After(schedtest.LargeNow) {
			t.Fatal("a timetable of the future")
		}
		schedtest.CheckInvariants(t, c, schedtest.LargeNow)
	})
}
