// Package panel is the demo's second window: the switches of the printer in software, and its paper.
//
// The rule of this folder: it shows switches and calls what it was given; it knows no printer. The terminal itself never shows it.
package panel
