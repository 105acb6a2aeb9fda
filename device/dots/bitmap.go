package dots

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/png" // a logo is a PNG
	"io"
	"slices"

	"golang.org/x/image/draw"
)

// Bitmap is a picture of dots. A byte holds eight dots of a row, the leftmost one in the highest bit, as
// raster commands need it.
type Bitmap struct {
	Width, Height int // dots
	Bits          []byte
}

// New returns a blank picture.
func New(width, height int) *Bitmap {
	return &Bitmap{Width: width, Height: height, Bits: make([]byte, (width+7)/8*height)}
}

// Stride returns the number of bytes in a row.
func (b *Bitmap) Stride() int { return (b.Width + 7) / 8 }

// At reports whether a dot is black. It returns false outside of the picture.
func (b *Bitmap) At(x, y int) bool {
	if x < 0 || y < 0 || x >= b.Width || y >= b.Height {
		return false
	}
	return b.Bits[y*b.Stride()+x/8]&(0x80>>(x%8)) != 0
}

// Set makes a dot black. It does nothing outside of the picture.
func (b *Bitmap) Set(x, y int) {
	if x >= 0 && y >= 0 && x < b.Width && y < b.Height {
		b.Bits[y*b.Stride()+x/8] |= 0x80 >> (x % 8)
	}
}

// Draw draws p with its upper left corner at x, y, each dot scaled by wide and high. Blank dots of p change nothing.
func (b *Bitmap) Draw(x, y int, p *Bitmap, wide, high int) {
	for py := range p.Height * high {
		for px := range p.Width * wide {
			if p.At(px/wide, py/high) {
				b.Set(x+px, y+py)
			}
		}
	}
}

// Inverse returns the picture with black and blank exchanged.
func (b *Bitmap) Inverse() *Bitmap {
	other := New(b.Width, b.Height)
	for y := range b.Height {
		for x := range b.Width {
			if !b.At(x, y) {
				other.Set(x, y)
			}
		}
	}
	return other
}

// Rows returns the first row with a black dot and the row after the last one. Both are 0 for a blank picture.
func (b *Bitmap) Rows() (from, to int) {
	for y := range b.Height {
		if slices.ContainsFunc(b.Bits[y*b.Stride():(y+1)*b.Stride()], func(b byte) bool { return b != 0 }) {
			if to == 0 {
				from = y
			}
			to = y + 1
		}
	}
	return from, to
}

// Crop returns the rows from from up to, and not including, to. They share the memory of b.
func (b *Bitmap) Crop(from, to int) *Bitmap {
	return &Bitmap{Width: b.Width, Height: to - from, Bits: b.Bits[from*b.Stride() : to*b.Stride()]}
}

// maxSide is the largest width and height of a picture that Decode accepts, so that decoding takes bounded time.
const maxSide = 4096

// ErrPicture is returned for a file that cannot be printed as a picture.
var ErrPicture = errors.New("this is not a picture that can be printed: it has to be a PNG of at most 4096×4096 dots")

// Decode reads a PNG, scales it down to at most width and height in dots, and turns its greys into dots by
// Floyd–Steinberg dithering. Transparent parts are blank. The error wraps ErrPicture if the data is not
// such a picture.
func Decode(r io.Reader, width, height int) (*Bitmap, error) {
	data, err := io.ReadAll(io.LimitReader(r, 16<<20))
	if err != nil {
		return nil, err
	}
	conf, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrPicture, err)
	}
	if format != "png" || conf.Width > maxSide || conf.Height > maxSide || conf.Width < 1 || conf.Height < 1 {
		return nil, ErrPicture
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrPicture, err)
	}
	w, h := conf.Width, conf.Height
	if w > width {
		w, h = width, max(1, h*width/w)
	}
	if h > height {
		w, h = max(1, w*height/h), height
	}
	grey := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(grey, grey.Bounds(), image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(grey, grey.Bounds(), img, img.Bounds(), draw.Over, nil)
	pal := image.NewPaletted(grey.Bounds(), blackAndWhite)
	draw.FloydSteinberg.Draw(pal, pal.Bounds(), grey, image.Point{})
	b := New(w, h)
	for y := range h {
		for x := range w {
			if pal.ColorIndexAt(x, y) == 0 {
				b.Set(x, y)
			}
		}
	}
	return b, nil
}
