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

// What the touch page takes for a fault of the panel.
const (
	stuckAfter = 8 * time.Second // a finger that is still down
	jumpMM     = 60              // between two places of one finger that were told one after the other
	fieldMM    = 18              // side of a field of the grid
)

// touchPage is what the panel has told.
type touchPage struct {
	columns, rows int
	painted       map[int]bool
	jumps         int
	stuck         bool
	touches       int
	down          bool
	last          fyne.Position
	held          bool   // a finger is down and has told a place
	drawn         [2]int // fields painted and jumps, as they stand on the page
}

var touchMain = page{id: idTouch, draw: drawTouch, bare: true, enter: func(m *Mode) {
	m.touch = touchPage{painted: map[int]bool{}}
	m.askJudged(health.PartTouch)
}}

// drawTouch draws a grid over the whole panel: every field that a finger touches is painted, so that a dead strip
// stays pale.
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
	pane := &glass{mode: m}
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

// touchText says how much is painted, and what the panel did wrong.
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

// at takes a place that the panel has told.
func (m *Mode) at(p fyne.Position) {
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

// press begins a touch, and looks later whether it has ended.
func (m *Mode) press(at fyne.Position) {
	t := &m.touch
	t.touches++
	t.down, t.held = true, false
	this := t.touches
	time.AfterFunc(stuckAfter, func() { m.opts.Do(func() { m.stuck(this) }) })
	m.at(at)
}

// stuck notes a touch that has not ended.
func (m *Mode) stuck(touch int) {
	if t := &m.touch; m.page.id == idTouch && t.down && t.touches == touch {
		t.stuck = true
		m.draw()
	}
}

// lift ends a touch.
func (m *Mode) lift() { m.touch.down, m.touch.held = false, false }

// glass hears of every place of a finger on the whole panel.
type glass struct {
	widget.BaseWidget
	mode *Mode
}

var (
	_ desktop.Mouseable = (*glass)(nil)
	_ desktop.Hoverable = (*glass)(nil)
	_ fyne.Draggable    = (*glass)(nil)
)

// CreateRenderer draws nothing.
func (g *glass) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// MouseDown paints where a finger comes down.
func (g *glass) MouseDown(e *desktop.MouseEvent) { g.mode.press(e.Position) }

// MouseUp ends a touch.
func (g *glass) MouseUp(*desktop.MouseEvent) { g.mode.lift() }

// Dragged paints along a finger's way.
func (g *glass) Dragged(e *fyne.DragEvent) { g.mode.at(e.Position) }

// DragEnd ends a touch.
func (g *glass) DragEnd() { g.mode.lift() }

// MouseIn does nothing: see MouseMoved.
func (g *glass) MouseIn(*desktop.MouseEvent) {}

// MouseMoved paints along a finger that the toolkit does not take for a drag; a mouse without a button pressed paints
// nothing.
func (g *glass) MouseMoved(e *desktop.MouseEvent) {
	if g.mode.touch.down {
		g.mode.at(e.Position)
	}
}

// MouseOut does nothing.
func (g *glass) MouseOut() {}
