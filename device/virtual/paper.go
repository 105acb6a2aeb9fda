package virtual

import (
	"bytes"
	"fmt"
	"strings"

	"infomat/device/dots"
	"infomat/device/escpos"
)

// Paper is a piece of paper between two cuts.
type Paper struct {
	Items []Item
	Cut   bool     // cut off; otherwise still in the printer
	Fate  Fate     // of a printer with a presenter
	Notes []string // commands and values that the printer does not know
}

// Fate says where a piece of paper is in a printer with a presenter.
type Fate int

// The fates.
const (
	Held      Fate = iota // inside, or no presenter
	Presented             // at the mouth
	Taken                 // by the patient
	Retracted             // back into the housing
	Ejected               // thrown out of the mouth
)

// Item is one element of the paper, from top to bottom: a line of text, a QR code, a picture, or a feed.
type Item struct {
	Align  escpos.Align
	Runs   []Run // of a line of text
	QR     *QR
	Raster *dots.Bitmap
	W, H   int // scale of the raster's dots
	Feed   int // dots
}

// Run is a sequence of characters of the same style.
type Run struct {
	Gap   int // dots left blank before it: the printing position was moved (ESC $, ESC \\)
	Text  string
	Bold  bool
	Small bool // font B
	White bool // on black
	W, H  int  // scale
}

// QR is a QR code.
type QR struct {
	Data   string
	Module int  // dots
	Level  byte // '0' to '3': L, M, Q, H
}

// continues reports whether another run follows at once, in the same style.
func (r Run) continues(other Run) bool {
	r.Text, other.Text, r.Gap = "", "", 0
	return r == other
}

// cell returns the width of a character in dots.
func cell(small bool, times int) int {
	if small {
		return dots.FontB.Width * times
	}
	return dots.FontA.Width * times
}

// text reports whether the item is a line of text, which may be empty.
func (it Item) text() bool { return it.QR == nil && it.Raster == nil && it.Feed == 0 }

// Text returns the paper's lines as plain text, with QR codes as [QR: …] and pictures as [picture W×H].
func (p Paper) Text() string {
	var b bytes.Buffer
	for _, it := range p.Items {
		switch {
		case it.QR != nil:
			fmt.Fprintf(&b, "[QR: %s]\n", it.QR.Data)
		case it.Raster != nil:
			fmt.Fprintf(&b, "[picture %d×%d]\n", it.Raster.Width, it.Raster.Height)
		case it.text():
			for _, r := range it.Runs {
				b.WriteString(strings.Repeat(" ", r.Gap/dots.FontA.Width) + r.Text)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}
