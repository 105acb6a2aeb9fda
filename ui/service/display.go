package service

import (
	"context"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/kiosk/health"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// displayPage is the state of the page colours: the index of the colour shown.
type displayPage struct{ colour int }

// colours show dead and stuck pixels: each subpixel alone, all, none, and a grey that shows stains.
var colours = []color.NRGBA{
	{R: 255, A: 255},
	{G: 255, A: 255},
	{B: 255, A: 255},
	{R: 255, G: 255, B: 255, A: 255},
	{A: 255},
	{R: 128, G: 128, B: 128, A: 255},
}

var (
	displayMain = page{id: "display", draw: drawDisplay, enter: func(m *Mode) { m.askJudged(health.PartDisplay) }}
	coloursPage = page{
		id:         "colours",
		draw:       drawColours,
		fullScreen: true,
		back:       "display",
		enter:      func(m *Mode) { m.display.colour = 0 },
	}
	rulerPage = page{id: "ruler", draw: drawRuler, back: "display"}
	soundPage = page{id: "sound", draw: drawSound, enter: func(m *Mode) { m.askJudged(health.PartSound) }}
)

func drawDisplay(m *Mode, s *sheet) {
	s.sentence(m.t("display.sub"))
	s.judgement(health.PartDisplay)
	s.buttons(1,
		choice{id: "display.colours", icon: "contrast", label: m.t("page.colours"), do: func() { m.show("colours") }},
		choice{id: "display.ruler", icon: "scan", label: m.t("page.ruler"), do: func() { m.show("ruler") }})
	geometry(s, s.body)
}

// geometry draws a grid, a circle and the diagonals. They look distorted if the resolution is wrong.
func geometry(s *sheet, a widgets.Area) {
	l := s.look
	s.Box(a, l.Card, l.Ink).CornerRadius = 0
	step := s.mm(10)
	for x := a.X + step; x < a.X+a.W; x += step {
		s.Box(widgets.Area{X: x, Y: a.Y, W: 1, H: a.H}, l.Line, nil)
	}
	for y := a.Y + step; y < a.Y+a.H; y += step {
		s.Box(widgets.Area{X: a.X, Y: y, W: a.W, H: 1}, l.Line, nil)
	}
	side := min(a.W, a.H) * 0.9
	circle := canvas.NewCircle(color.Transparent)
	circle.StrokeColor, circle.StrokeWidth = l.Accent, 2
	circle.Move(fyne.NewPos(a.X+(a.W-side)/2, a.Y+(a.H-side)/2))
	circle.Resize(fyne.NewSize(side, side))
	s.Add(circle)
	for _, ends := range [][2]fyne.Position{
		{fyne.NewPos(a.X, a.Y), fyne.NewPos(a.X+a.W, a.Y+a.H)}, {fyne.NewPos(a.X+a.W, a.Y), fyne.NewPos(a.X, a.Y+a.H)},
	} {
		d := canvas.NewLine(l.Accent)
		d.Position1, d.Position2 = ends[0], ends[1]
		s.Add(d)
	}
}

// drawColours fills the panel with a colour. A tap shows the next colour and, after the last, the page display.
func drawColours(m *Mode, s *sheet) {
	l := s.look
	s.Tile(
		widgets.Area{X: 0, Y: 0, W: l.Width, H: l.Height},
		widgets.Target{ID: "colour", OnTap: func() { m.nextColour() }},
	)
	s.Box(widgets.Area{X: 0, Y: 0, W: l.Width, H: l.Height}, colours[m.display.colour], nil).CornerRadius = 0
}

func (m *Mode) nextColour() {
	m.touched()
	m.display.colour++
	if m.display.colour == len(colours) {
		m.show("display")
		return
	}
	m.draw()
}

// drawRuler draws a ruler for the configured width of the panel. Compared with a real ruler, it shows whether the
// width is right.
func drawRuler(m *Mode, s *sheet) {
	l := s.look
	pxMM := l.Width / m.opts.PanelMM
	length := float32(int(s.body.W/pxMM/10)) * 10
	s.sentence(m.say("ruler.sub", map[string]any{"Length": int(length), "Width": int(m.opts.PanelMM + 0.5)}))
	ruler := s.body.CutTop(s.mm(40))
	s.Box(widgets.Area{X: ruler.X, Y: ruler.Y, W: length * pxMM, H: 2}, l.Ink, nil)
	for mm := float32(0); mm <= length; mm++ {
		h := s.mm(4)
		switch {
		case int(mm)%10 == 0:
			h = s.mm(14)
		case int(mm)%5 == 0:
			h = s.mm(8)
		}
		s.Box(widgets.Area{X: ruler.X + mm*pxMM, Y: ruler.Y, W: 1, H: h}, l.Ink, nil)
		if int(mm)%50 == 0 {
			place := widgets.Area{X: ruler.X + mm*pxMM + 3, Y: ruler.Y + s.mm(10), W: s.mm(30), H: s.mm(8)}
			s.Text(place, widgets.Text{String: fmt.Sprint(int(mm)), Role: theme.Small, Color: l.Ink, Lines: 1})
		}
	}
}

func drawSound(m *Mode, s *sheet) {
	s.sentence(m.t("sound.sub"))
	s.judgement(health.PartSound)
	s.buttons(1, choice{id: "sound.play", icon: "ear", label: m.t("sound.play"), style: widgets.Filled, do: func() {
		m.start(func(ctx context.Context) func() {
			err := m.opts.Terminal.Sound(ctx)
			return func() { m.desk.message = m.errorText(err, "sound.played") }
		})
	}})
	s.sentence(m.desk.message)
}

// errorText returns the text with the id done, or the error if there is one.
func (m *Mode) errorText(err error, done string) string {
	if err != nil {
		return m.say("failed", map[string]any{"Error": err.Error()})
	}
	return m.t(done)
}
