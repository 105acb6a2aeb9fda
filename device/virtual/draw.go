package virtual

import (
	"image"
	"image/color"
	"image/draw"
	"sync"
	"unicode/utf8"

	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"infomat/device/escpos"
)

// Sizes of the paper in dots of 203 dpi, 8 to a millimetre.
const (
	charHeight = 24
	lineDots   = 34 // from line to line: 1/6 inch
	cutterDots = 40 // from the print head to the cutter, of which a part was fed before
	sideDots   = 32 // the unprinted edge of the paper
	topDots    = 48
	toothDots  = 12 // of the cut's teeth
)

var (
	paperColor = color.RGBA{0xFB, 0xFA, 0xF6, 0xFF}
	inkColor   = color.RGBA{0x1C, 0x1B, 0x1D, 0xFF}
	tableColor = color.RGBA{0xD9, 0xDE, 0xE0, 0xFF}
)

// width is the width of one of the run's characters in dots.
func (r Run) width(p escpos.Profile) int {
	w := max(8, p.Dots/max(1, p.Columns)) * r.W
	if r.Small {
		return w * 3 / 4
	}
	return w
}

// Draw draws a piece of paper as it comes out of a printer, a dot a pixel.
func Draw(p Paper, profile escpos.Profile) (image.Image, error) {
	height := topDots
	for _, it := range p.Items {
		height += itemHeight(it)
	}
	height += topDots
	width := profile.Dots + 2*sideDots
	img := image.NewRGBA(image.Rect(0, 0, width+2*sideDots, height+2*sideDots))
	draw.Draw(img, img.Bounds(), image.NewUniform(tableColor), image.Point{}, draw.Src)
	sheet := image.Rect(sideDots, sideDots, sideDots+width, sideDots+height)
	draw.Draw(img, sheet, image.NewUniform(paperColor), image.Point{}, draw.Src)
	teeth(img, sheet)
	d := &drawing{img: img, profile: profile, left: sheet.Min.X + sideDots, y: sheet.Min.Y + topDots}
	for _, it := range p.Items {
		if err := d.item(it); err != nil {
			return nil, err
		}
	}
	return img, nil
}

// teeth cuts the paper's lower edge as a cutter does.
func teeth(img *image.RGBA, sheet image.Rectangle) {
	for x := sheet.Min.X; x < sheet.Max.X; x++ {
		at := (x - sheet.Min.X) % (2 * toothDots)
		depth := toothDots - at
		if at > toothDots {
			depth = at - toothDots
		}
		for y := sheet.Max.Y - depth/2; y < sheet.Max.Y; y++ {
			img.SetRGBA(x, y, tableColor)
		}
	}
}

func itemHeight(it Item) int {
	switch {
	case it.QR != nil:
		code, err := encode(*it.QR)
		if err != nil {
			return 0
		}
		return code.Bounds().Dy() * it.QR.Module
	case it.Raster != nil:
		return it.Raster.Height
	case it.Feed > 0:
		return it.Feed
	}
	h := lineDots
	for _, r := range it.Runs {
		h = max(h, r.H*charHeight+lineDots-charHeight)
	}
	return h
}

type drawing struct {
	img     *image.RGBA
	profile escpos.Profile
	left, y int
}

func (d *drawing) item(it Item) error {
	defer func() { d.y += itemHeight(it) }()
	switch {
	case it.QR != nil:
		return d.qr(it)
	case it.Raster != nil:
		d.raster(it)
	case it.Feed == 0:
		return d.text(it)
	}
	return nil
}

// start is where a thing of a width begins.
func (d *drawing) start(a escpos.Align, width int) int {
	switch a {
	case escpos.Centre:
		return d.left + max(0, d.profile.Dots-width)/2
	case escpos.Right:
		return d.left + max(0, d.profile.Dots-width)
	}
	return d.left
}

func (d *drawing) text(it Item) error {
	width, high := 0, 1
	for _, r := range it.Runs {
		width += utf8.RuneCountInString(r.Text) * r.width(d.profile)
		high = max(high, r.H)
	}
	x := d.start(it.Align, width)
	base := d.y + high*charHeight - high*charHeight/5
	for _, r := range it.Runs {
		cw := r.width(d.profile)
		face, err := faceOf(r.Bold, cw)
		if err != nil {
			return err
		}
		for _, c := range r.Text {
			if c == '─' {
				d.fill(image.Rect(x, base-7*r.H, x+cw, base-7*r.H+2))
			} else {
				dr := font.Drawer{Dst: d.img, Src: image.NewUniform(inkColor), Face: face, Dot: fixed.P(x, base)}
				dr.DrawString(string(c))
			}
			x += cw
		}
	}
	return nil
}

func (d *drawing) fill(r image.Rectangle) {
	draw.Draw(d.img, r, image.NewUniform(inkColor), image.Point{}, draw.Src)
}

func (d *drawing) qr(it Item) error {
	code, err := encode(*it.QR)
	if err != nil {
		return err
	}
	b, m := code.Bounds(), it.QR.Module
	x0 := d.start(it.Align, b.Dx()*m)
	for y := range b.Dy() {
		for x := range b.Dx() {
			if r, _, _, _ := code.At(b.Min.X+x, b.Min.Y+y).RGBA(); r == 0 {
				d.fill(image.Rect(x0+x*m, d.y+y*m, x0+(x+1)*m, d.y+(y+1)*m))
			}
		}
	}
	return nil
}

func encode(q QR) (image.Image, error) {
	level := qr.L
	switch q.Level {
	case '1':
		level = qr.M
	case '2':
		level = qr.Q
	case '3':
		level = qr.H
	}
	return qr.Encode(q.Data, level, qr.Auto)
}

func (d *drawing) raster(it Item) {
	r := it.Raster
	x0 := d.start(it.Align, r.Width)
	for y := range r.Height {
		for x := range r.Width {
			if r.Bits[(y*r.Width+x)/8]&(0x80>>(x%8)) != 0 {
				d.img.SetRGBA(x0+x, d.y+y, inkColor)
			}
		}
	}
}

var faces sync.Map // faceKey → font.Face

type faceKey struct {
	bold  bool
	width int
}

// faceOf gives a mono face whose characters are width dots wide: Go Mono's are 0.6 em.
func faceOf(bold bool, width int) (font.Face, error) {
	key := faceKey{bold, width}
	if f, ok := faces.Load(key); ok {
		return f.(font.Face), nil
	}
	data := gomono.TTF
	if bold {
		data = gomonobold.TTF
	}
	parsed, err := opentype.Parse(data)
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: float64(width) / 0.6, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, err
	}
	faces.Store(key, face)
	return face, nil
}
