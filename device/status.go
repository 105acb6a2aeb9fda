package device

import (
	"errors"

	"infomat/device/escpos"
	"infomat/device/line"
	"infomat/device/serialport"
	"infomat/device/usbprinter"
)

// DeviceState reports whether the printer can be used. It follows CEN/XFS (WFSPTRSTATUS, fwDevice).
type DeviceState int

// The states of the device.
const (
	DeviceUnknown      DeviceState = iota // not asked yet
	DeviceNotSupported                    // the port is open, but this kind of printer has no status questions
	DeviceOnline                          // the printer can print
	DeviceOffline                         // the printer reports that it is offline without a reason
	DeviceNone                            // no port, cable unplugged, or port in use by another program
	DeviceSilent                          // the port is open, but nothing answers: switched off, or wrong profile
	DeviceForeign                         // the answers do not fit the profile: wrong profile or wrong speed
	DeviceUser                            // needs a simple action by the staff: the cover is open
	DeviceFault                           // needs a technician: cutter, print head, or another error
	DeviceOneWay                          // nothing was heard on the line in several rounds; jobs are sent all the same
)

var deviceNames = [...]string{
	"unknown", "not_supported", "online", "offline", "no_device", "silent", "foreign", "user_error", "hardware_error",
	"one_way",
}

// String returns the name of d for logs and metrics.
func (d DeviceState) String() string { return deviceNames[d] }

// PaperState says how much paper is left (fwPaper).
type PaperState int

// The states of the paper.
const (
	PaperUnknown PaperState = iota
	PaperNotSupported
	PaperFull
	PaperLow
	PaperOut
	PaperJammed
)

var paperNames = [...]string{"unknown", "not_supported", "full", "low", "out", "jammed"}

// String returns the name of p for logs and metrics.
func (p PaperState) String() string { return paperNames[p] }

// MediaState says where the ticket printed last is (fwMedia).
type MediaState int

// The states of the ticket.
const (
	MediaUnknown MediaState = iota
	MediaNotSupported
	MediaNotPresent // no ticket in the presenter's mouth
	MediaPresent    // a ticket in the mouth, not taken yet
	MediaTaken      // the patient has taken it
	MediaRetracted  // nobody has taken it, and the presenter has retracted it
)

var mediaNames = [...]string{"unknown", "not_supported", "not_present", "present", "taken", "retracted"}

// String returns the name of m for logs and metrics.
func (m MediaState) String() string { return mediaNames[m] }

// Lack says what a printer lacks to confirm its jobs, as far as jobs have found it out. Without it each ticket is
// Unknown.
type Lack int

// What may be lacking.
const (
	LackNothing Lack = iota // or no job has found out yet
	LackAnswer              // it does not answer the question that confirms a job in its profile
	LackMarker              // it cannot be told whether it has restarted within a job
)

var lackNames = [...]string{"nothing", "answer", "marker"}

// String returns the name of l for logs.
func (l Lack) String() string { return lackNames[l] }

// Status is the printer's status. "Not supported" marks what this kind of printer never reports, "unknown"
// what it has not reported this time.
type Status struct {
	Device DeviceState
	Paper  PaperState
	Media  MediaState
	Lack   Lack
	Reason string // why the printer cannot print, for a technician; "" if it can
}

// Ready reports whether a ticket can be printed. A printer without status questions counts as ready.
func (s Status) Ready() bool {
	return (s.Device == DeviceOnline || s.Device == DeviceNotSupported) && s.Paper != PaperOut && s.Paper != PaperJammed
}

// statusOf returns the status that follows from the answers s of a printer of profile p, or from the error err.
func statusOf(p escpos.Profile, s escpos.Status, err error) Status {
	var told NotReadyError
	if errors.As(err, &told) { // by the automatic status
		s, err = told.Status, nil
	}
	if err != nil {
		return Status{Device: deviceOf(err), Paper: unknownOr(p, escpos.PaperOut), Reason: err.Error()}
	}
	st := Status{Device: DeviceOnline, Paper: PaperFull, Reason: s.Trouble()}
	switch { // the line may report what the printer cannot be asked for
	case s.Has(escpos.CoverOpen):
		st.Device = DeviceUser
	case s&(escpos.Cutter|escpos.Jam|escpos.Fault) != 0:
		st.Device = DeviceFault
	case s.Has(escpos.Offline):
		st.Device = DeviceOffline
	case len(p.Ask) == 0:
		st.Device = DeviceNotSupported
	}
	switch {
	case s.Has(escpos.Jam) && p.Knows(escpos.PaperOut):
		st.Paper = PaperJammed
	case s.Has(escpos.PaperOut):
		st.Paper = PaperOut
	case !p.Knows(escpos.PaperOut):
		st.Paper = PaperNotSupported
	case s.Has(escpos.PaperLow):
		st.Paper = PaperLow
	}
	return st
}

// unknownOr returns PaperUnknown if the profile can report what, and PaperNotSupported otherwise.
func unknownOr(p escpos.Profile, what escpos.Status) PaperState {
	if p.Knows(what) {
		return PaperUnknown
	}
	return PaperNotSupported
}

// deviceOf returns the device state that follows from an error of the line.
func deviceOf(err error) DeviceState {
	var foreign *escpos.BadStatusError
	switch {
	case errors.As(err, &foreign):
		return DeviceForeign
	case errors.Is(err, ErrSilent), errors.Is(err, ErrStalled):
		return DeviceSilent
	case errors.Is(err, line.ErrNoPort), errors.Is(err, line.ErrBusy), errors.Is(err, line.ErrHangup),
		errors.Is(err, serialport.ErrNotTTY), errors.Is(err, usbprinter.ErrNotPrinter):
		return DeviceNone
	}
	return DeviceUnknown
}
