package scanner

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

// What a code holds. Which form the codes on policies have is not known from any document at hand: the rules of
// compulsory insurance ask for a machine-readable form and do not describe it. Each adapter below says what it assumes.
// A code that none of them knows holds no number: a wrong one would name another person.

// Read returns what a code holds. It keeps nothing of code.
func Read(code []byte) Scan {
	code = bytes.TrimPrefix(code, []byte("\xef\xbb\xbf"))
	s := Scan{Form: FormNone, Length: len(code)}
	if !utf8.Valid(code) || bytes.ContainsFunc(code, binary) {
		s.Form = FormBinary
		return s
	}
	for _, adapter := range adapters {
		if number := adapter.number(code); number != nil {
			s.Form, s.Policy = adapter.form, number
			return s
		}
	}
	return s
}

// binary reports a character that no text has. Separators of fields (GS, RS and the like) are in the texts of codes.
func binary(r rune) bool {
	return unicode.IsControl(r) && !unicode.IsSpace(r) && (r < 0x1c || r > 0x1f) && r != 0x04
}

// adapters are the known forms, the most certain first.
var adapters = []struct {
	form   Form
	number func(code []byte) []byte
}{
	{FormDigits, alone},
	{FormText, embedded},
	{FormLabelled, labelled},
}

// alone assumes that a linear code (Code 128, Interleaved 2 of 5) holds the 16 digits, perhaps in groups of four.
func alone(code []byte) []byte {
	var digits []byte
	for _, c := range bytes.TrimSpace(code) {
		switch {
		case isDigit(c):
			digits = append(digits, c)
		case c != ' ' && c != '-':
			clear(digits)
			return nil
		}
	}
	if len(digits) != policyDigits {
		clear(digits)
		return nil
	}
	return digits
}

// embedded assumes that a QR code or a PDF417 holds a text in which the number is the only one of 16 digits, wherever
// it stands: a link of a portal, fields with separators, words.
func embedded(code []byte) []byte {
	runs := runsOf(code)
	if len(runs) == 0 {
		return nil
	}
	first := runs[0].of(code)
	if slices.ContainsFunc(runs, func(r run) bool { return !bytes.Equal(r.of(code), first) }) {
		return nil
	}
	return bytes.Clone(first)
}

// labels are the words before a number that make it a policy's, in lower case: «ЕНП» is the single number of the
// insured.
var labels = [][]byte{
	[]byte("enp"), []byte("енп"), []byte("n_pol"), []byte("npolis"), []byte("policy"), []byte("polis"), []byte("полис"),
	[]byte("oms"), []byte("омс"),
}

// labelWithin is how far before the number its label may end, in bytes: `"enp": "`, «полис ОМС № ».
const labelWithin = 16

// labelled assumes that of several numbers of 16 digits the one is meant that is called a policy's.
func labelled(code []byte) []byte {
	var found []byte
	for _, r := range runsOf(code) {
		before := bytes.ToLower(code[max(0, r.from-labelWithin):r.from])
		called := slices.ContainsFunc(labels, func(label []byte) bool { return bytes.Contains(before, label) })
		clear(before)
		switch {
		case !called:
		case found != nil && !bytes.Equal(found, r.of(code)):
			return nil
		default:
			found = r.of(code)
		}
	}
	return bytes.Clone(found)
}

// run is where 16 digits stand that are not a part of more.
type run struct{ from int }

func (r run) of(code []byte) []byte { return code[r.from : r.from+policyDigits] }

func runsOf(code []byte) (all []run) {
	for i := 0; i < len(code); {
		if !isDigit(code[i]) {
			i++
			continue
		}
		from := i
		for i < len(code) && isDigit(code[i]) {
			i++
		}
		if i-from == policyDigits {
			all = append(all, run{from})
		}
	}
	return all
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
