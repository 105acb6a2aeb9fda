package escpos

import (
	"bytes"

	"infomat/device/dots"
)

// Align is where a line stands.
type Align byte

// The alignments (ESC a n).
const (
	Left Align = iota
	Centre
	Right
)

// Encoder writes commands and text for one printer. Commands are those of Epson's ESC/POS Application
// Programming Guide. On a printer without Cyrillic every line is sent as dots instead, on another one each line with
// a letter that none of its code pages has; whoever calls need not know. It must not be used by several goroutines at
// once.
type Encoder struct {
	profile Profile
	out     bytes.Buffer
	page    CodePage
	align   Align // wanted
	placed  Align // sent
	bold    bool
	size    int
	small   bool
	inverse bool
	blank   int // dots to feed before the next picture
}

// NewEncoder begins a job: initialise, leave the Chinese mode that clones fall back into, select the code
// page, free the presenter.
func NewEncoder(p Profile) *Encoder {
	e := &Encoder{profile: p, size: 1}
	e.out.Write([]byte{0x1B, '@', 0x1C, '.'})
	if p.Text == TextPage {
		e.selectPage(p.Page)
	}
	if p.Presenter != nil {
		e.out.Write(p.Presenter.Eject)
	}
	return e
}

// Bytes is the job so far. It is valid until the next call.
func (e *Encoder) Bytes() []byte { return e.out.Bytes() }

func (e *Encoder) selectPage(p CodePage) {
	e.page = p
	e.out.Write([]byte{0x1B, 't', p.Number})
}

// raster reports whether lines are sent as dots.
func (e *Encoder) raster() bool { return e.profile.Text == TextRaster }

// Align sets where the lines stand; at the start of a line only. It is sent with the next line that is not empty.
func (e *Encoder) Align(a Align) { e.align = a }

// place sends the alignment (ESC a n) if it has changed.
func (e *Encoder) place() {
	if e.align != e.placed && !e.raster() {
		e.out.Write([]byte{0x1B, 'a', byte(e.align)})
		e.placed = e.align
	}
}

// Bold switches emphasis (ESC E n).
func (e *Encoder) Bold(on bool) {
	if on != e.bold && !e.raster() {
		e.out.Write([]byte{0x1B, 'E', flag(on)})
	}
	e.bold = on
}

// Size sets how many times as wide and as high the characters are, from 1 to 8 (GS ! n). What is beyond is the nearest.
func (e *Encoder) Size(times int) {
	times = min(max(1, times), 8)
	if times != e.size && !e.raster() {
		e.out.Write([]byte{0x1D, '!', byte(times-1)<<4 | byte(times-1)})
	}
	e.size = times
}

// SmallColumns is how many characters of the small font B stand in a line of so many of font A: they are 9
// dots wide, and those 12.
func SmallColumns(columns int) int { return columns * 4 / 3 }

// Small switches the small font on, or off (ESC M n).
func (e *Encoder) Small(on bool) {
	if on != e.small && !e.raster() {
		e.out.Write([]byte{0x1B, 'M', flag(on)})
	}
	e.small = on
}

// Inverse switches white characters on black (GS B n).
func (e *Encoder) Inverse(on bool) {
	if on != e.inverse && !e.raster() {
		e.out.Write([]byte{0x1D, 'B', flag(on)})
	}
	e.inverse = on
}

