package theme

import (
	"infomat/assets/fonts"
	"infomat/kiosk"
)

// Role is what a text is for; it decides its size.
type Role int

// The roles, from the smallest.
const (
	Small  Role = iota // what may be read, and need not be
	Body               // sentences
	Strong             // titles of cards, buttons
	Lead               // what was chosen, and titles of cards where there is room
	Title              // the question of the screen
	Hero               // the welcome
	Figure             // number and room on the ticket
	roleCount
)

// capitals are the heights of a capital in millimetres. The smallest of each row are the goals for normal, large and extra text: 4.8 mm
// after Section 508 §402.4, 7.3 mm after EN 301 549 §5.1.4, 8.5 mm beyond both.
var capitals = [...][roleCount]float32{
	kiosk.TextNormal: {4.8, 5.7, 7.2, 8.6, 11, 16, 27},
	kiosk.TextLarge:  {7.3, 7.5, 8.4, 9.4, 11.5, 16, 27},
	kiosk.TextExtra:  {8.5, 8.6, 9.4, 10.4, 12, 16, 27},
}

// Sizes that do not depend on the text, in millimetres.
const (
	TargetMM = 20  // the least side of what can be tapped
	GapMM    = 5   // between targets; 3 is the goal's least
	MarginMM = 11  // round the page
	CornerMM = 5   // of cards and buttons
	LineMM   = 0.4 // of outlines
)

// PanelMM is the width of a panel whose width is not configured: a 22″ full-HD panel, or a 19″ one of 1280×1024.
func PanelMM(width, height int) float32 {
	const fullHD, sxga = 4.03, 3.4 // pixels per millimetre
	if min(width, height) > 1024 {
		return float32(width) / fullHD
	}
	return float32(width) / sxga
}

// Look is how everything on one panel looks to one patient.
type Look struct {
	Width, Height float32 // of the page, pixels
	PxMM          float32 // pixels per millimetre
	Text          kiosk.TextSize
	Low           bool // all controls in the lower half
	Contrast      kiosk.Contrast
	Palette
}

// NewLook makes the look of a page of width×height pixels that is panelMM millimetres wide.
func NewLook(width, height, panelMM float32, v kiosk.View) Look {
	return Look{Width: width, Height: height, PxMM: width / panelMM, Text: v.Text, Low: v.Low, Contrast: v.Contrast, Palette: paletteOf(v)}
}

// MM turns millimetres into pixels.
func (l Look) MM(mm float32) float32 { return mm * l.PxMM }

// Size is the font size of a role in pixels.
func (l Look) Size(r Role) float32 { return l.MM(capitals[l.Text][r]) / fonts.CapHeight }

// Portrait tells whether the page is higher than wide.
func (l Look) Portrait() bool { return l.Height > l.Width }
