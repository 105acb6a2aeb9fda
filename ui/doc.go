// Package ui is the terminal's screen: the shell that turns states into pages and taps into events.
//
// The rule of this folder: Fyne lives here and in cmd/infomat, nowhere else. The shell decides nothing of a visit and
// never blocks: the network, the disk and the printer are not touched on the screen's thread. It imports kiosk and its
// own subfolders theme (colours and sizes), widgets (what pages are drawn with) and screens (one page for each step).
package ui
