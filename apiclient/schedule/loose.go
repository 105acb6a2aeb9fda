package schedule

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// The types of what is guessed of a wire. A value of a kind that nobody expected is none, and costs itself and not the whole timetable.
type (
	looseText string
	looseInt  int
	looseGUID struct{ uuid.UUID }
	looseTime struct{ time.Time }
)

// UnmarshalJSON reads a string, or a number as it is written.
func (t *looseText) UnmarshalJSON(data []byte) error {
	*t = looseText(plain(data))
	return nil
}

// UnmarshalJSON reads a number, or a string that holds one.
func (n *looseInt) UnmarshalJSON(data []byte) error {
	value, _ := strconv.Atoi(plain(data)) // what is no number is none
	*n = looseInt(value)
	return nil
}

// UnmarshalJSON reads a GUID.
func (g *looseGUID) UnmarshalJSON(data []byte) error {
	g.UUID, _ = uuid.Parse(plain(data)) // what is no GUID is none
	return nil
}

// UnmarshalJSON reads an instant as the registry writes it.
func (t *looseTime) UnmarshalJSON(data []byte) error {
	t.Time, _ = apiclient.ParseTime(plain(data)) // what is no instant is none
	return nil
}

// plain is a string's content, or a number's digits; blank for all else.
func plain(data []byte) string {
	switch {
	case len(data) == 0:
		return ""
	case data[0] == '"':
		var s string
		_ = json.Unmarshal(data, &s) // the decoder has found it valid
		return strings.TrimSpace(s)
	case data[0] == '-' || data[0] >= '0' && data[0] <= '9':
		return string(data)
	}
	return ""
}