func flag(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// Line writes a text, as Plain returns it, and ends the line.
func (e *Encoder) Line(s string) {
	s = e.Plain(s)
	switch {
	case e.raster():
		e.rasterLine(s)
	case s != Plain(s, e.profile.Pages):
		e.rasterLine(s)
		e.feedBlank() // a line of text follows at once
	default:
		if s != "" {
			e.place()
			e.text(s)
		}
		e.out.WriteByte('\n')
	}
}

// Plain returns a text as the printer prints it: with its characters, with letters that are drawn as dots, and with
// what replaces the rest. It tells how many characters wide a line is.
func (e *Encoder) Plain(s string) string {
	return plain(s, func(r rune) bool {
		switch {
		case e.raster():
			return has(signs, r) || drawable(r)
		case e.profile.Raster == RasterNone:
			return has(e.profile.Pages, r)
		}
		return has(e.profile.Pages, r) || drawable(r)
	})
}

// Raw writes bytes as they are: for the test print, which shows what a page really has.
func (e *Encoder) Raw(b []byte) {
	e.place()
	e.out.Write(b)
}

// Feed feeds n lines of 1/6 inch (ESC d n). It does nothing for less than one.
func (e *Encoder) Feed(n int) {
	if e.raster() {
		e.blank += max(0, n) * lineDots
		return
	}
	for ; n > 0; n -= 255 {
		e.out.Write([]byte{0x1B, 'd', byte(min(n, 255))})
	}
}

// MaxQR is how many bytes a QR code may hold: more would be too dense for a telephone to read from thermal paper.
const MaxQR = 200

// QR prints a QR code of error level M with modules of the given size in dots, from 1 to 16, in the middle
// (GS ( k, functions 165, 167, 169, 180 and 181). A size beyond is the nearest. What has more than MaxQR bytes is
// written out; a printer without pictures and QR codes prints nothing.
func (e *Encoder) QR(data string, module int) {
	module = min(max(1, module), 16)
	switch {
	case data == "" || len(data) > MaxQR:
		e.Line(data)
		return
	case e.profile.QR == QRNative:
		align := e.align
		e.Align(Centre)
		e.place()
		e.nativeQR(data, module)
		e.Align(align)
		return
	case e.profile.Raster == RasterNone:
		return // a printer without pictures: the ticket is valid without its code
	}
	code, err := dots.QR(data, dots.M)
	if err != nil {
		e.Line(data)
		return
	}
	times := 1
	if module%2 == 0 {
		times, module = 2, module/2 // the printer doubles the dots: a quarter of the bytes
	}
	large := dots.New(code.Width*module, code.Height*module)
	large.Draw(0, 0, code, module, module)
	e.picture(large, Centre, times)
}

func (e *Encoder) nativeQR(data string, module int) {
	n := len(data) + 3
	for _, part := range [][]byte{
		{0x1D, '(', 'k', 4, 0, '1', 65, '2', 0},
		{0x1D, '(', 'k', 3, 0, '1', 67, byte(module)},
		{0x1D, '(', 'k', 3, 0, '1', 69, byte(dots.M)},
		{0x1D, '(', 'k', byte(n), byte(n >> 8), '1', 80, '0'},
		[]byte(data),
		{0x1D, '(', 'k', 3, 0, '1', 81, '0'},
	} {
		e.out.Write(part)
	}
}

// Picture prints a picture in the middle. What is wider than the paper is cut off on the right; a printer without
// pictures prints nothing.
func (e *Encoder) Picture(b *dots.Bitmap) {
	if e.profile.Raster != RasterNone {
		e.picture(b, Centre, 1)
	}
}

// Cut cuts the paper, or feeds it to where it can be torn, and presents the ticket.
func (e *Encoder) Cut() {
	if len(e.profile.Cut) == 0 {
		e.Feed(4)
	}
	e.feedBlank()
	e.out.Write(e.profile.Cut)
	if e.profile.Presenter != nil {
		e.out.Write(e.profile.Presenter.Present)
	}
}

// text writes a plain text by the pages, selecting another one where a character asks for it.
func (e *Encoder) text(s string) {
	for _, r := range s {
		b, ok := e.page.Map.EncodeRune(r)
		for i := 0; !ok && i < len(e.profile.Pages); i++ {
			if b, ok = e.profile.Pages[i].Map.EncodeRune(r); ok {
				e.selectPage(e.profile.Pages[i])
			}
		}
		e.out.WriteByte(b)
	}
}
