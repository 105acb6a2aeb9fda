package checks

import (
	"errors"
	"os"

	"infomat/device/line"
	"infomat/device/serialport"
	"infomat/kiosk/health"
)

// NoScanner is the finding of a terminal without a serial scanner.
func NoScanner() health.Finding { return health.New(health.PartScanner, "none") }

// Scanner judges the line of the scanner at a port: open, or why not; stays is the name that the port should have, ""
// where there is nothing to tell. No fault of a scanner keeps anybody from booking.
func Scanner(port, stays string, open bool, err error) health.Finding {
	return health.New(health.PartScanner, scannerKind(stays, open, err)).
		With(map[string]any{"Port": port, "Stays": stays}).Because(err)
}

func scannerKind(stays string, open bool, err error) string {
	switch {
	case open && stays != "":
		return "unpinned"
	case open:
		return health.KindOK
	case err == nil:
		return "opening"
	case errors.Is(err, line.ErrNoPort), errors.Is(err, line.ErrHangup):
		return "no_port"
	case errors.Is(err, serialport.ErrNotTTY):
		return "not_tty"
	case errors.Is(err, line.ErrBusy):
		return "busy"
	case errors.Is(err, os.ErrPermission):
		return "denied"
	}
	return "unknown"
}
