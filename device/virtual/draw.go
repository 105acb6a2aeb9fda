package virtual

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"unicode/utf8"

	"infomat/device/dots"
	"infomat/device/escpos"
)

// Sizes of the paper in dots of 203 dpi, 8 to a millimetre.
const (
	lineDots   = 34 // line spacing: 1/6 inch
	cutterDots = 40 // from the print head to the cutter, less what was fed before
	sideDots   = 32 // the unprinted edge of the paper
	topDots    = 48
	toothDots  = 12 // width of half a tooth of the cut
)

var (
	paperColor = color.RGBA{0xFB, 0xFA, 0xF6, 0xFF}
	inkColor   = color.RGBA{0x1C, 0x1B, 0x1D, 0xFF}
	tableColor = color.RGBA{0xD9, 0xDE, 0xE0, 0xFF}
)

// maxHeight is the length of the longest paper that Draw draws, in dots: 4 m.
const maxHeight = 32000

// Draw draws a piece of paper of a printer of this profile, one pixel per dot. It returns an error if the
// paper is longer than 4 m, or if a QR code cannot be encoded.
func Draw(p Paper, profile escpos.Profile) (image.Image, error) {
	height := topDots
	for _, it := range p.Items {
		height += itemHeight(it)
	}
	height += topDots
	if height > maxHeight {
		return nil, fmt.Errorf("virtual: the paper of %d mm is too long to be drawn", height/dotsPerMM)
	}
	width := profile.Dots + 2*sideDots
	img := image.NewRGBA(image.Rect(0, 0, width+2*sideDots, height+2*sideDots))
	draw.Draw(img, img.Bounds(), image.NewUniform(tableColor), image.Point{}, draw.Src)
	sheet := image.Rect(sideDots, sideDots, sideDots+width, sideDots+height)
	draw.Draw(img, sheet, image.NewUniform(paperColor), image.Point{}, draw.Src)
	teeth(img, sheet)
	d := &drawing{img: img, sheet: sheet, profile: profile, left: sheet.Min.X + sideDots, y: sheet.Min.Y + topDots}
	for _, it := range p.Items {
		if err := d.item(it); err != nil {
			return nil, err
		}
	}
	return img, nil
}

// teeth draws the lower edge of the paper as a cutter leaves it.
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

// itemHeight returns the height of an item in dots.
func itemHeight(it Item) int {
	switch {
	case it.QR != nil:
		code, err := dots.QR(it.QR.Data, dots.Level(it.QR.Level))
		if err != nil {
			return 0
		}
		return code.Height * it.QR.Module
	case it.Raster != nil:
		return it.Raster.Height * it.H
	case it.Feed > 0:
		return it.Feed
	}
	h := lineDots
	for _, r := range it.Runs {
		h = max(h, r.H*dots.FontA.Height+lineDots-dots.FontA.Height)
	}
	return h
}

// drawing is a piece of paper being drawn; y is the top of the next item.
type drawing struct {
	img     *image.RGBA
	sheet   image.Rectangle
	profile escpos.Profile
	left, y int
}

func (d *drawing) item(it Item) error {
	defer func() { d.y += itemHeight(it) }()
	switch {
	case it.QR != nil:
		return d.qr(it)
	case it.Raster != nil:
		d.put(d.start(it.Align, it.Raster.Width*it.W), d.y, it.Raster, it.W, it.H)
	case it.text():
		d.text(it)
	}
	return nil
}

// start returns the left edge of an element of a width in dots.
func (d *drawing) start(a escpos.Align, width int) int {
	switch a {
	case escpos.Centre:
		return d.left + max(0, d.profile.Dots-width)/2
	case escpos.Right:
		return d.left + max(0, d.profile.Dots-width)
	case escpos.Left:
	}
	return d.left
}

func (d *drawing) text(it Item) {
	width, high := 0, dots.FontA.Height
	for _, r := range it.Runs {
		width += r.Gap + utf8.RuneCountInString(r.Text)*cell(r.Small, r.W)
		high = max(high, r.H*dots.FontA.Height)
	}
	x := d.start(it.Align, width)
	for _, r := range it.Runs {
		face := dots.FontA
		if r.Small {
			face = dots.FontB
		}
		face.Bold = r.Bold
		line := dots.Text(r.Text, face)
		if r.White {
			line = line.Inverse()
		}
		x += r.Gap
		d.put(x, d.y+high-face.Height*r.H, line, r.W, r.H) // characters of all sizes share one base line
		x += line.Width * r.W
	}
}

func (d *drawing) qr(it Item) error {
	code, err := dots.QR(it.QR.Data, dots.Level(it.QR.Level))
	if err != nil {
		return err
	}
	d.put(d.start(it.Align, code.Width*it.QR.Module), d.y, code, it.QR.Module, it.QR.Module)
	return nil
}

// put draws a bitmap, each of its dots scaled by wide and high.
func (d *drawing) put(x0, y0 int, b *dots.Bitmap, wide, high int) {
	for y := range b.Height * high {
		for x := range b.Width * wide {
			if b.At(x/wide, y/high) && image.Pt(x0+x, y0+y).In(d.sheet) {
				d.img.SetRGBA(x0+x, y0+y, inkColor)
			}
		}
	}
}
