// Package theme defines the terminal's appearance: sizes in millimetres, colours and fonts.
//
// The rule of this folder: every size and colour on a screen comes from a [Look]; screens and widgets define none of
// their own. It imports Fyne, assets/fonts and kiosk (for the patient's view settings), nothing else of the project.
// Every package of ui and cmd/infomat may import it.
package theme
