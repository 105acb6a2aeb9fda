package checks

import (
	"errors"
	"os"

	"infomat/device"
	"infomat/device/line"
	"infomat/device/serialport"
	"infomat/device/usbprinter"
	"infomat/kiosk/health"
)

// Printer judges the state of the printer at a port, and the error with which it was asked for; nil where it
// answered.
func Printer(port string, s device.Status, err error) health.Finding {
	return health.New(health.PartPrinter, printerKind(s, err)).With(map[string]any{
		"Port":    port,
		"Trouble": s.Reason,
	}).Because(err)
}

// Pinned returns a finding of its own for a printer with which all is well, and whose port can go to another device;
// stays is the name that cannot, "" where there is nothing to tell. Any other finding comes first.
func Pinned(f health.Finding, port, stays string) health.Finding {
	if f.Kind != health.KindOK || stays == "" {
		return f
	}
	return health.New(health.PartPrinter, "unpinned").With(map[string]any{"Port": port, "Stays": stays})
}

// printerKind puts what has to be done first before the rest: the cover before the paper below it.
func printerKind(s device.Status, err error) string {
	switch {
	case err != nil:
		return portKind(s, err)
	case s.Device == device.DeviceUser:
		return "cover"
	case s.Paper == device.PaperJammed:
		return "jammed"
	case s.Paper == device.PaperOut:
		return "out"
	case s.Device == device.DeviceFault:
		return "fault"
	case s.Device == device.DeviceOffline:
		return "offline"
	case !s.Ready():
		return portKind(s, nil)
	case s.Device == device.DeviceNotSupported:
		return "unasked"
	case s.Paper == device.PaperLow:
		return "low"
	}
	return lackKind(s.Lack)
}

// lackKind says what a printer that can print lacks to confirm its tickets.
func lackKind(l device.Lack) string {
	switch l {
	case device.LackAnswer:
		return "unconfirmed"
	case device.LackMarker:
		return "unmarked"
	case device.LackNothing:
	}
	return health.KindOK
}

// portKind says why there is no answer.
func portKind(s device.Status, err error) string {
	switch {
	case s.Device == device.DeviceForeign:
		return "foreign"
	case s.Device == device.DeviceSilent:
		return "silent"
	case s.Device == device.DeviceOneWay:
		return "one_way"
	case errors.Is(err, line.ErrNoPort):
		return "no_port"
	case errors.Is(err, serialport.ErrNotTTY), errors.Is(err, usbprinter.ErrNotPrinter):
		return "not_tty"
	case errors.Is(err, line.ErrBusy):
		return "busy"
	case errors.Is(err, os.ErrPermission):
		return "denied"
	}
	return "unknown"
}

// Print judges what became of a print.
func Print(r device.Result) health.Finding {
	return health.New(health.PartPrint, r.Outcome.String()).Because(r.Err)
}

// NotPrinted is the finding of a print that could not be begun.
func NotPrinted(err error) health.Finding { return health.New(health.PartPrint, "failed").Because(err) }
