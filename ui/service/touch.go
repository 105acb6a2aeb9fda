package service

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"infomat/kiosk/health"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// Limits beyond which the touch page reports a fault of the panel.
const (
	stuckAfter = 8 * time.Second // longest touch
	jumpMM     = 60              // longest distance between two successive positions of a finger
	fieldMM    = 18              // side of a field of the grid; not a limit
)

// touchPage is the state of the touch page.
type touchPage struct {
	columns, rows int
	painted       map[int]bool
	jumps         int
	stuck         bool
	touches       int
	down          bool
	last          fyne.Position
	held          bool   // a finger is down and last is its position
	drawn         [2]int // number of painted fields and of jumps as drawn last
}

var touchMain = page{id: idTouch, draw: drawTouch, fullScreen: true, enter: func(m *Mode) {
	m.touch = touchPage{painted: map[int]bool{}}
	m.askJudged(health.PartTouch)
}}

// drawTouch draws a grid over the whole panel. Fields that a finger has touched are coloured, so that dead areas
// stay visible.
func drawTouch(m *Mode, s *sheet) {
	t, l := &m.touch, s.look
	t.columns, t.rows = max(1, int(l.Width/s.mm(fieldMM))), max(1, int(l.Height/s.mm(fieldMM)))
	w, h := l.Width/float32(t.columns), l.Height/float32(t.rows)
	for i := range t.columns * t.rows {
		fill := l.Card
		if t.painted[i] {
			fill = l.Doing
		}
		field := widgets.Area{X: float32(i%t.columns) * w, Y: float32(i/t.columns) * h, W: w, H: h}
		s.Box(field, fill, l.Line).CornerRadius = 0
	}
	pane := &touchArea{mode: m}
	pane.ExtendBaseWidget(pane)
	pane.Resize(fyne.NewSize(l.Width, l.Height))
	s.Add(pane)
	middle := widgets.Area{X: l.Width/2 - s.mm(90), Y: l.Height/2 - s.mm(85), W: s.mm(180), H: s.mm(170)}
	s.Box(middle, l.Card, l.Line)
	s.body = middle.Inset(s.mm(6), s.mm(5))
	s.buttons(1, choice{id: "back", icon: "back", label: m.t("back"), style: widgets.Filled, do: func() { m.back() }})
	s.judgement(health.PartTouch)
	s.Middle(
		s.body,
		widgets.Text{String: m.touchText(), Role: theme.Body, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 7},
	)
}

// touchText describes how much is painted and the faults found.
func (m *Mode) touchText() string {
	t := &m.touch
	text := m.say("touch.painted", map[string]any{"Painted": len(t.painted), "All": t.columns * t.rows})
	if t.stuck {
		text += " " + m.t("touch.stuck")
	}
	if t.jumps > 0 {
		text += " " + m.say("touch.jumps", map[string]any{"Count": t.jumps})
	}
	return text
}

// touchAt handles a position reported by the panel.
func (m *Mode) touchAt(p fyne.Position) {
	t := &m.touch
	if t.columns == 0 {
		return
	}
	m.touched()
	mm := m.size.Width / m.opts.PanelMM
	if t.held {
		if dx, dy := p.X-t.last.X, p.Y-t.last.Y; dx*dx+dy*dy > (jumpMM*mm)*(jumpMM*mm) {
			t.jumps++
		}
	}
	t.last, t.held = p, true
	column, row := int(p.X*float32(t.columns)/m.size.Width), int(p.Y*float32(t.rows)/m.size.Height)
	if column >= 0 && column < t.columns && row >= 0 && row < t.rows {
		t.painted[row*t.columns+column] = true
	}
	if now := [2]int{len(t.painted), t.jumps}; now != t.drawn {
		t.drawn = now
		m.draw()
	}
}

// press starts a touch, and checks after stuckAfter whether it has ended.
func (m *Mode) press(at fyne.Position) {
	t := &m.touch
	t.touches++
	t.down, t.held = true, false
	this := t.touches
	time.AfterFunc(stuckAfter, func() { m.opts.Do(func() { m.stuck(this) }) })
	m.touchAt(at)
}

// stuck reports the touch with the given number as stuck if it has not ended.
func (m *Mode) stuck(touch int) {
	if t := &m.touch; m.page.id == idTouch && t.down && t.touches == touch {
		t.stuck = true
		m.draw()
	}
}

// lift ends a touch.
func (m *Mode) lift() { m.touch.down, m.touch.held = false, false }

// touchArea is an invisible widget over the whole panel that receives all positions of a finger.
type touchArea struct {
	widget.BaseWidget
	mode *Mode
}

var (
	_ desktop.Mouseable = (*touchArea)(nil)
	_ desktop.Hoverable = (*touchArea)(nil)
	_ fyne.Draggable    = (*touchArea)(nil)
)

// CreateRenderer implements fyne.Widget. It draws nothing.
func (g *touchArea) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// MouseDown implements desktop.Mouseable. It starts a touch.
func (g *touchArea) MouseDown(e *desktop.MouseEvent) { g.mode.press(e.Position) }

// MouseUp implements desktop.Mouseable. It ends a touch.
func (g *touchArea) MouseUp(*desktop.MouseEvent) { g.mode.lift() }

// Dragged implements fyne.Draggable. It handles a new position.
func (g *touchArea) Dragged(e *fyne.DragEvent) { g.mode.touchAt(e.Position) }

// DragEnd implements fyne.Draggable. It ends a touch.
func (g *touchArea) DragEnd() { g.mode.lift() }

// MouseIn implements desktop.Hoverable. It does nothing.
func (g *touchArea) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable. It handles a new position during a touch that the toolkit does not
// report as a drag.
func (g *touchArea) MouseMoved(e *desktop.MouseEvent) {
	if g.mode.touch.down {
		g.mode.touchAt(e.Position)
	}
}

// MouseOut implements desktop.Hoverable. It does nothing.
func (g *touchArea) MouseOut() {}
