package usbprinter

import (
	"errors"
	"strings"
)

// The errors that this package adds to those of package line.
var (
	ErrNotPrinter = errors.New("this is not a USB printer")
	ErrOneWay     = errors.New("this printer has no way back: it cannot answer")
)

// PortStatus is the answer to the class's request GET_PORT_STATUS (USB Device Class Definition for Printing
// Devices 1.1, 4.2.2; usblp passes it on as LPGETSTATUS).
type PortStatus byte

// The bits of a PortStatus. The others are reserved and zero.
const (
	PaperEmpty PortStatus = 0x20
	Selected   PortStatus = 0x10 // on line
	NotError   PortStatus = 0x08

	// Benign is what a printer reports that cannot determine its state: no paper is missing, on line, no error.
	Benign = Selected | NotError
)

// Known reports whether s tells anything. A reserved bit is no status. Zero, "off line with an error and with
// paper", comes from printers that do not fill the status in, and cannot be told from the state it describes.
func (s PortStatus) Known() bool { return s != 0 && s&^(PaperEmpty|Benign) == 0 }

// String returns what s reports, for a technician.
func (s PortStatus) String() string {
	if !s.Known() {
		return "tells nothing"
	}
	var all []string
	if s&PaperEmpty != 0 {
		all = append(all, "paper out")
	}
	if s&Selected == 0 {
		all = append(all, "off line")
	}
	if s&NotError == 0 {
		all = append(all, "error")
	}
	if all == nil {
		return "no trouble"
	}
	return strings.Join(all, ", ")
}
