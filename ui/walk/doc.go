// Package walk plays one patient on the real screen: it finds the buttons, taps them, waits for the frame that answers
// and takes a picture of each screen. It can also play a technician who goes through the diagnostics mode.
//
// The rule of this folder: it sees and taps only what a person at the terminal sees and taps. It imports ui, ui/service
// and kiosk. Only cmd/infomat and tests import it.
package walk
