package dots

import (
	"image"
	"image/color"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

var blackAndWhite = color.Palette{color.Black, color.White}

// Face is a printer's font: the cell of each character in dots.
type Face struct {
	Width, Height int
	Bold          bool
}

// The fonts of a 203 dpi printer: A of 12×24 dots and B of 9×17 (Epson TM-T88 series, specification of characters).
var (
	FontA = Face{Width: 12, Height: 24}
	FontB = Face{Width: 9, Height: 17}
)

type glyphKey struct {
	r rune
	f Face
}

var (
	glyphs  sync.Map // glyphKey → *Bitmap
	drawing sync.Mutex
	fonts   = map[Face]font.Face{} // under drawing
)

// Glyph returns a character in its cell. The bitmap is shared: callers must not draw on it.
func Glyph(r rune, f Face) *Bitmap {
	key := glyphKey{r, f}
	if g, ok := glyphs.Load(key); ok {
		return g.(*Bitmap)
	}
	g := render(r, f)
	glyphs.Store(key, g)
	return g
}

// Text returns a text in one line, each character in its cell.
func Text(s string, f Face) *Bitmap {
	runes := []rune(s)
	b := New(len(runes)*f.Width, f.Height)
	for i, r := range runes {
		b.Draw(i*f.Width, 0, Glyph(r, f), 1, 1)
	}
	return b
}

// threshold is the coverage, of 255, from which a pixel becomes a dot.
const threshold = 110

// render draws a character in its cell.
func render(r rune, f Face) *Bitmap {
	b := New(f.Width, f.Height)
	base := f.Height * 19 / 24
	if r == '─' { // joins its neighbours, as in code page 866
		for x := range f.Width {
			b.Set(x, base-f.Height/4)
			b.Set(x, base-f.Height/4+1)
		}
		return b
	}
	grey := image.NewAlpha(image.Rect(0, 0, f.Width, f.Height))
	drawing.Lock() // a font.Face is not safe for concurrent use
	defer drawing.Unlock()
	d := font.Drawer{Dst: grey, Src: image.Opaque, Face: faceOf(f), Dot: fixed.P(0, base)}
	d.DrawString(string(r))
	for y := range f.Height {
		for x := range f.Width {
			if grey.AlphaAt(x, y).A >= threshold {
				b.Set(x, y)
			}
		}
	}
	return b
}

// faceOf returns the monospaced font whose characters are as wide as the cell: those of Go Mono are 0.6 em
// wide. It panics if the embedded font cannot be parsed. The caller holds the lock.
func faceOf(f Face) font.Face {
	if face, ok := fonts[f]; ok {
		return face
	}
	data := gomono.TTF
	if f.Bold {
		data = gomonobold.TTF
	}
	parsed, err := opentype.Parse(data)
	if err != nil {
		panic(err)
	}
	options := &opentype.FaceOptions{Size: float64(f.Width) / 0.6, DPI: 72, Hinting: font.HintingFull}
	face, err := opentype.NewFace(parsed, options)
	if err != nil {
		panic(err)
	}
	fonts[f] = face
	return face
}
