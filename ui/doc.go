// Package ui is the terminal's screen: the shell that draws the states of the state machine as pages and turns
// taps into events.
//
// The rule of this folder: only this folder and cmd/infomat use Fyne. The shell makes no decisions about a visit,
// and the screen's thread never waits for the network, the disk or the printer. The package imports kiosk and its
// own subfolders: theme (colours and sizes), widgets (drawing primitives) and screens (one page per step). Other
// subfolders: service (the diagnostics mode), speech (reading aloud), panel (the demo's printer switches), xpane
// (the countdown's own X window), walk (plays a patient) and xwalk (taps through the X server).
package ui
