package virtual

import (
	"bytes"
	"encoding/binary"

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
