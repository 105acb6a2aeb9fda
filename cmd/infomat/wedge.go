package main

import (
	"time"

	"infomat/device/scanner"
	"infomat/ui/widgets"
)

// typed returns a function that recognises the codes of a scanner that types like a keyboard, while somebody waits for
// a code. At any other time each key means what it always does. It belongs to the screen's thread.
func typed(waits func() bool, scanned func(scanner.Scan)) widgets.Taken {
	var w scanner.Wedge
	return func(place int, down bool, at time.Time) bool {
		k := scanner.Key(place) - scanner.X11
		if !waits() {
			w.Reset()
			return false
		}
		if !down {
			w.Up(k)
			return false
		}
		scan, ended, taken := w.Down(k, at)
		if ended {
			scanned(scan)
		}
		return taken
	}
}

// waitsForCode reports whether the page on the screen asks for a code: the technicians' page that tries the scanner.
func (s *screen) waitsForCode() bool { return s.mode != nil && s.mode.Page() == "scanner" }
