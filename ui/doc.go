// Package ui is the terminal's screen: the shell that turns the machine's states into pages and taps into events.
//
// The rule of this folder: Fyne lives here and in cmd/infomat, nowhere else. The shell decides nothing of a visit and
// waits for nothing: the network, the disk and the printer are never touched on the screen's thread. It imports kiosk
// and its own subfolders: theme (how everything looks), widgets (what pages are drawn with), screens (one page a
// step), walk (one patient, played), xwalk (the hand that taps).
package ui
