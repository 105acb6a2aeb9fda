package theme

import (
	"image"

	"infomat/assets/fonts"
	"infomat/kiosk"
)

// Role is the purpose of a text; it determines the font size.
type Role int

// The roles, from the smallest to the largest.
const (
	Small  Role = iota // secondary information
	Body               // sentences
	Strong             // titles of cards, buttons
	Lead               // the selected choice, and titles of cards that have room
	Title              // the question of the screen
	Hero               // the welcome
	Figure             // number and room on the ticket
	roleCount
)

// capitals holds the height of a capital letter for each text size and role, in millimetres. The smallest value of
// each row is the goal for that text size: 4.8 mm (Section 508 §402.4), 7.3 mm (EN 301 549 §5.1.4), and 8.5 mm, above
// both. The last one has everything twice as large as the first (WCAG 1.4.4).
var capitals = [...][roleCount]float32{
	kiosk.TextNormal: {4.8, 5.7, 7.2, 8.6, 11, 16, 27},
	kiosk.TextLarge:  {7.3, 7.5, 8.4, 9.4, 11.5, 16, 27},
	kiosk.TextExtra:  {8.5, 8.6, 9.4, 10.4, 12, 16, 27},
	kiosk.TextDouble: {9.6, 11.4, 14.4, 17.2, 22, 32, 54},
}

// Sizes that do not depend on the text, in millimetres.
const (
	TargetMM = 20  // smallest side of a target
	GapMM    = 5   // between targets; the goal is at least 3
	MarginMM = 11  // around the page
	CornerMM = 5   // radius of the corners of cards and buttons
	LineMM   = 0.4 // width of outlines

	lowMM = 130 // least height in the low mode of what can be tapped

	doubleShortMM, doubleLongMM = 260, 370 // least panel for text of twice the normal size
)

// PanelMM returns the assumed width in millimetres of a panel whose width is not configured: as large as a 22″ full-HD
// panel, however many pixels it has, or for a shorter side of up to 1024 pixels as fine as a 19″ panel of 1280×1024.
func PanelMM(width, height int) float32 {
	const short, sxga = 268, 3.4 // millimetres, and pixels per millimetre
	if side := min(width, height); side > 1024 {
		return float32(width) * short / float32(side)
	}
	return float32(width) / sxga
}

// TurnedMM returns the width in millimetres of a panel that had a width of panelMM when its size was before, in pixels,
// and is now another one. A panel that was turned has pixels of the same size.
func TurnedMM(panelMM float32, before, now image.Point) float32 {
	if now == image.Pt(before.Y, before.X) {
		return panelMM * float32(now.X) / float32(before.X)
	}
	return panelMM
}

// The least panels for which pages are designed, in millimetres.
const (
	leastWideW, leastWideH       = 235, 176 // 800×600
	leastUprightW, leastUprightH = 225, 300 // 768×1024
)

// Shrink returns by which factor texts and buttons on a panel are smaller than designed, because it is too small for
// them: 1 if it is not.
func Shrink(width, height, panelMM float32) float32 {
	least, leastHeight := float32(leastWideW), float32(leastWideH)
	if height > width {
		least, leastHeight = leastUprightW, leastUprightH
	}
	return min(1, panelMM/least, panelMM*height/width/leastHeight)
}

// Look is the appearance of all pages on one panel with one patient's view settings.
type Look struct {
	Width, Height float32 // of the page, pixels
	PxMM          float32 // pixels per millimetre
	Text          kiosk.TextSize
	Low           bool // all targets in the lower half
	Contrast      kiosk.Contrast
	Palette
}

// NewLook returns the look of a page of width×height pixels that is panelMM millimetres wide. On a panel that is too
// small for the design, all is smaller in proportion; see Shrink.
func NewLook(width, height, panelMM float32, v kiosk.View) Look {
	return Look{
		Width: width, Height: height, PxMM: width / panelMM * Shrink(width, height, panelMM),
		Text: v.Text, Low: v.Low, Contrast: v.Contrast, Palette: paletteOf(v),
	}
}

// MM converts millimetres to pixels.
func (l Look) MM(mm float32) float32 { return mm * l.PxMM }

// Size returns the font size of a role in pixels.
func (l Look) Size(r Role) float32 { return l.MM(capitals[l.Text][r]) / fonts.CapHeight }

// Reach returns the height above which nothing can be tapped in the low mode, in pixels from the top: the middle of the
// panel. On a low panel it is higher, because below it there has to be room for a choice and for the way back.
func (l Look) Reach() float32 {
	if !l.Low {
		return 0
	}
	return max(0, min(l.Height/2, l.Height-l.MM(lowMM)))
}

// MostText returns the largest text size that a patient can choose. Twice the normal size needs a panel of 17 inches:
// on smaller ones there are pages on which a word has no room, even if they are spread over several.
func (l Look) MostText() kiosk.TextSize {
	short, long := min(l.Width, l.Height), max(l.Width, l.Height)
	if short < l.MM(doubleShortMM) || long < l.MM(doubleLongMM) {
		return kiosk.TextExtra
	}
	return kiosk.TextDouble
}

// Portrait reports whether the page is higher than wide.
func (l Look) Portrait() bool { return l.Height > l.Width }
