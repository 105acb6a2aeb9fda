package screens

import (
	"time"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// check shows what was chosen once more, before it is reserved.
func check(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{title: e.t("check.title"), sub: e.t("check.sub"), done: 4, foot: e.both()})
	l := f.Look
	button := max(l.MM(34), f.cardHeight(0))
	facts := f.facts(s)
	h := f.factsHeight(facts)
	card := f.take(h)
	f.Box(card, l.Card, l.Line)
	f.drawFacts(card.Inset(l.MM(9), l.MM(6)), facts)
	f.body.CutTop(l.MM(theme.GapMM))
	f.lower()
	minutes := int(s.Settings.Hold / time.Minute)
	f.Card(f.take(button), widgets.Card{
		Target: widgets.Target{ID: "reserve", Style: widgets.Filled, OnTap: func() { f.Send(kiosk.Confirm{Operation: newOperation()}) }},
		Title:  f.t("check.reserve"), Sub: f.Lang.Plural("check.reserve_sub", minutes, nil),
	})
	return f.page()
}

// fact is a caption and what it captions.
type fact struct{ caption, text string }

func (f *frame) facts(s kiosk.State) []fact {
	when := upper(f.longDate(s.Cell.Begin)) + ", " + clock(s.Cell.Begin)
	room, floor := s.Doctor.Room, s.Doctor.Floor
	if s.Cell.Room != "" {
		room, floor = s.Cell.Room, s.Cell.Floor
	}
	return []fact{
		{f.t("check.when"), when},
		{f.t("check.doctor"), join("\n", s.Doctor.Name, upper(s.Doctor.Speciality))},
		{f.t("check.where"), upper(f.place(room, floor))},
		{f.t("check.who"), join(", ", f.t("age.patient."+string(s.Age)), f.t("age.years."+string(s.Age)))},
	}
}

func (f *frame) factTexts(x fact) (caption, text widgets.Text) {
	l := f.Look
	return widgets.Text{String: x.caption, Role: theme.Small, Color: l.SoftInk, Lines: 1},
		widgets.Text{String: x.text, Role: theme.Strong, Weight: theme.SemiBold, Color: l.Ink, Lines: 3}
}

// factsHeight is the height of a card with the facts.
func (f *frame) factsHeight(facts []fact) float32 {
	l := f.Look
	h := l.MM(12)
	for _, x := range facts {
		if x.text == "" {
			continue
		}
		caption, text := f.factTexts(x)
		w := f.body.W - l.MM(18)
		h += f.Height(w, caption) + f.Height(w, text) + l.MM(4)
	}
	return h - l.MM(4)
}

func (f *frame) drawFacts(a widgets.Area, facts []fact) {
	for _, x := range facts {
		if x.text == "" {
			continue
		}
		caption, text := f.factTexts(x)
		a.CutTop(f.Text(a, caption))
		a.CutTop(f.Text(a, text) + f.Look.MM(4))
	}
}
