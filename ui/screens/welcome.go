package screens

import (
	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// welcome says what one can do here, and lets the patient set the screen up for himself.
func welcome(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{done: -1})
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

// greeting stands in one column; the low mode moves the buttons into the lower half.
func (f *frame) greeting(a widgets.Area, s kiosk.State) {
	l := f.Look
	title, sub := f.greetingTexts()
	if !l.Low {
		a.CutTop(a.H * 0.06)
	}
	a.CutTop(f.Text(a, title))
	a.CutTop(l.MM(2))
	a.CutTop(f.Text(a, sub) + l.MM(9))
	if l.Low {
		a.CutTop(max(0, l.Height/2-a.Y))
	}
	f.begin(&a, s)
}

// greetingWide puts the words on the left and the buttons on the right.
func (f *frame) greetingWide(a widgets.Area, s kiosk.State) {
	l := f.Look
	title, sub := f.greetingTexts()
	left := a.CutLeft(a.W * 0.44)
	a.CutLeft(l.MM(12))
	used := f.Height(left.W, title) + l.MM(3) + f.Height(left.W, sub)
	left.CutTop(max(0, (left.H-used)*0.4))
	left.CutTop(f.Text(left, title) + l.MM(3))
	f.Text(left, sub)
	top := max(0, (a.H-f.beginHeight(a.W, s))*0.4)
	if l.Low {
		top = max(0, l.Height/2-a.Y)
	}
	a.CutTop(top)
	f.begin(&a, s)
}

// beginHeight is the height that begin takes where there is room enough.
func (f *frame) beginHeight(width float32, s kiosk.State) float32 {
	icon, title, sub := f.state(s)
	return max(f.Look.MM(48), f.CardHeight(width, f.startCard())*1.2) + f.Look.MM(theme.GapMM) + f.NoteHeight(width, icon, title, sub)
}

func (f *frame) startCard() widgets.Card {
	return widgets.Card{
		Target: widgets.Target{ID: "start", Style: widgets.Filled, OnTap: f.tap(kiosk.Start{})},
		Title:  f.t("welcome.start"), Sub: f.t("welcome.start_sub"), Big: true,
	}
}

// begin draws the one button, and below it what is free.
func (f *frame) begin(a *widgets.Area, s kiosk.State) {
	l := f.Look
	icon, title, sub := f.state(s)
	note := f.NoteHeight(a.W, icon, title, sub)
	start := f.startCard()
	least := f.CardHeight(a.W, start)
	f.tight = f.tight || least > a.H
	f.Card(a.CutTop(max(least, min(max(l.MM(48), least*1.2), a.H-note-l.MM(theme.GapMM)))), start)
	a.CutTop(l.MM(theme.GapMM))
	if title != "" && a.H >= note {
		f.Note(a.CutTop(note), icon, title, sub)
	}
}

// state is what one should know before one begins: no paper, or what is free today.
func (f *frame) state(s kiosk.State) (icon, title, sub string) {
	if s.Service.NoPaper {
		return "printer-off", f.t("welcome.no_paper"), f.t("welcome.no_paper_sub")
	}
	n := s.Overview.Nearest
	if n.Begin.IsZero() {
		return "", "", ""
	}
	where := f.place(n.Room, 0)
	when := clock(n.Begin)
	title = f.Lang.Plural("welcome.free_today", s.Overview.FreeToday, nil)
	if s.Overview.FreeToday == 0 {
		title, when = f.t("welcome.none_today"), f.nearest(n.Begin)
	}
	data := map[string]any{"What": join(", ", lower(n.Speciality), when, where)}
	return "clock", title, f.Lang.Text("welcome.nearest", data)
}

// settings draws the row in which a patient makes the screen his own: language, size, contrast, height.
func (f *frame) settings(a *widgets.Area, s kiosk.State) {
	l := f.Look
	views := f.views(s.View)
	columns, gap := f.settingsColumns(views, a.W), l.MM(theme.GapMM)
	rows := float32((len(views) + columns - 1) / columns)
	area := a.CutBottom(rows*f.buttonHeight() + (rows-1)*gap)
	caption := a.CutBottom(l.Size(theme.Small)*1.3 + l.MM(2))
	a.CutBottom(l.MM(4))
	f.Text(caption, widgets.Text{String: f.t("welcome.settings"), Role: theme.Small, Weight: theme.SemiBold, Color: l.SoftInk, Lines: 1})
	for i, cell := range area.Grid(columns, f.buttonHeight(), gap)[:len(views)] {
		v := views[i]
		f.Button(cell, widgets.Target{ID: v.id, OnTap: f.tap(v.event)}, v.icon, v.label)
	}
}

// settingsColumns is how many of the buttons stand side by side: all of them, or two where their labels would not fit.
func (f *frame) settingsColumns(views []choice, width float32) int {
	l := f.Look
	room := (width - l.MM(theme.GapMM)*float32(len(views)-1)) / float32(len(views))
	for _, v := range views {
		if f.ButtonWidth(v.icon, v.label) > room {
			return 2
		}
	}
	return len(views)
}

// views are the changes one tap makes.
func (f *frame) views(v kiosk.View) []choice {
	text, contrast, low := v, v, v
	text.Text = (v.Text + 1) % (kiosk.TextExtra + 1)
	contrast.Contrast = !v.Contrast
	low.Low = !v.Low
	var all []choice
	for _, other := range f.Other {
		all = append(all, choice{id: "view.language", label: f.Lang.Text("language.switch_to."+other.Language, nil), event: kiosk.SetView{View: other}})
	}
	return append(all,
		choice{id: "view.text", icon: "text-size", label: "", event: kiosk.SetView{View: text}},
		choice{id: "view.contrast", icon: "contrast", label: f.t("view.contrast"), event: kiosk.SetView{View: contrast}},
		choice{id: "view.low", icon: "lower", label: f.t(map[bool]string{false: "view.low", true: "view.high"}[v.Low]), event: kiosk.SetView{View: low}},
	)
}
