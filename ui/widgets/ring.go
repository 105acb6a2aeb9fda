package widgets

import (
	"image"

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

	box    Area
	ground *canvas.Rectangle
	track  *canvas.Arc
	arc    *canvas.Arc
	text   *canvas.Text
}

// Ring draws a countdown in the warning colours, filling the area's lesser side.
func (s *Sheet) Ring(a Area) *Ring {
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
	r.text = s.Line(box, Text{String: "00:00", Role: theme.Body, Weight: theme.Bold, Color: s.look.Hold, Align: fyne.TextAlignCenter, Lines: 1})
	return r
}

func whole(pixels float32) float32 { return float32(int(pixels)) }

// Show sets what part of the time is left (0 to 1) and the figures.
func (r *Ring) Show(left float32, figures string) {
	if r.text.Text == figures {
		return
	}
	r.text.Text = figures
	r.arc.StartAngle, r.arc.EndAngle = 360*(1-left), 360
	if r.Repaint != nil && r.Repaint() {
		return
	}
	r.text.Refresh()
	r.arc.Refresh()
}

// Place is where Picture belongs, in pixels of the page.
func (r *Ring) Place() image.Point { return image.Pt(int(r.box.X), int(r.box.Y)) }

// Picture is the ring as it is now, drawn without the page.
func (r *Ring) Picture() image.Image {
	from := fyne.NewPos(r.box.X, r.box.Y)
	ground, track, arc, text := *r.ground, *r.track, *r.arc, *r.text
	all := container.NewWithoutLayout(&ground, &track, &arc, &text)
	for _, o := range all.Objects {
		o.Move(o.Position().Subtract(from))
	}
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(all)
	c.Resize(fyne.NewSize(r.box.W, r.box.H))
	return c.Capture()
}
