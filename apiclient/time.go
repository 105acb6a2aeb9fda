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
type Time struct{ time.Time }

var layouts = [...]string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02",
}

// UnmarshalJSON reads an instant.
func (t *Time) UnmarshalJSON(data []byte) error {
	var s string // null leaves it blank
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("a time must be a string: %w", err)
	}
	parsed, err := ParseTime(s)
	t.Time = parsed
	return err
}

// ParseTime reads an instant as Time does.
func ParseTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range layouts {
		parsed, err := time.ParseInLocation(layout, s, time.Local)
		if err != nil {
			continue
		}
		if parsed.Year() <= 1 {
			return time.Time{}, nil
		}
		return parsed, nil
	}
	return time.Time{}, errors.New("a time must look like 2019-04-18T08:45:00+03:00")
}

// MarshalJSON writes null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.Format(time.RFC3339))
}
