package apiclient

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Time is an instant as the registry writes it: see [ParseTime]. Null, a blank string and the year 1 are read
// as the zero time.
type Time struct {
	time.Time      // in the offset of the answer; without one, in time.Local
	NoOffset  bool // the answer has no offset: the time is that of a clock in the clinic's zone

	clock time.Time // what that clock shows, in UTC: time.Local may lack the hour; zero: what Time shows
}

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

// The layouts of nearly all times. They are tried first, because they are parsed much faster than isoTime.
const (
	withOffset    = time.RFC3339
	withoutOffset = "2006-01-02T15:04:05"
)

var (
	// isoTime matches a date and a time of day of ISO 8601 in the extended format: date, hours and minutes,
	// seconds with their fraction, offset. The offset may be in the basic format or hours alone, and blanks may
	// stand before it and for the T.
	isoTime = regexp.MustCompile(
		`^(\d{4}-\d{2}-\d{2})(?:(?:[Tt]|\s+)(\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$`)
	// microsoftTime matches the form of Microsoft's JSON serializers before ISO 8601: milliseconds since 1970
	// in UTC, and an offset that names only the zone of the writer.
	microsoftTime = regexp.MustCompile(`^/Date\((-?\d{1,15})([+-]\d{4})?\)/$`)
)

// errTime is returned for a text that is no instant. It does not quote the text.
var errTime = errors.New("a time must look like 2019-04-18T08:45:00+03:00")

// maxYear is the last year that can be written in four digits.
const maxYear = 9999

// ParseTime reads an instant: a date and a time of day of ISO 8601 (2019-04-18T08:45:00+03:00, as in the
// example of the reservation page), with or without seconds, fraction and offset, a date alone, or
// /Date(1555566300000+0300)/. 24:00 is the end of the day (ISO 8601-1:2019/Amd 1:2022). A date or a time of
// day that does not exist is an error.
func ParseTime(s string) (Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Time{}, nil
	}
	if parsed, err := time.Parse(withOffset, s); err == nil {
		return known(Time{Time: parsed})
	}
	if clock, err := time.Parse(withoutOffset, s); err == nil {
		return known(clockTime(clock))
	}
	if parts := microsoftTime.FindStringSubmatch(s); parts != nil {
		return parseMicrosoft(parts[1], parts[2])
	}
	if parts := isoTime.FindStringSubmatch(s); parts != nil {
		return parseISO(parts[1], cmp.Or(parts[2], "00:00"), cmp.Or(parts[3], ":00"), parts[4])
	}
	return Time{}, errTime
}

// parseISO reads the parts of isoTime. The offset may be blank.
func parseISO(date, clock, seconds, offset string) (Time, error) {
	endOfDay := clock == "24:00"
	if endOfDay {
		clock = "00:00"
		if strings.Trim(seconds, ":.,0") != "" {
			return Time{}, errTime
		}
	}
	parsed, err := time.Parse(withOffset, date+"T"+clock+seconds+longOffset(cmp.Or(offset, "Z")))
	if err != nil {
		return Time{}, errTime
	}
	if endOfDay {
		parsed = parsed.AddDate(0, 0, 1)
	}
	if offset == "" {
		return known(clockTime(parsed))
	}
	return known(Time{Time: parsed})
}

// clockTime returns the time without an offset that a clock shows; the clock is in UTC.
func clockTime(clock time.Time) Time {
	return Time{Time: onClock(clock, time.Local), NoOffset: true, clock: clock}
}

// onClock returns the instant at which a clock in a zone shows what t shows.
func onClock(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// longOffset returns an offset as RFC 3339 writes it.
func longOffset(offset string) string {
	switch {
	case strings.EqualFold(offset, "Z"):
		return "Z"
	case len(offset) == len("+03"):
		return offset + ":00"
	case len(offset) == len("+0300"):
		return offset[:3] + ":" + offset[3:]
	}
	return offset
}

// parseMicrosoft reads the parts of microsoftTime. The offset may be blank: UTC.
func parseMicrosoft(milliseconds, offset string) (Time, error) {
	n, err := strconv.ParseInt(milliseconds, 10, 64)
	if err != nil {
		return Time{}, errTime
	}
	at := time.UnixMilli(n).UTC()
	if offset != "" {
		zone, err := time.Parse("-0700", offset)
		if err != nil {
			return Time{}, errTime
		}
		at = at.In(zone.Location())
	}
	return known(Time{Time: at})
}

// known returns a time, or the zero time for the year 1, by which some servers say that there is none. A year
// of five digits is an error.
func known(t Time) (Time, error) {
	if t.Year() > maxYear {
		return Time{}, errTime
	}
	if t.Year() <= 1 {
		return Time{}, nil
	}
	return t, nil
}

// Told returns the instant in the clinic's zone: see [InZone]. A time without an offset is read as that of a
// clock in that zone. The zero time stays zero.
func (t Time) Told(zone *time.Location) time.Time {
	switch {
	case t.IsZero():
		return time.Time{}
	case t.NoOffset && zone != nil && !t.clock.IsZero():
		return onClock(t.clock, zone)
	case t.NoOffset && zone != nil:
		return onClock(t.Time, zone)
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
