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

// Glyph is a character in its cell. It is shared: nobody draws on it.
func Glyph(r rune, f Face) *Bitmap {
	key := glyphKey{r, f}
	if g, ok := glyphs.Load(key); ok {
		return g.(*Bitmap)
	}
	g := render(r, f)
	glyphs.Store(key, g)
	return g
}

// Text is a text in one line, each of its characters in its cell.
func Text(s string, f Face) *Bitmap {
	runes := []rune(s)
	b := New(len(runes)*f.Width, f.Height)
	for i, r := range runes {
		b.Draw(i*f.Width, 0, Glyph(r, f), 1, 1)
	}
	return b
}

// ink is how dark a spot has to be to become a dot, of 255.
const ink = 110

func render(r rune, f Face) *Bitmap {
	b := New(f.Width, f.Height)
	base := f.Height * 19 / 24
	if r == '─' { // joined from cell to cell, as in code page 866
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
			if grey.AlphaAt(x, y).A >= ink {
				b.Set(x, y)
			}
		}
	}
	return b
}

// faceOf gives a mono font whose characters are as wide as the cell: Go Mono's are 0.6 em. The fonts are part of the program: that they cannot be
// parsed would be a mistake of its build. The caller holds the lock.
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
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: float64(f.Width) / 0.6, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic(err)
	}
	fonts[f] = face
	return face
}
