package apiclient

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// isNumber reports whether a JSON value is a number.
func isNumber(value json.RawMessage) bool {
	return value[0] == '-' || value[0] >= '0' && value[0] <= '9'
}

// maxWhole is the largest whole number up to which a float64 holds each (2⁵³).
const maxWhole = 1 << 53

// wholeNumber reads 2, 2.0 and " 2 ". A blank text is read as 0.
func wholeNumber(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, true
	}
	if n, err := strconv.Atoi(text); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > maxWhole {
		return 0, false
	}
	return int(f), true
}

// boolean reads true, false, 1 and 0.
func boolean(text string) (value, ok bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// nilGUID is the nil UUID, which some servers write for none.
const nilGUID = "00000000-0000-0000-0000-000000000000"

// parseGUID reads a GUID in the forms that servers write: with hyphens or without, in braces, as urn:uuid:,
// with blanks around it, in any case. A blank text is read as the nil UUID.
func parseGUID(text string) (uuid.UUID, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return uuid.Nil, nil
	}
	if inner, ok := strings.CutPrefix(text, "{"); ok {
		if text, ok = strings.CutSuffix(inner, "}"); !ok {
			return uuid.Nil, errors.New("a brace is missing")
		}
	}
	if len(text) == len("{}")+len(nilGUID) { // uuid.Parse takes any characters for braces
		return uuid.Nil, errors.New("too long")
	}
	return uuid.Parse(strings.TrimSpace(text))
}
