package dots

import (
	"image"
	"image/color"
	"sync"

	"github.com/go-fonts/dejavu/dejavusansmono"
	"github.com/go-fonts/dejavu/dejavusansmonobold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
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
	if r == '№' { // a blot in the bold font at this size
		f.Bold = false
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

// typefaces are the embedded fonts, by Face.Bold: DejaVu Sans Mono has Latin, Cyrillic with the letters of Kazakh,
// Tatar and Ukrainian, Greek, Armenian and Georgian. It panics if they cannot be parsed.
var typefaces = sync.OnceValue(func() map[bool]*sfnt.Font {
	all := map[bool]*sfnt.Font{}
	for bold, data := range map[bool][]byte{false: dejavusansmono.TTF, true: dejavusansmonobold.TTF} {
		parsed, err := opentype.Parse(data)
		if err != nil {
			panic(err)
		}
		all[bold] = parsed
	}
	return all
})

// Has reports whether a character can be drawn, in both weights.
func Has(r rune) bool {
	var b sfnt.Buffer
	for _, f := range typefaces() {
		if i, err := f.GlyphIndex(&b, r); err != nil || i == 0 {
			return false
		}
	}
	return true
}

// Sizes of DejaVu Sans Mono in em.
const (
	advance = 0.602 // width of every character
	tallest = 1.19  // height of a cell that has room for «Й» and «ң»
)

// faceOf returns the font in the largest size whose characters fit into the cell. It panics if the font cannot be used
// in that size. The caller holds the lock.
func faceOf(f Face) font.Face {
	if face, ok := fonts[f]; ok {
		return face
	}
	size := min(float64(f.Width)/advance, float64(f.Height)/tallest)
	face, err := opentype.NewFace(typefaces()[f.Bold], &opentype.FaceOptions{
		Size: size, DPI: 72, Hinting: font.HintingFull,
	})
	if err != nil {
		panic(err)
	}
	fonts[f] = face
	return face
}
