package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"infomat/assets/fonts"
)

// plot is a picture with line charts one below the other.
type plot struct {
	img  *image.RGBA
	font *opentype.Font
	err  error // last drawing error
}

var (
	plotInk  = color.RGBA{0x10, 0x21, 0x2b, 0xff}
	plotSoft = color.RGBA{0xc9, 0xd5, 0xd8, 0xff}
	plotLine = color.RGBA{0x00, 0x59, 0x4f, 0xff}
)

func newPlot(width, height int) (*plot, error) {
	f, err := opentype.Parse(fonts.Regular)
	if err != nil {
		return nil, err
	}
	p := &plot{img: image.NewRGBA(image.Rect(0, 0, width, height)), font: f}
	draw.Draw(p.img, p.img.Bounds(), image.White, image.Point{}, draw.Src)
	return p, nil
}

// text draws a text whose baseline is at y.
func (p *plot) text(x, y int, size float64, s string) {
	face, err := opentype.NewFace(p.font, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		p.err = err
		return
	}
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(plotInk), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(s)
}

func (p *plot) box(x0, y0, x1, y1 int, c color.Color) {
	draw.Draw(p.img, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
}

// line draws a chart of values at y. The vertical axis begins at zero.
func (p *plot) line(y, height int, title string, values []float64) {
	const left, top, labels = 100, 50, 20
	right, foot := p.img.Bounds().Dx()-40, y+height-labels
	greatest := max(slices.Max(values), 1) * 1.1
	p.text(
		60,
		y+30,
		18,
		fmt.Sprintf(
			"%s: %.1f at first, %.1f at last, %.1f at the most",
			title,
			values[0],
			values[len(values)-1],
			slices.Max(values),
		),
	)
	at := func(v float64) int { return foot - int(v/greatest*float64(foot-y-top)) }
	for _, part := range []float64{0, 0.5, 1} {
		v := greatest * part
		p.box(left, at(v), right, at(v)+1, plotSoft)
		p.text(40, at(v)+5, 13, fmt.Sprintf("%.0f", v))
	}
	before := at(values[0])
	for x := left; x < right; x++ {
		now := at(values[(x-left)*len(values)/(right-left)])
		p.box(x, min(before, now)-1, x+1, max(before, now)+1, plotLine)
		before = now
	}
	p.text(left, y+height, 13, "visit 1")
	p.text(right-60, y+height, 13, fmt.Sprintf("visit %d", len(values)))
}

func (p *plot) write(name string) error {
	if p.err != nil {
		return p.err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := png.Encode(f, p.img); err != nil {
		_ = f.Close() // the first error says more
		return err
	}
	return f.Close()
}
