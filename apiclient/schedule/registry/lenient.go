package registry

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// maxText bounds a text in bytes: a longer one is no name, room or post, and is not kept.
const maxText = 512

// The types of fields whose names or types are guessed. A value of an unexpected type is read as the zero
// value, with bad set where it matters that it was there.
type (
	lenientText struct {
		text string
		bad  bool
	}
	lenientInt struct {
		n   int
		bad bool
	}
	lenientTime struct {
		apiclient.Time
		bad bool
	}
	lenientGUID  struct{ uuid.UUID }
	lenientTexts []string
)

// UnmarshalJSON reads a string, or a number as it is written.
func (t *lenientText) UnmarshalJSON(data []byte) error {
	text, ok := scalarText(data)
	*t = lenientText{text, !ok}
	return nil
}

// UnmarshalJSON reads a number, or a string that holds one. A blank string is 0.
func (n *lenientInt) UnmarshalJSON(data []byte) error {
	text, ok := scalarText(data)
	value, err := strconv.Atoi(text)
	*n = lenientInt{value, !ok || err != nil && text != ""}
	return nil
}

// UnmarshalJSON reads a GUID.
func (g *lenientGUID) UnmarshalJSON(data []byte) error {
	text, _ := scalarText(data)
	g.UUID, _ = uuid.Parse(text) // no GUID is read as the nil UUID
	return nil
}

// UnmarshalJSON reads an instant as the registry writes it.
func (t *lenientTime) UnmarshalJSON(data []byte) error {
	text, ok := scalarText(data)
	at, err := apiclient.ParseTime(text)
	*t = lenientTime{at, !ok || err != nil}
	return nil
}

// maxTexts bounds a list of texts in bytes as it is written.
const maxTexts = 4 << 10

// UnmarshalJSON reads a list of strings, or one string. What is no string is left out.
func (t *lenientTexts) UnmarshalJSON(data []byte) error {
	*t = nil
	if len(data) > maxTexts {
		return nil
	}
	var list []lenientText
	if data[0] != '[' {
		list = make([]lenientText, 1)
		_ = list[0].UnmarshalJSON(data) // never fails
	} else {
		_ = json.Unmarshal(data, &list) // the decoder has validated it
	}
	for _, one := range list {
		if one.text != "" {
			*t = append(*t, one.text)
		}
	}
	return nil
}

// scalarText returns the content of a string without spaces around it, or a number as it is written. Null is
// "". It reports false for a value of another type, and for a text longer than maxText.
func scalarText(data []byte) (text string, ok bool) {
	const mostEscaped = len(`\u0000`) // the longest way to write a byte of the text
	switch {
	case len(data) == 0 || len(data) > mostEscaped*maxText:
		return "", false
	case data[0] == '"':
		text = strings.TrimSpace(unquoted(data))
		if len(text) > maxText {
			return "", false
		}
		return text, true
	case data[0] == '-' || data[0] >= '0' && data[0] <= '9':
		if len(data) > maxText {
			return "", false
		}
		return string(data), true
	}
	return "", data[0] == 'n'
}

// unquoted returns the content of a string that the decoder has validated.
func unquoted(data []byte) (text string) {
	if inner := data[1 : len(data)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	_ = json.Unmarshal(data, &text)
	return text
}
