package screens

import (
	"slices"

	"infomat/kiosk"
	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// welcome draws the start button and the buttons for the settings of the screen.
func welcome(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{})
	if f.dense {
		f.denseWelcome(s)
		return f.page()
	}
	l := f.Look
	area := f.body
	if !l.Portrait() {
		area = widgets.Area{X: l.MM(theme.MarginMM), Y: area.Y, W: l.Width - 2*l.MM(theme.MarginMM), H: area.H}
	}
	f.settings(&area, s)
	if l.Portrait() {
		f.greeting(area, s)
	} else {
		f.greetingWide(area, s)
	}
	return f.page()
}

func (f *frame) greetingTexts() (title, sub widgets.Text) {
	l := f.Look
	title = widgets.Text{String: f.t("welcome.title"), Role: theme.Hero, Weight: theme.Bold, Color: l.Ink, Lines: 3}
	sub = widgets.Text{String: f.t("welcome.sub"), Role: theme.Body, Color: l.SoftInk}
	return title, sub
}

// greeting draws the texts and the start button in one column. In the low mode the button is in the lower half.
func (f *frame) greeting(a widgets.Area, s kiosk.State) {
	l := f.Look
	title, sub := f.greetingTexts()
	if !l.Low {
		a.CutTop(a.H * 0.08)
	}
	f.tight = f.tight || f.Height(a.W, title)+f.Height(a.W, sub) > a.H
	a.CutTop(f.Text(a, title))
	a.CutTop(l.MM(2))
	a.CutTop(f.Text(a, sub) + f.spacing(9, 12))
	if l.Low {
		a.CutTop(max(0, l.Reach()-a.Y))
	}
	f.begin(&a, s)
}

// greetingWide draws the texts on the left and the start button on the right.
func (f *frame) greetingWide(a widgets.Area, s kiosk.State) {
	l := f.Look
	title, sub := f.greetingTexts()
	left := a.CutLeft(a.W * 0.44)
	a.CutLeft(l.MM(12))
	used := f.Height(left.W, title) + l.MM(3) + f.Height(left.W, sub)
	f.tight = f.tight || used > left.H
	left.CutTop(max(0, (left.H-used)*0.4))
	left.CutTop(f.Text(left, title) + l.MM(3))
	f.Text(left, sub)
	top := max(0, (a.H-f.beginHeight(a, s))*0.4)
	if l.Low {
		top = max(0, l.Reach()-a.Y)
	}
	a.CutTop(top)
	f.begin(&a, s)
}

// beginHeight returns the height of what begin draws, if there is room for it.
func (f *frame) beginHeight(a widgets.Area, s kiosk.State) float32 {
	_, note := f.startNote(a, s)
	return f.startHeight(a.W) + note
}

// startHeight returns the preferred height of the start button.
func (f *frame) startHeight(width float32) float32 {
	return max(f.Look.MM(startMM), f.CardHeight(width, f.startCard())*1.2)
}

// startNote returns what stands below the start button, and its height with the distance from it: nothing, if there is
// no room for it.
func (f *frame) startNote(a widgets.Area, s kiosk.State) (widgets.Note, float32) {
	note := f.state(s)
	h := f.NoteHeight(a.W, note) + f.Look.MM(theme.GapMM)
	if note.Title == "" || f.CardHeight(a.W, f.startCard())+h > a.H {
		return widgets.Note{}, 0
	}
	return note, h
}

// startMM is the preferred height of the start button in millimetres.
const startMM = 60

func (f *frame) startCard() widgets.Card {
	return widgets.Card{
		Target: widgets.Target{ID: "start", Style: widgets.Filled, OnTap: f.tap(kiosk.Start{})},
		Title:  f.t("welcome.start"), Sub: f.t("welcome.start_sub"), Scale: widgets.Grand,
	}
}

// begin draws the one button, and below it what is free.
func (f *frame) begin(a *widgets.Area, s kiosk.State) {
	note, below := f.startNote(*a, s)
	start := f.startCard()
	least := f.CardHeight(a.W, start)
	f.tight = f.tight || least > a.H || s.Service.NoPaper && below == 0
	f.Card(a.CutTop(max(least, min(f.startHeight(a.W), a.H-below))), start)
	if below > 0 {
		gap := f.Look.MM(theme.GapMM)
		a.CutTop(gap)
		f.Note(a.CutTop(below-gap), note)
	}
}

