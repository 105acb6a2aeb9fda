package scanner

import (
	"fmt"
	"io"
	"log/slog"
)

// Form is what kind of a code was read.
type Form string

// The forms.
const (
	FormDigits   Form = "digits"   // the number of a policy and nothing else
	FormText     Form = "text"     // a text that holds one such number
	FormLabelled Form = "labelled" // a text of several numbers, one of which is called a policy's
	FormNone     Form = "none"     // no number of a policy, or several
	FormBinary   Form = "binary"   // no text at all
	FormTooLong  Form = "too_long" // longer than a code may be
	FormCut      Form = "cut"      // its end did not come
	FormTooFast  Form = "too_fast" // it came at once after another one
	maxCode           = 4096       // bytes: a QR code holds 2953, a PDF417 some 1800
	policyDigits      = 16         // of the number of a policy of the single form
)

// Scan is one code that was read. Only Policy holds something of a person: printing, logging and encoding a Scan show
// its form and length.
type Scan struct {
	Policy []byte // 16 digits, nil where the form has none; whoever gets the Scan owns and overwrites them
	Form   Form
	Length int // of the whole code in bytes or keys
}

// Wipe overwrites the number.
func (s Scan) Wipe() { clear(s.Policy) }

// String tells the form and the length.
func (s Scan) String() string { return fmt.Sprintf("%s, %d bytes", s.Form, s.Length) }

// Format is String for every verb, so that no verb shows the number.
func (s Scan) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is String, for logs.
func (s Scan) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is String, for JSON and everything that encodes texts.
func (s Scan) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Masked returns the number as a technician may see it: the last two digits alone.
func (s Scan) Masked() string {
	if len(s.Policy) != policyDigits {
		return ""
	}
	return "•••• •••• •••• ••" + string(s.Policy[policyDigits-2:])
}
