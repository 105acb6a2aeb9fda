package escpos

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Status is what a printer says of itself: a set of these.
type Status uint16

// What a printer may say.
const (
	Offline   Status = 1 << iota
	CoverOpen        // or the head is up
	PaperOut         // no ticket can be printed
	PaperLow         // some tickets can still be printed
	Cutter           // the cutter is stuck
	Jam              // of paper
	Fault            // any other error
	AtMouth          // a ticket stands in the presenter's mouth
	Moving           // the paper motor runs
	Busy             // there is something left to print
)

var statusNames = map[string]Status{
	"offline": Offline, "cover_open": CoverOpen, "paper_out": PaperOut, "paper_low": PaperLow, "cutter": Cutter,
	"jam": Jam, "fault": Fault, "at_mouth": AtMouth,
	"moving": Moving, "busy": Busy,
}

// Has reports whether all of these are said.
func (s Status) Has(what Status) bool { return s&what == what }

// Ready reports whether a ticket can be printed.
func (s Status) Ready() bool { return s&(Offline|CoverOpen|PaperOut|Cutter|Jam|Fault) == 0 }

// Trouble names why a ticket cannot be printed; "" when it can.
func (s Status) Trouble() string {
	for _, t := range []struct {
		what Status
		name string
	}{
		{CoverOpen, "cover open"},
		{PaperOut, "paper out"},
		{Jam, "paper jam"},
		{Cutter, "cutter error"},
		{Fault, "printer error"},
		{Offline, "offline"},
	} {
		if s.Has(t.what) {
			return t.name
		}
	}
	return ""
}

// Question is a question for the printer's state, and how its answer is read.
type Question struct {
	Ask    Hex       `toml:"ask"`
	Shape  []Pattern `toml:"shape"`  // one for each byte of the answer
	Repeat int       `toml:"repeat"` // how often it is asked: all answers have to be the same; 0: once
	Bits   Bits      `toml:"bits"`
}

// Pattern is the fixed bits of a byte: an answer can be told from noise by them.
type Pattern struct{ Mask, Value byte }

// Bits are the bits that mean something, by the names of the states: offline, cover_open, paper_out, paper_low, cutter,
// jam, fault, at_mouth, moving, busy. Each may stand at several places.
type Bits map[string]Masks

// Mask is bits of a byte of an answer, counted from 1.
type Mask struct {
	Byte int
	Mask byte
}

func (b Bits) knows(s Status) bool {
	for name := range b {
		if statusNames[name] == s {
			return true
		}
	}
	return false
}

// UnmarshalText reads a pattern such as 93/12.
func (p *Pattern) UnmarshalText(text []byte) error {
	mask, value, ok := bytes.Cut(text, []byte("/"))
	m, err1 := strconv.ParseUint(string(mask), 16, 8)
	v, err2 := strconv.ParseUint(string(value), 16, 8)
	if !ok || err1 != nil || err2 != nil || byte(v)&^byte(m) != 0 {
		return wrong(
			"write mask and value in hexadecimal digits, such as 93/12, with no bit in the value that is not in the mask",
			"%q is not a pattern",
			text,
		)
	}
	p.Mask, p.Value = byte(m), byte(v)
	return nil
}

// Masks are several masks, such as "3:01 4:08".
type Masks []Mask

// UnmarshalText reads masks.
func (m *Masks) UnmarshalText(text []byte) error {
	for _, f := range strings.Fields(string(text)) {
		at, mask, ok := strings.Cut(f, ":")
		n, err1 := strconv.Atoi(at)
		v, err2 := strconv.ParseUint(mask, 16, 8)
		if !ok || err1 != nil || err2 != nil || v == 0 {
			return wrong("write byte and mask, such as 1:08 or 3:01 4:08", "%q names no bits", f)
		}
		*m = append(*m, Mask{n, byte(v)})
	}
	return nil
}

// BadStatusError is an answer that no printer of this kind gives: the speed or the profile is wrong.
type BadStatusError struct{ Bytes []byte }

func (e *BadStatusError) Error() string {
	return fmt.Sprintf("the printer answered % X, which is no status: speed or profile wrong?", e.Bytes)
}

// Read reads a whole answer. The error is a *BadStatusError.
func (q Question) Read(answer []byte) (Status, error) {
	if len(answer) != len(q.Shape) {
		return 0, &BadStatusError{answer}
	}
	for i, p := range q.Shape {
		if answer[i]&p.Mask != p.Value {
			return 0, &BadStatusError{answer}
		}
	}
	var s Status
	for name, places := range q.Bits {
		for _, m := range places {
			if answer[m.Byte-1]&m.Mask != 0 {
				s |= statusNames[name]
			}
		}
	}
	return s, nil
}

// Answer is what a printer in that state answers: the other way round than Read.
func (q Question) Answer(s Status) []byte {
	answer := make([]byte, len(q.Shape))
	for i, p := range q.Shape {
		answer[i] = p.Value
	}
	for name, places := range q.Bits {
		if s.Has(statusNames[name]) {
			for _, m := range places {
				answer[m.Byte-1] |= m.Mask
			}
		}
	}
	return answer
}

// PaperSensor is GS r 1: carried out in the order of the buffer, and not when paper is out (Epson TM-T88III
// specification, p. 142).
var PaperSensor = Question{
	Ask: Hex{0x1D, 'r', 1}, Shape: []Pattern{{Mask: 0x90}},
	Bits: Bits{"paper_low": {{Byte: 1, Mask: 0x03}}, "paper_out": {{Byte: 1, Mask: 0x0C}}},
}

// ProcessID is GS ( H function 48: the printer sends the four characters back when it has printed all that
// came before (Epson ESC/POS Application Programming Guide). They have to be visible ASCII.
func ProcessID(id string) Question {
	q := Question{Ask: append(Hex{0x1D, '(', 'H', 6, 0, '0', '0'}, id...), Shape: []Pattern{{0xFF, 0x37}, {0xFF, 0x22}}}
	for _, b := range []byte(id) {
		q.Shape = append(q.Shape, Pattern{0xFF, b})
	}
	q.Shape = append(q.Shape, Pattern{0xFF, 0})
	return q
}
