package service

import (
	"image/color"

	"fyne.io/fyne/v2"

	"infomat/kiosk/health"
	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// sheet is a page being drawn. Title and foot are drawn; the page draws into body.
type sheet struct {
	*widgets.Sheet
	mode *Mode
	look theme.Look
	body widgets.Area
}

// Target is a button of the page. Coordinates are pixels of the window.
type Target struct {
	ID         string
	X, Y, W, H float32
}

// Targets returns the buttons of the page.
func (m *Mode) Targets() (all []Target) {
	widgets.Buttons(m.root, func(b *widgets.Button, at fyne.Position) {
		all = append(all, Target{ID: b.ID, X: at.X, Y: at.Y, W: b.Size().Width, H: b.Size().Height})
	})
	return all
}

func newSheet(m *Mode, l theme.Look) *sheet {
	return &sheet{Sheet: widgets.NewSheet(l), mode: m, look: l, body: widgets.Area{X: 0, Y: 0, W: l.Width, H: l.Height}}
}

func (s *sheet) mm(v float32) float32 { return s.look.MM(v) }

// frame draws the title, the clock, and the buttons for going back and leaving the mode.
func (s *sheet) frame(m *Mode) {
	l := s.look
	s.body = s.body.Inset(s.mm(theme.MarginMM), s.mm(theme.MarginMM*0.8))
	head := s.body.CutTop(s.mm(12))
	clock := widgets.Text{
		String: clockText(),
		Role:   theme.Small,
		Weight: theme.Bold,
		Color:  l.Ink,
		Align:  fyne.TextAlignTrailing,
		Lines:  1,
	}
	m.clock = s.Line(head.CutRight(s.Width(clock)+s.mm(2)), clock)
	s.Middle(
		head,
		widgets.Text{String: m.t("page." + m.page.id), Role: theme.Title, Weight: theme.Bold, Color: l.Ink, Lines: 1},
	)
	s.body.CutTop(s.mm(5))
	foot := s.body.CutBottom(s.rowHeight())
	s.body.CutBottom(s.mm(theme.GapMM))
	left := foot.CutLeft((foot.W - s.mm(theme.GapMM)) / 2)
	foot.CutLeft(s.mm(theme.GapMM))
	if m.page.id != idMenu && m.page.id != idKeypad {
		s.button(left, "back", "back", m.t("back"), widgets.Outline, func() { m.back() })
	}
	s.button(foot, "leave", "home", m.t("leave"), widgets.Outline, m.Close)
}

// back opens the page that the current one was opened from.
func (m *Mode) back() {
	if m.page.back != "" {
		m.show(m.page.back)
		return
	}
	m.show(idMenu)
}

// rowHeight returns the height of a button.
func (s *sheet) rowHeight() float32 { return max(s.mm(theme.TargetMM), s.look.Size(theme.Strong)*2.4) }

// button draws a button. A tap restarts the idle timer.
func (s *sheet) button(a widgets.Area, id, icon, label string, style widgets.Style, do func()) {
	m := s.mode
	t := widgets.Target{ID: id, Style: style, OnTap: func() {
		m.touched()
		do()
	}}
	if id == "back" || id == "leave" {
		t.Part, t.Back = focus.Foot, id == "back" || m.page.id == idMenu
	}
	s.Button(a, t, icon, label)
}

// buttons draws a grid of buttons at the bottom of the body and cuts its height from it.
func (s *sheet) buttons(columns int, all ...choice) {
	if len(all) == 0 {
		return
	}
	gap, h := s.mm(theme.GapMM), s.rowHeight()
	rows := float32((len(all) + columns - 1) / columns)
	area := s.body.CutBottom(rows*h + (rows-1)*gap)
	s.body.CutBottom(gap)
	for i, cell := range area.Grid(columns, h, gap)[:len(all)] {
		s.button(cell, all[i].id, all[i].icon, all[i].label, all[i].style, all[i].do)
	}
}

// choice is a button without a place.
type choice struct {
	id, icon, label string
	style           widgets.Style
	do              func()
}

// line is an entry of a list: title, text, and a remark in small type.
type line struct {
	title  string
	text   string
	remark string
	level  health.Level // shown as an icon; blank for none
	id     string       // id of the target
	do     func()       // called on a tap; nil if the line is not a button
}

// list draws as many lines as fit, and buttons for the other pages if there are more.
func (s *sheet) list(lines []line) {
	m := s.mode
	gap := s.mm(2)
	from := m.from[len(m.from)-1]
	if from >= len(lines) {
		m.from, from = []int{0}, 0
	}
	more := s.body
	more.CutBottom(s.rowHeight() + s.mm(theme.GapMM))
	room := s.body
	if from > 0 || s.fits(lines[from:], room) < len(lines) {
		room = more
	}
	n := s.fits(lines[from:], room)
	if from > 0 || n < len(lines) {
		s.pageButtons(from, from+n, len(lines))
	}
	for _, l := range lines[from : from+n] {
		s.line(room.CutTop(s.lineHeight(l, room.W)), l)
		room.CutTop(gap)
	}
}

// fits returns how many lines fit into an area. It returns at least one, unless there are no lines.
func (s *sheet) fits(lines []line, room widgets.Area) int {
	used := float32(0)
	for i, l := range lines {
		used += s.lineHeight(l, room.W)
		if used > room.H && i > 0 {
			return i
		}
		used += s.mm(2)
	}
	return len(lines)
}

// pageButtons draws the buttons for the previous and next page of a list.
func (s *sheet) pageButtons(from, to, all int) {
	m := s.mode
	foot := s.body.CutBottom(s.rowHeight())
	s.body.CutBottom(s.mm(theme.GapMM))
	left := foot.CutLeft((foot.W - s.mm(theme.GapMM)) / 2)
	foot.CutLeft(s.mm(theme.GapMM))
	if from > 0 {
		s.button(
			left,
			"page.prev",
			"prev",
			m.opts.Lang.Text("page.prev", nil),
			widgets.Plain,
			func() { m.from = m.from[:max(1, len(m.from)-1)]; m.draw() },
		)
	}
	if to < all {
		s.button(
			foot,
			"page.next",
			"next",
			m.opts.Lang.Text("page.next", nil),
			widgets.Plain,
			func() { m.from = append(m.from, to); m.draw() },
		)
	}
}

// texts returns the texts of a line with their sizes.
func (s *sheet) texts(l line) []widgets.Text {
	all := []widgets.Text{{String: l.title, Role: theme.Body, Weight: theme.SemiBold, Color: s.look.Ink, Lines: 2}}
	if l.text != "" {
		all = append(all, widgets.Text{String: l.text, Role: theme.Body, Color: s.look.Ink, Lines: 5})
	}
	if l.remark != "" {
		all = append(all, widgets.Text{String: l.remark, Role: theme.Small, Color: s.look.SoftInk, Lines: 4})
	}
	return all
}

func (s *sheet) lineHeight(l line, width float32) float32 {
	h := s.mm(5)
	for _, t := range s.texts(l) {
		h += s.Height(s.lineRoom(l, width), t)
	}
	if l.do != nil {
		return max(h, s.mm(theme.TargetMM))
	}
	return h
}

// lineRoom returns the width available for the texts of a line.
func (s *sheet) lineRoom(l line, width float32) float32 {
	width -= s.mm(10)
	if l.level != "" {
		width -= s.mm(13)
	}
	if l.do != nil {
		width -= s.mm(10)
	}
	return width
}

func (s *sheet) line(a widgets.Area, l line) {
	if l.do != nil {
		s.button(a, l.id, "", "", widgets.Plain, l.do)
	} else {
		s.Box(a, s.look.Card, s.look.Line)
	}
	room := a.Inset(s.mm(5), 0)
	if l.level != "" {
		s.levelIcon(room.CutLeft(s.mm(9)), l.level)
		room.CutLeft(s.mm(4))
	}
	if l.do != nil {
		side := s.mm(7)
		arrow := room.CutRight(side)
		s.Icon(widgets.Area{X: arrow.X, Y: a.Y + (a.H-side)/2, W: side, H: side}, "next", s.look.Accent)
		room.CutRight(s.mm(3))
	}
	used := float32(0)
	for _, t := range s.texts(l) {
		used += s.Height(room.W, t)
	}
	room.CutTop((room.H - used) / 2)
	for _, t := range s.texts(l) {
		room.CutTop(s.Text(room, t))
	}
}

// levelIcon draws a level as an icon with a colour.
func (s *sheet) levelIcon(a widgets.Area, level health.Level) {
	l := s.look
	side := min(a.W, a.H)
	box := widgets.Area{X: a.X, Y: a.Y + (a.H-side)/2, W: side, H: side}
	looks := map[health.Level]struct {
		icon      string
		fill, ink color.NRGBA
	}{
		health.OK: {"check", l.Tint, l.Accent}, health.Warning: {"warning", l.HoldGround, l.Hold},
		health.Failure: {"warning", l.Hold, l.HoldGround}, health.Skipped: {"question", l.OffTint, l.OffInk},
	}
	k := looks[level]
	s.Box(box, k.fill, nil)
	s.Icon(box.Inset(side*0.18, side*0.18), k.icon, k.ink)
}

// sentence draws a text at the top of the body.
func (s *sheet) sentence(text string) {
	if text == "" {
		return
	}
	s.body.CutTop(s.Text(s.body, widgets.Text{String: text, Role: theme.Body, Color: s.look.SoftInk, Lines: 4}))
	s.body.CutTop(s.mm(4))
}
