package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/ui/theme"
)

// Ring is a countdown: an arc that closes as time runs out, with figures in it.
type Ring struct {
	arc  *canvas.Arc
	text *canvas.Text
}

// Ring draws a countdown in the warning colours, filling the area's lesser side.
func (s *Sheet) Ring(a Area) *Ring {
	side := min(a.W, a.H)
	box := Area{a.X + (a.W-side)/2, a.Y + (a.H-side)/2, side, side}
	track := canvas.NewArc(0, 360, 0.86, s.look.HoldLine)
	arc := canvas.NewArc(0, 360, 0.86, s.look.Hold)
	for _, o := range [...]*canvas.Arc{track, arc} {
		place(o, box)
		s.Add(o)
	}
	text := s.Line(box, Text{String: "00:00", Role: theme.Body, Weight: theme.Bold, Color: s.look.Hold, Align: fyne.TextAlignCenter, Lines: 1})
	return &Ring{arc: arc, text: text}
}

// Show sets what part of the time is left (0 to 1) and the figures.
func (r *Ring) Show(left float32, figures string) {
	if r.text.Text == figures {
		return
	}
	r.text.Text = figures
	r.arc.StartAngle, r.arc.EndAngle = 360*(1-left), 360
	r.text.Refresh()
	r.arc.Refresh()
}
