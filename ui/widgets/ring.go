package widgets

import (
	"image"
	"image/draw"
	"math"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"

	"infomat/ui/theme"
)

// Ring is a countdown: an arc that shortens as the time runs out, with the remaining time in figures inside.
type Ring struct {
	// Repaint, if not nil, shows a change without repainting the whole page, which is expensive. It reports whether it
	// succeeded; if not, the page is repainted.
	Repaint func() bool

	box    Area
	ground *canvas.Rectangle
	track  *canvas.Arc
	arc    *canvas.Arc
	// figures holds one text for each figure, in cells of equal width: the digits of the font differ in width, and a
	// countdown set as one text would move at each second.
	figures []*canvas.Text
	shown   string

	round   image.Image // ground, track and arc
	rounded float32     // the angle of the arc in it
}

// arcSteps is the number of steps in which the arc moves: each few seconds is enough, the figures tell the rest.
const arcSteps = 120

// Ring draws a countdown in the warning colours, as large as fits into the area. longest is the widest text that Show
// will get; its number of characters is the maximum.
func (s *Sheet) Ring(a Area, longest string) *Ring {
	side := min(a.W, a.H)
	// Whole pixels, so that Picture matches the page exactly.
	box := Area{whole(a.X + (a.W-side)/2), whole(a.Y + (a.H-side)/2), whole(side), whole(side)}
	r := &Ring{
		box: box, ground: canvas.NewRectangle(s.look.HoldGround),
		track: canvas.NewArc(0, 360, 0.86, s.look.HoldLine), arc: canvas.NewArc(0, 360, 0.86, s.look.Hold),
	}
	for _, o := range [...]fyne.CanvasObject{r.ground, r.track, r.arc} {
		place(o, box)
		s.Add(o)
	}
	text := Text{Weight: theme.Bold, Color: s.look.Hold, Align: fyne.TextAlignCenter}
	size := insideRing * box.W / figuresWidth(longest, 1)
	for range longest {
		h := size * lineHeight
		o := line("", size, text, Area{box.X, box.Y + (box.H-h)/2, 0, h})
		r.figures = append(r.figures, o)
		s.Add(o)
	}
	return r
}

// insideRing is the share of the ring's width that the figures take.
const insideRing = 0.72

// LeastRing returns the diameter of a countdown whose figures are as large as the smallest text.
func (s *Sheet) LeastRing(longest string) float32 {
	return figuresWidth(longest, s.look.Size(theme.Small)) / insideRing
}

func whole(pixels float32) float32 { return float32(int(pixels)) }

// Show sets the share of the time that is left, 0 to 1, and the figures.
func (r *Ring) Show(left float32, figures string) {
	if r.shown == figures {
		return
	}
	r.shown = figures
	r.spread(figures)
	steps := math.Ceil(float64(left) * arcSteps)
	r.arc.StartAngle, r.arc.EndAngle = 360*float32(1-steps/arcSteps), 360
	if r.Repaint != nil && r.Repaint() {
		return
	}
	for _, o := range r.figures {
		o.Refresh()
	}
	r.arc.Refresh()
}

// spread puts each figure into its cell and centres all cells in the ring.
func (r *Ring) spread(figures string) {
	size := r.figures[0].TextSize
	x := r.box.X + (r.box.W-figuresWidth(figures, size))/2
	for i, o := range r.figures {
		if i >= len(figures) {
			o.Text = ""
			continue
		}
		c := rune(figures[i])
		o.Text = string(c)
		o.Move(fyne.NewPos(x, o.Position().Y))
		o.Resize(fyne.NewSize(figureWidth(c, size), o.Size().Height))
		x += figureWidth(c, size)
	}
}

// figureWidth returns the width of the cell of a figure.
func figureWidth(c rune, size float32) float32 {
	const base = 100 // measured in a large size, because widths are rounded
	if unicode.IsDigit(c) {
		c = '0' // the widest digit
	}
	return measure(string(c), base, theme.Bold) * size / base
}

// figuresWidth returns the width of all cells.
func figuresWidth(figures string, size float32) (width float32) {
	for _, c := range figures {
		width += figureWidth(c, size)
	}
	return width
}

// Place returns the position of Picture's upper left corner on the page, in pixels.
func (r *Ring) Place() image.Point { return image.Pt(int(r.box.X), int(r.box.Y)) }

// Picture returns the ring as the page shows it, at [Ring.Place]. The arc is painted only when it has moved: that takes
// ten times as long as the figures.
func (r *Ring) Picture() image.Image {
	if r.round == nil || r.rounded != r.arc.StartAngle {
		r.round, r.rounded = capture(r.box, r.ground, r.track, r.arc), r.arc.StartAngle
	}
	picture := image.NewRGBA(r.round.Bounds())
	draw.Draw(picture, picture.Rect, r.round, r.round.Bounds().Min, draw.Src)
	middle := r.middle()
	objects := []fyne.CanvasObject{r.ground}
	for _, o := range r.figures {
		objects = append(objects, o)
	}
	at := image.Rect(0, 0, int(middle.W), int(middle.H)).Add(image.Pt(int(middle.X), int(middle.Y)).Sub(r.Place()))
	draw.Draw(picture, at, capture(middle, objects...), image.Point{}, draw.Src)
	return picture
}

// middle returns the part of the ring in which the figures are, in whole pixels. It is within the arc.
func (r *Ring) middle() Area {
	const side = (1 - insideRing) / 2 * 0.9
	first := r.figures[0]
	x, y := whole(r.box.X+side*r.box.W), whole(first.Position().Y)
	return Area{x, y, whole(r.box.W * (1 - 2*side)), whole(first.Size().Height) + 2}
}

// capture paints copies of objects, as far as they are within an area of the page.
func capture(a Area, objects ...fyne.CanvasObject) image.Image {
	all := container.NewWithoutLayout()
	for _, o := range objects {
		var part fyne.CanvasObject
		switch o := o.(type) {
		case *canvas.Rectangle:
			one := *o
			part = &one
		case *canvas.Arc:
			one := *o
			part = &one
		case *canvas.Text:
			one := *o
			part = &one
		}
		part.Move(o.Position().SubtractXY(a.X, a.Y))
		all.Add(part)
	}
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(all)
	c.Resize(fyne.NewSize(a.W, a.H))
	return c.Capture()
}
