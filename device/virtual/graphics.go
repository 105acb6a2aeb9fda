package virtual

import (
	"bytes"
	"encoding/binary"
	"strings"

	"infomat/device/dots"
	"infomat/device/escpos"
)

// extended carries out GS ( x pL pH …
func (i *interpreter) extended(data []byte) int {
	if len(data) < 5 {
		return 0
	}
	size := 5 + int(binary.LittleEndian.Uint16(data[3:]))
	if len(data) < size {
		return 0
	}
	args := data[5:size]
	switch {
	case data[2] == 'L':
		i.graphics(args)
	case data[2] == 'k' && len(args) >= 3 && args[0] == '1':
		i.code(args[1], args[2:])
	case data[2] == 'H' && len(args) >= 6 && args[0] == '0' && i.hooks.answer != nil:
		i.hooks.answer(append(append([]byte{0x37, 0x22}, args[2:6]...), 0))
	case data[2] != 'H':
		i.note("GS ( %#02x", data[2])
	}
	return size
}

// code carries out a function of the QR code: GS ( k with cn = 49.
func (i *interpreter) code(fn byte, args []byte) {
	switch fn {
	case 65:
	case 67:
		i.qr.Module = int(min(16, max(1, args[0])))
	case 69:
		i.qr.Level = args[0]
	case 80:
		i.stored = string(args[1:])
	case 81:
		i.endLine(false)
		qr := i.qr
		qr.Data = i.stored
		i.item(Item{Align: i.align, QR: &qr})
	default:
		i.note("QR function %d", fn)
	}
}

// large carries out GS 8 L p1 p2 p3 p4 …, which is GS ( L with room for more data.
func (i *interpreter) large(data []byte) int {
	if data[2] != 'L' {
		i.note("GS 8 %#02x", data[2])
		return 3
	}
	if len(data) < 7 {
		return 0
	}
	n := binary.LittleEndian.Uint32(data[3:])
	if n > maxGraphics {
		i.note("GS 8 L with %d bytes", n)
		return 7
	}
	size := 7 + int(n)
	if len(data) < size {
		return 0
	}
	i.graphics(data[7:size])
	return size
}

// maxGraphics is the size in bytes of the largest picture that GS 8 L stores.
const maxGraphics = 1 << 20

// graphics carries out a function of GS ( L: 112 stores a picture in black (m fn a bx by c xL xH yL yH …), 50 prints it
// (Epson ESC/POS Application Programming Guide).
func (i *interpreter) graphics(args []byte) {
	const store, print, head = 112, 50, 10
	switch {
	case len(args) >= 2 && args[1]%48 == print%48:
		if i.picture != nil {
			i.endLine(false)
			it := *i.picture
			it.Align = i.align
			i.item(it)
		}
	case len(args) >= head && args[1] == store:
		wide, high := int(binary.LittleEndian.Uint16(args[6:])), int(binary.LittleEndian.Uint16(args[8:]))
		if len(args) < head+(wide+7)/8*high {
			i.note("GS ( L with %d bytes for %d×%d dots", len(args), wide, high)
			return
		}
		picture := &dots.Bitmap{Width: wide, Height: high, Bits: bytes.Clone(args[head : head+(wide+7)/8*high])}
		i.picture = &Item{Raster: picture, W: max(1, int(args[3])), H: max(1, int(args[4]))}
	default:
		i.note("GS ( L with % x", args[:min(2, len(args))])
	}
}

// raster carries out GS v 0 m xL xH yL yH …
func (i *interpreter) raster(data []byte) int {
	if len(data) < 8 {
		return 0
	}
	wide, high := int(binary.LittleEndian.Uint16(data[4:])), int(binary.LittleEndian.Uint16(data[6:]))
	size := 8 + wide*high
	if len(data) < size {
		return 0
	}
	i.endLine(false)
	if m := int(data[3] % 48); high > 0 && wide > 0 {
		picture := &dots.Bitmap{Width: wide * 8, Height: high, Bits: bytes.Clone(data[8:size])}
		i.item(Item{Align: i.align, Raster: picture, W: 1 + m&1, H: 1 + m>>1&1})
	}
	return size
}

// columns carries out ESC * m nL nH …: a band of columns, which the next line feed prints.
func (i *interpreter) columns(data []byte) int {
	if len(data) < 5 {
		return 0
	}
	if data[2] != 33 {
		i.note("ESC * with m = %d", data[2])
		return 3
	}
	wide := int(binary.LittleEndian.Uint16(data[3:]))
	size := 5 + 3*wide
	if len(data) < size {
		return 0
	}
	i.strip = dots.New(wide, 24)
	for x := range wide {
		for y := range 24 {
			if data[5+3*x+y/8]&(0x80>>(y%8)) != 0 {
				i.strip.Set(x, y)
			}
		}
	}
	return size
}

// presenter carries out GS e n [m].
func (i *interpreter) presenter(data []byte) int {
	n := 3
	if data[2] == 3 {
		n = 4
	}
	if len(data) < n {
		return 0
	}
	i.endLine(false)
	if i.profile.Presenter == nil {
		i.note("GS e to a printer without a presenter")
		return n
	}
	fate, known := map[byte]Fate{2: Retracted, 3: Presented, 5: Ejected}[data[2]]
	last := len(i.papers) - 1
	switch {
	case !known:
		i.note("GS e %d", data[2])
	case last >= 0 && (i.papers[last].Fate == Held || i.papers[last].Fate == Presented):
		i.papers[last].Fate = fate
		if i.hooks.fate != nil {
			i.hooks.fate(last, fate)
		}
	}
	return n
}

// answerStatus answers a status question in the order of the buffer.
func (i *interpreter) answerStatus(method escpos.Confirm) {
	if i.hooks.answer == nil {
		return
	}
	if method == escpos.ConfirmGSr {
		i.hooks.answer(escpos.PaperSensor.Answer(i.hooks.status()))
		return
	}
	for _, q := range i.profile.Ask {
		if string(q.Ask) == "\x1bv" {
			i.hooks.answer(q.Answer(i.hooks.status()))
		}
	}
}

// identify carries out GS I n: 66 asks for the maker, 67 for the model (Epson ESC/POS Application Programming Guide).
// The profile's name stands for both. Other questions are not answered.
func (i *interpreter) identify(n byte) {
	maker, _, _ := strings.Cut(i.profile.Name, "-")
	name, known := map[byte]string{66: maker, 67: i.profile.Name}[n]
	if known && i.hooks.answer != nil {
		i.hooks.answer(append([]byte("_"+strings.ToUpper(name)), 0))
	}
}
