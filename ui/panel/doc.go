// Package panel is the second window of the demo: switches of the virtual printer, and the paper it printed.
//
// The rule of this folder: it shows switches and calls the functions it was given; it knows no printer. It imports
// Fyne and nothing of the project. Only cmd/infomat imports it, for the demo; a real terminal never shows it.
package panel
