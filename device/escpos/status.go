package escpos

import "fmt"

// Question asks for the real-time status n, from 1 to 4 (DLE EOT n). It is answered at once, also when the printer is offline.
func Question(n byte) []byte { return []byte{0x10, 0x04, n} }

// Clear drops the printer's buffer and lets it recover from an error (DLE ENQ 2).
var Clear = []byte{0x10, 0x05, 0x02}

// Questions is how many real-time statuses there are.
const Questions = 4

// Status is what the real-time statuses say together.
type Status struct {
	Offline   bool
	CoverOpen bool
	PaperOut  bool
	PaperLow  bool
	Cutter    bool // the cutter is stuck
	Fault     bool // any other error
}

// Ready tells whether a ticket can be printed.
func (s Status) Ready() bool {
	return !s.Offline && !s.CoverOpen && !s.PaperOut && !s.Cutter && !s.Fault
}

// Trouble names why a ticket cannot be printed; "" when it can.
func (s Status) Trouble() string {
	switch {
	case s.CoverOpen:
		return "cover open"
	case s.PaperOut:
		return "paper out"
	case s.Cutter:
		return "cutter error"
	case s.Fault:
		return "printer error"
	case s.Offline:
		return "offline"
	}
	return ""
}

// BadStatusError is an answer that no printer of this kind gives: the speed or the profile is wrong.
type BadStatusError struct{ Byte byte }

func (e BadStatusError) Error() string {
	return fmt.Sprintf("the printer answered %#02x, which is no status: speed or profile wrong?", e.Byte)
}

// Add takes the answer to question n into account (Epson TM-T88III, DLE EOT). Fixed bits tell an answer from noise.
func (s *Status) Add(n, b byte) error {
	if b&0x93 != 0x12 {
		return BadStatusError{b}
	}
	switch n {
	case 1:
		s.Offline = s.Offline || b&0x08 != 0
	case 2:
		s.CoverOpen = s.CoverOpen || b&0x04 != 0
		s.PaperOut = s.PaperOut || b&0x20 != 0
		s.Fault = s.Fault || b&0x40 != 0
	case 3:
		s.Cutter = s.Cutter || b&0x08 != 0
		s.Fault = s.Fault || b&0x64 != 0
	case 4:
		s.PaperLow = s.PaperLow || b&0x0C != 0
		s.PaperOut = s.PaperOut || b&0x60 != 0
	}
	return nil
}