// state returns what patients should know before they start: that tickets cannot be printed, or the free times
// today.
func (f *frame) state(s kiosk.State) widgets.Note {
	if s.Service.NoPaper {
		return widgets.Note{Icon: "printer-off", Title: f.t("welcome.no_paper"), Sub: f.t("welcome.no_paper_sub")}
	}
	n := s.Overview.Nearest
	if n.Begin.IsZero() {
		return widgets.Note{}
	}
	title, when := f.Lang.Plural("welcome.free_today", s.Overview.FreeToday, nil), clock(n.Begin)
	if s.Overview.FreeToday == 0 {
		title, when = f.t("welcome.none_today"), f.at(n.Begin)
	}
	what := join(", ", when, lowerFirst(n.Speciality), f.place(n.Room, 0))
	return widgets.Note{Icon: "clock", Title: title, Sub: f.Lang.Text("welcome.nearest", map[string]any{"What": what})}
}

// denseWelcome draws the start button and the settings in one column. What is left out first is the line below the
// title, then what is free today. That there is no paper is always said.
func (f *frame) denseWelcome(s kiosk.State) {
	l := f.Look
	title, sub := f.greetingTexts()
	title.Role, title.Lines = theme.Title, 2
	start, state := f.startCard(), f.state(s)
	start.Scale = widgets.Compact
	f.denseViews(s.View)
	f.Text(f.take(f.Height(f.body.W, title)), title)
	f.body.CutTop(l.MM(2))
	room, least := f.body.H, max(l.MM(theme.TargetMM), f.CardHeight(f.body.W, start))
	if l.Low {
		room = min(room, l.Height-f.below()-l.Reach())
	}
	note := f.NoteHeight(f.body.W, state)
	if least+f.gap()+note > room { // its title says the most
		state.Sub = ""
		note = f.NoteHeight(f.body.W, state)
	}
	if least+f.gap()+note > room && f.body.Y+note+f.gap() <= l.Reach() { // what is only read may be above
		f.Note(f.take(note), state)
		f.body.CutTop(f.gap())
		note, state.Title = 0, ""
	}
	if state.Title == "" || !s.Service.NoPaper && least+f.gap()+note > room {
		note, state.Title = 0, ""
	}
	above := f.Height(f.body.W, sub) + l.MM(2)
	if free := f.body.H - least - f.gap() - note; above <= free && (!l.Low || f.body.Y+above <= l.Reach()) {
		f.Text(f.take(above), sub)
	}
	f.skipUpperHalf()
	f.Card(f.take(max(least, min(l.MM(startMM), f.body.H-note-f.gap()))), start)
	if state.Title != "" {
		f.body.CutTop(f.gap())
		f.Note(f.take(note), state)
	}
}

// below returns the height of what is below the body.
func (f *frame) below() float32 { return f.Look.Height - f.body.Y - f.body.H }

// denseViews draws the buttons for the settings of the screen at the bottom of the body, without those labels that
// would need a further row.
func (f *frame) denseViews(v kiosk.View) {
	views := f.views(v)
	if !f.fitting(views, f.body.W) {
		for i := range views {
			if views[i].icon != "" {
				views[i].label = ""
			}
		}
	}
	f.tight = f.tight || !f.fitting(views, f.body.W)
	f.row(f.body.CutBottom(f.denseButtonHeight()), views)
	f.body.CutBottom(f.gap())
}

// settings draws the buttons of the view, and below them where the registration desk is.
func (f *frame) settings(a *widgets.Area, s kiosk.State) {
	l := f.Look
	f.deskLine(a, s.Overview.Clinic)
	views := f.views(s.View)
	gap := l.MM(theme.GapMM)
	rows := f.settingsRows(views, a.W)
	places := make([]widgets.Area, len(rows))
	for i := range rows {
		if i > 0 {
			a.CutBottom(gap)
		}
		places[i] = a.CutBottom(f.buttonHeight())
	}
	for i, row := range slices.Backward(rows) {
		f.row(places[i], row)
	}
	a.CutBottom(l.MM(4))
}

// deskLine draws the place and phone number of the registration desk at the bottom of the page, if they are known.
func (f *frame) deskLine(a *widgets.Area, c kiosk.Clinic) {
	what := join(" · ", c.Desk, c.Phone)
	if what == "" || f.plain {
		return
	}
	l := f.Look
	line := widgets.Text{
		String: f.Lang.Text("desk.line", map[string]any{"What": what}),
		Role:   theme.Small,
		Color:  l.SoftInk,
		Lines:  2,
		Part:   focus.Foot,
	}
	f.Text(a.CutBottom(f.Height(a.W, line)), line)
	a.CutBottom(l.MM(4))
}

// settingsRows returns the buttons in one row, or in two rows if they do not fit. The last row comes first.
func (f *frame) settingsRows(views []choice, width float32) [][]choice {
	if f.fitting(views, width) {
		return [][]choice{views}
	}
	half := (len(views) + 1) / 2
	f.tight = f.tight || !f.fitting(views[half:], width) || !f.fitting(views[:half], width)
	return [][]choice{views[half:], views[:half]}
}
