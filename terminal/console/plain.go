package console

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// plain is the writer of Plain.
type plain struct{ w io.Writer }

// Plain returns a writer for a technician's console: control characters are written out, as \u001b, except the end of a
// line and the tab. So no text of a file, a socket or the network moves the cursor, changes the title, or turns the
// direction of what stands there. Each write has to be of whole characters. What is JSON stays JSON with the same
// values.
func Plain(w io.Writer) io.Writer { return plain{w} }

func (p plain) Write(b []byte) (int, error) {
	if _, err := io.WriteString(p.w, visible(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// visible returns a text with its control characters written out, and � for what is no character.
func visible(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r == '\n', r == '\t':
			out.WriteRune(r)
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.In(r, unicode.Zl, unicode.Zp):
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r) // utf8.RuneError for what is no character
		}
	}
	return out.String()
}
