package widgets

import (
	"image"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"

	"infomat/ui/theme"
)

// Ring is a countdown: an arc that closes as time runs out, with figures in it.
type Ring struct {
	// Repaint, where it is set, brings a change on the glass without the page's own painting, which costs the whole page. It tells whether it could.
	Repaint func() bool

	box     Area
	ground  *canvas.Rectangle
	track   *canvas.Arc
	arc     *canvas.Arc
	figures []*canvas.Text // one each, in cells of equal width: the font's own are not, and a countdown set in them trembles
	shown   string
}

// Ring draws a countdown in the warning colours, filling the area's lesser side. Longest are the figures that need the most room.
func (s *Sheet) Ring(a Area, longest string) *Ring {
	side := min(a.W, a.H)
	box := Area{whole(a.X + (a.W-side)/2), whole(a.Y + (a.H-side)/2), whole(side), whole(side)} // so that Picture fits to the pixel
	r := &Ring{
		box: box, ground: canvas.NewRectangle(s.look.HoldGround),
		track: canvas.NewArc(0, 360, 0.86, s.look.HoldLine), arc: canvas.NewArc(0, 360, 0.86, s.look.Hold),
	}
	for _, o := range [...]fyne.CanvasObject{r.ground, r.track, r.arc} {
		place(o, box)
		s.Add(o)
	}
	const inside = 0.72 // of the ring
	text := Text{String: longest, Role: theme.Strong, Weight: theme.Bold, Color: s.look.Hold, Align: fyne.TextAlignCenter, Lines: 1}
	set := fit(s.look, text, box.W*inside)
	for range longest {
		h := set.size * lineHeight
		o := line("", set.size, text, Area{box.X, box.Y + (box.H-h)/2, 0, h})
		r.figures = append(r.figures, o)
		s.Add(o)
	}
	return r
}

func whole(pixels float32) float32 { return float32(int(pixels)) }

// Show sets what part of the time is left (0 to 1) and the figures.
func (r *Ring) Show(left float32, figures string) {
	if r.shown == figures {
		return
	}
	r.shown = figures
	r.spread(figures)
	r.arc.StartAngle, r.arc.EndAngle = 360*(1-left), 360
	if r.Repaint != nil && r.Repaint() {
		return
	}
	for _, o := range r.figures {
		o.Refresh()
	}
	r.arc.Refresh()
}

// spread puts each figure into its cell, all together in the ring's middle.
func (r *Ring) spread(figures string) {
	size := r.figures[0].TextSize
	cell := func(c rune) float32 {
		if unicode.IsDigit(c) {
			return measure("0", size, theme.Bold) // the widest
		}
		return measure(string(c), size, theme.Bold)
	}
	total := float32(0)
	for _, c := range figures {
		total += cell(c)
	}
	x := r.box.X + (r.box.W-total)/2
	for i, o := range r.figures {
		if i >= len(figures) {
			o.Text = ""
			continue
		}
		c := rune(figures[i])
		o.Text = string(c)
		o.Move(fyne.NewPos(x, o.Position().Y))
		o.Resize(fyne.NewSize(cell(c), o.Size().Height))
		x += cell(c)
	}
}

// Place is where Picture belongs, in pixels of the page.
func (r *Ring) Place() image.Point { return image.Pt(int(r.box.X), int(r.box.Y)) }

// Picture is the ring as it is now, drawn without the page.
func (r *Ring) Picture() image.Image {
	from := fyne.NewPos(r.box.X, r.box.Y)
	ground, track, arc := *r.ground, *r.track, *r.arc
	all := container.NewWithoutLayout(&ground, &track, &arc)
	for _, o := range r.figures {
		figure := *o
		all.Add(&figure)
	}
	for _, o := range all.Objects {
		o.Move(o.Position().Subtract(from))
	}
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(all)
	c.Resize(fyne.NewSize(r.box.W, r.box.H))
	return c.Capture()
}
