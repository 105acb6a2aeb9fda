package terminal

import (
	"fmt"

	"infomat/device/usbprinter"
	"infomat/kiosk/config"
)

// narrowMM is the width of a panel, in millimetres, below which the screen cannot draw texts and buttons in their full
// size, however high it is; see Shrink in ui/theme.
const narrowMM = 225

// Notes returns what a technician has to know of settings that can be used.
func Notes(c config.Config) (all []string) {
	for _, change := range c.Overlay.Changes {
		all = append(all, fmt.Sprintf("%s = %s was changed on the screen (%s)", change.Key, change.Value, c.Overlay.File))
	}
	if usbprinter.Is(c.Printer.Port) {
		all = append(all, "printer.baud, flow and parity do not apply: "+c.Printer.Port+" is a USB printer")
	}
	if w := c.Screen.WidthMM; w > 0 && w < narrowMM {
		all = append(all, fmt.Sprintf("screen.width_mm = %d: the panel is too small; texts and buttons are drawn at "+
			"%d %% of their size or less, below what the accessibility standards ask for", w, 100*w/narrowMM))
	}
	return all
}
