package schedule

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// The types of fields whose names or types are guessed. A value of an unexpected type is read as the zero
// value.
type (
	lenientText string
	lenientInt  int
	lenientGUID struct{ uuid.UUID }
	lenientTime struct{ apiclient.Time }
)

// UnmarshalJSON reads a string, or a number as it is written.
func (t *lenientText) UnmarshalJSON(data []byte) error {
	*t = lenientText(scalarText(data))
	return nil
}

// UnmarshalJSON reads a number, or a string that holds one.
func (n *lenientInt) UnmarshalJSON(data []byte) error {
	value, _ := strconv.Atoi(scalarText(data)) // no number is read as 0
	*n = lenientInt(value)
	return nil
}

// UnmarshalJSON reads a GUID.
func (g *lenientGUID) UnmarshalJSON(data []byte) error {
	g.UUID, _ = uuid.Parse(scalarText(data)) // no GUID is read as the nil UUID
	return nil
}

// UnmarshalJSON reads an instant as the registry writes it.
func (t *lenientTime) UnmarshalJSON(data []byte) error {
	t.Time, _ = apiclient.ParseTime(scalarText(data)) // no instant is read as the zero time
	return nil
}

// scalarText returns the content of a string, or a number as it is written, and else "".
func scalarText(data []byte) string {
	switch {
	case len(data) == 0:
		return ""
	case data[0] == '"':
		var s string
		_ = json.Unmarshal(data, &s) // the decoder has validated it
		return strings.TrimSpace(s)
	case data[0] == '-' || data[0] >= '0' && data[0] <= '9':
		return string(data)
	}
	return ""
}
