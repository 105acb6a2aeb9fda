package device

import (
	"errors"

	"infomat/device/escpos"
	"infomat/device/serialport"
)

// DeviceState is whether the printer can be used, after CEN/XFS (WFSPTRSTATUS, fwDevice).
type DeviceState int

// The states of the device.
const (
	DeviceUnknown      DeviceState = iota // not asked yet
	DeviceNotSupported                    // the port is there, and this kind of printer cannot be asked
	DeviceOnline                          // it can print
	DeviceOffline                         // it says that it is offline, and not why
	DeviceNone                            // there is no port, or the cable was pulled, or the port is another program's
	DeviceSilent                          // the port is there, and nothing answers: switched off, or another profile
	DeviceForeign                         // what answers is not a printer of this profile at this speed
	DeviceUser                            // somebody has to do something simple: the cover is open
	DeviceFault                           // the cutter, the head, or anything else that needs a technician
)

var deviceNames = [...]string{"unknown", "not_supported", "online", "offline", "no_device", "silent", "foreign", "user_error", "hardware_error"}

// String names the state for logs and metrics.
func (d DeviceState) String() string { return deviceNames[d] }

// PaperState is how much paper there is (fwPaper).
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

// String names the state for logs and metrics.
func (p PaperState) String() string { return paperNames[p] }

// MediaState is where the ticket is that was printed last (fwMedia).
type MediaState int

// The states of the ticket.
const (
	MediaUnknown MediaState = iota
	MediaNotSupported
	MediaNotPresent // nothing stands in the mouth
	MediaPresent    // it waits for the patient
	MediaTaken      // the patient has it
	MediaRetracted  // nobody took it, so it was drawn back
)

var mediaNames = [...]string{"unknown", "not_supported", "not_present", "present", "taken", "retracted"}

// String names the state for logs and metrics.
func (m MediaState) String() string { return mediaNames[m] }

// Status is the printer's state. "Not supported" is what this kind of printer never tells, "unknown" what it did not tell now.
type Status struct {
	Device DeviceState
	Paper  PaperState
	Media  MediaState
	Reason string // why it cannot print, for a technician; "" when it can
}

// Ready tells whether a ticket can be printed, as far as the printer can be asked.
func (s Status) Ready() bool {
	return (s.Device == DeviceOnline || s.Device == DeviceNotSupported) && s.Paper != PaperOut && s.Paper != PaperJammed
}

// statusOf is the state that an answer, or the lack of one, means.
func statusOf(p escpos.Profile, s escpos.Status, err error) Status {
	if err != nil {
		return Status{Device: deviceOf(err), Paper: unknownOr(p, escpos.PaperOut), Reason: err.Error()}
	}
	st := Status{Device: DeviceOnline, Paper: PaperFull, Reason: s.Trouble()}
	switch {
	case len(p.Ask) == 0:
		st.Device = DeviceNotSupported
	case s.Has(escpos.CoverOpen):
		st.Device = DeviceUser
	case s&(escpos.Cutter|escpos.Jam|escpos.Fault) != 0:
		st.Device = DeviceFault
	case s.Has(escpos.Offline):
		st.Device = DeviceOffline
	}
	switch {
	case !p.Knows(escpos.PaperOut):
		st.Paper = PaperNotSupported
	case s.Has(escpos.Jam):
		st.Paper = PaperJammed
	case s.Has(escpos.PaperOut):
		st.Paper = PaperOut
	case s.Has(escpos.PaperLow):
		st.Paper = PaperLow
	}
	return st
}

func unknownOr(p escpos.Profile, what escpos.Status) PaperState {
	if p.Knows(what) {
		return PaperUnknown
	}
	return PaperNotSupported
}

// deviceOf tells what an error of the line means.
func deviceOf(err error) DeviceState {
	var foreign *escpos.BadStatusError
	switch {
	case errors.As(err, &foreign):
		return DeviceForeign
	case errors.Is(err, ErrSilent), errors.Is(err, ErrStalled):
		return DeviceSilent
	case errors.Is(err, serialport.ErrNoPort), errors.Is(err, serialport.ErrNotTTY), errors.Is(err, serialport.ErrBusy), errors.Is(err, serialport.ErrHangup):
		return DeviceNone
	}
	return DeviceUnknown
}
