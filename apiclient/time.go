package apiclient

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Time is an instant as the registry writes it: ISO 8601 with an offset (as in the example of the
// reservation page) or without one. Null, a blank string and the year 1 are read as the zero time.
type Time struct {
	time.Time      // in the offset of the answer; without one, in time.Local
	NoOffset  bool // the answer has no offset: the time is that of a clock in the clinic's zone
}

// layouts are the forms of an instant; those without an offset are in noOffset.
var (
	layouts  = [...]string{time.RFC3339Nano}
	noOffset = [...]string{
		"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02",
	}
)

// UnmarshalJSON reads an instant.
func (t *Time) UnmarshalJSON(data []byte) error {
	var s string // null leaves it blank
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("a time must be a string: %w", err)
	}
	parsed, err := ParseTime(s)
	*t = parsed
	return err
}

// ParseTime reads an instant as Time does.
func ParseTime(s string) (Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Time{}, nil
	}
	for _, layout := range layouts {
		if parsed, err := time.Parse(layout, s); err == nil {
			return known(Time{Time: parsed}), nil
		}
	}
	for _, layout := range noOffset {
		if parsed, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return known(Time{parsed, true}), nil
		}
	}
	return Time{}, errors.New("a time must look like 2019-04-18T08:45:00+03:00")
}

// known returns a time, or the zero time for the year 1, by which some servers say that there is none.
func known(t Time) Time {
	if t.Year() <= 1 {
		return Time{}
	}
	return t
}

// Told returns the instant in the clinic's zone: see [InZone]. A time without an offset is read as that of a
// clock in that zone. The zero time stays zero.
func (t Time) Told(zone *time.Location) time.Time {
	switch {
	case t.IsZero():
		return time.Time{}
	case t.NoOffset && zone != nil:
		y, m, d := t.Date()
		return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
	}
	return InZone(t.Time, zone)
}

// InZone returns an instant in the clinic's zone, in which patients are told all times. Where that zone is
// not known (nil), an instant in UTC is told in time.Local, and any other stays in the offset that the server
// has written.
func InZone(t time.Time, zone *time.Location) time.Time {
	_, offset := t.Zone()
	switch {
	case t.IsZero():
		return t
	case zone != nil:
		return t.In(zone)
	case offset == 0:
		return t.Local()
	}
	return t
}

// MarshalJSON writes null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.Format(time.RFC3339))
}
