package escpos

import (
	"bytes"
	"strings"

	"infomat/device/dots"
)

// lineDots is from line to line: 1/6 inch at 203 dpi.
const lineDots = 34

// rasterLine draws a plain text and sends it as dots, without the blank above, below and on its right.
func (e *Encoder) rasterLine(s string) {
	face := dots.FontA
	if e.small {
		face = dots.FontB
	}
	face.Bold = e.bold
	line := dots.Text(strings.TrimRight(s, " "), face)
	if e.inverse {
		line = line.Inverse()
	}
	from, to := line.Rows()
	e.blank += from * e.size
	if to > from {
		e.picture(line.Crop(from, to), e.align, e.size)
		e.blank -= e.fill((to - from) * e.size)
	}
	e.blank += (face.Height-to)*e.size + lineDots - dots.FontA.Height
}

// picture sends a picture, each of its dots times as wide and high.
func (e *Encoder) picture(b *dots.Bitmap, a Align, times int) {
	e.feedBlank()
	room := e.profile.Dots/times - b.Width
	left := map[Align]int{Left: 0, Centre: room / 2, Right: room}[a]
	// a printer may take ESC a for pictures, or not: the blank on the left is sent
	placed := dots.New(min(max(0, left)+b.Width, e.profile.Dots/times), b.Height)
	placed.Draw(max(0, left), 0, b, 1, 1)
	align := e.align
	e.Align(Left)
	e.place()
	if e.profile.Raster == RasterESCStar {
		e.columns(placed, times)
	} else {
		e.rows(placed, times)
	}
	e.Align(align)
}

// feedBlank feeds what was left blank (ESC J n).
func (e *Encoder) feedBlank() {
	for e.blank > 0 {
		n := min(e.blank, 255)
		e.out.Write([]byte{0x1B, 'J', byte(n)})
		e.blank -= n
	}
}

// rows sends a picture by GS v 0 m xL xH yL yH; m 0: as it is, 3: twice as wide and high.
func (e *Encoder) rows(b *dots.Bitmap, times int) {
	m := byte(0)
	switch {
	case times == 2:
		m = 3
	case times > 2:
		b = enlarge(b, times)
	}
	w := b.Stride()
	e.out.Write([]byte{0x1D, 'v', '0', m, byte(w), byte(w >> 8), byte(b.Height), byte(b.Height >> 8)})
	e.out.Write(harmless(b.Bits))
}

// band is how many dots high a stripe of ESC * is.
const band = 24

// fill returns how many blank dots stand below a picture of a height, in its last stripe.
func (e *Encoder) fill(height int) int {
	if e.profile.Raster != RasterESCStar {
		return 0
	}
	return (band - height%band) % band
}

// columns sends a picture in stripes by ESC * 33 nL nH, three bytes a column, with the lines that close
// together (ESC 3 n).
func (e *Encoder) columns(b *dots.Bitmap, times int) {
	if times > 1 {
		b = enlarge(b, times)
	}
	e.out.Write([]byte{0x1B, '3', band})
	for y := 0; y < b.Height; y += band {
		data := make([]byte, 0, 3*b.Width)
		for x := range b.Width {
			var column [3]byte
			for d := range band {
				if b.At(x, y+d) {
					column[d/8] |= 0x80 >> (d % 8)
				}
			}
			data = append(data, column[:]...)
		}
		e.out.Write([]byte{0x1B, '*', 33, byte(b.Width), byte(b.Width >> 8)})
		e.out.Write(harmless(data))
		e.out.WriteByte('\n')
	}
	e.out.Write([]byte{0x1B, '2'})
}

func enlarge(b *dots.Bitmap, times int) *dots.Bitmap {
	large := dots.New(b.Width*times, b.Height*times)
	large.Draw(0, 0, b, times, times)
	return large
}

// harmless changes a dot wherever the dots happen to be a command that a printer obeys the moment it comes,
// even inside a picture: DLE EOT, DLE ENQ and DLE DC4.
func harmless(data []byte) []byte {
	data = bytes.Clone(data)
	for i := 1; i < len(data); i++ {
		if data[i-1] == 0x10 && (data[i] == 0x04 || data[i] == 0x05 || data[i] == 0x14) {
			data[i] ^= 0x80
		}
	}
	return data
}
