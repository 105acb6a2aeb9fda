package screens

import (
	"slices"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// check draws the patient's choices again, for confirmation before the reservation.
func check(e Env, s kiosk.State) Page {
	q := question{title: e.t("check.title"), sub: e.t("check.sub"), foot: e.backAndHome(), many: true}
	if e.plain {
		q.sub = "" // the button says as much
	}
	f := newFrame(e, s, q)
	l := f.Look
	var strip widgets.Area
	if !f.turned && (l.Portrait() || f.dense) {
		strip = f.cutStrip(s)
	}
	facts := f.facts(s)
	if f.dense {
		f.denseFacts(facts)
	} else {
		card := f.take(f.factsHeight(facts))
		f.Box(card, l.Card, l.Line)
		f.drawFacts(card.Inset(l.MM(factsPadMM), l.MM(f.factsGap()+2)), facts)
		f.body.CutTop(l.MM(theme.GapMM))
	}
	f.reserve(s, strip)
	return f.page()
}

// denseFacts draws the choices on a dense page: in two columns, or one below the other where pages are turned.
func (f *frame) denseFacts(facts []fact) {
	l := f.Look
	columns := 2
	if f.turned {
		columns = 1
	}
	width := (f.body.W-f.gap()*float32(columns-1))/float32(columns) - l.MM(2*denseFactPadMM)
	known := slices.DeleteFunc(slices.Clone(facts), func(x fact) bool { return x.text == "" || x.sentence })
	for row := range slices.Chunk(known, columns) {
		h := float32(0)
		for _, x := range row {
			caption, text := f.factTexts(x)
			h = max(h, f.Height(width, caption)+f.Height(width, text))
		}
		card := f.take(h + l.MM(4))
		for _, x := range row {
			at := card.CutLeft(width + l.MM(2*denseFactPadMM))
			card.CutLeft(f.gap())
			f.Box(at, l.Card, l.Line)
			caption, text := f.factTexts(x)
			at = at.Inset(l.MM(denseFactPadMM), l.MM(2))
			at.CutTop(f.Text(at, caption))
			f.Text(at, text)
		}
		f.body.CutTop(l.MM(2))
	}
	f.sentences(facts)
	f.body.CutTop(l.MM(2))
}

// sentences draws what takes the whole width of a dense page.
func (f *frame) sentences(facts []fact) {
	for _, x := range facts {
		if x.text == "" || !x.sentence {
			continue
		}
		caption, text := f.factTexts(x)
		f.Text(f.take(f.Height(f.body.W, caption)), caption)
		f.paragraph(text)
		f.body.CutTop(f.Look.MM(2))
	}
}

// denseFactPadMM is the horizontal padding of a fact on a dense page, in millimetres.
const denseFactPadMM = 5

// fact is a line of the choices with its caption.
type fact struct {
	caption, text string
	sentence      bool // the clinic's own words: of any length, and smaller
}

func (f *frame) facts(s kiosk.State) []fact {
	when := upperFirst(f.longDate(s.Cell.Begin)) + ", " + clock(s.Cell.Begin)
	room, floor := s.Doctor.Room, s.Doctor.Floor
	if s.Cell.Room != "" {
		room, floor = s.Cell.Room, s.Cell.Floor
	}
	return append([]fact{
		{caption: f.t("check.when"), text: when},
		{caption: f.t("check.doctor"), text: join("\n", s.Doctor.Name, upperFirst(s.Doctor.Speciality))},
		{caption: f.t("check.where"), text: upperFirst(f.place(room, floor))},
		{caption: f.t("check.who"), text: join(", ", f.t("age.patient."+string(s.Age)), f.t("age.years."+string(s.Age)))},
	}, f.known(s.Speciality.Code, s.Speciality.Name, room, floor)...)
}

// known returns what the clinic itself knows of a visit: the way there, and what to know before it.
func (e Env) known(code, speciality, room string, floor int) (all []fact) {
	if way := e.Guide.Way(room, floor, e.Language); way != "" {
		all = append(all, fact{e.t("check.way"), upperFirst(way), true})
	}
	if bring := e.Guide.Bring(code, speciality, e.Language); bring != "" {
		all = append(all, fact{e.t("check.bring"), bring, true})
	}
	return all
}

func (f *frame) factTexts(x fact) (caption, text widgets.Text) {
	l := f.Look
	if x.sentence {
		return widgets.Text{String: x.caption, Role: theme.Small, Color: l.SoftInk},
			widgets.Text{String: x.text, Role: theme.Body, Color: l.Ink}
	}
	return widgets.Text{String: x.caption, Role: theme.Small, Color: l.SoftInk, Lines: 1},
		widgets.Text{String: x.text, Role: f.factsRole(), Weight: theme.SemiBold, Color: l.Ink, Lines: f.factLines()}
}

// factLines returns the greatest number of lines of a fact.
func (f *frame) factLines() int {
	if f.dense {
		return 5 // its column is narrow
	}
	return 3
}

// factsPadMM is the horizontal padding of the card with the facts, in millimetres.
const factsPadMM = 9

// factsGap returns the distance between two facts in millimetres.
func (f *frame) factsGap() float32 {
	if f.roomy() {
		return 7
	}
	return 4
}

// factsRole returns the text size of the facts.
func (f *frame) factsRole() theme.Role {
	if f.roomy() {
		return theme.Lead
	}
	return theme.Strong
}

// factsHeight returns the height of a card with the facts.
func (f *frame) factsHeight(facts []fact) float32 {
	l := f.Look
	gap := l.MM(f.factsGap())
	h := 2*gap + l.MM(4)
	for _, x := range facts {
		if x.text == "" {
			continue
		}
		caption, text := f.factTexts(x)
		w := f.body.W - l.MM(2*factsPadMM)
		h += f.Height(w, caption) + f.Height(w, text) + gap
	}
	return h - gap
}

func (f *frame) drawFacts(a widgets.Area, facts []fact) {
	for _, x := range facts {
		if x.text == "" {
			continue
		}
		caption, text := f.factTexts(x)
		a.CutTop(f.Text(a, caption))
		a.CutTop(f.Text(a, text) + f.Look.MM(f.factsGap()))
	}
}
