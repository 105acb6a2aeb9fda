package screens

import (
	"cmp"

	"fyne.io/fyne/v2"

	"infomat/kiosk"
	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// cutFoot cuts the foot from the bottom of a page or of a column. If it is too low, cutFoot sets tight.
func (f *frame) cutFoot(page *widgets.Area, q question) widgets.Area {
	rows := float32(len(f.footRows(q.foot, page.W)))
	if rows == 0 {
		return widgets.Area{}
	}
	h := rows*f.buttonHeight() + (rows-1)*f.Look.MM(theme.GapMM)
	f.tight = f.tight || h > page.H || page.Y+page.H-h < f.Look.Reach()
	return page.CutBottom(h)
}

func (f *frame) buttonHeight() float32 {
	return max(f.Look.MM(theme.TargetMM+3), f.Look.Size(theme.Strong)*2.7)
}

// footRows distributes the buttons of the foot over as few rows as they fit into.
func (f *frame) footRows(foot []choice, width float32) (rows [][]choice) {
	for from := 0; from < len(foot); {
		to := from + 1
		for to < len(foot) && f.fitting(foot[from:to+1], width) {
			to++
		}
		rows = append(rows, foot[from:to])
		from = to
	}
	return rows
}

// fitting reports whether the choices fit into one row.
func (f *frame) fitting(row []choice, width float32) bool {
	need := f.gap() * float32(len(row)-1)
	for _, c := range row {
		need += f.choiceWidth(c)
	}
	return need <= width
}

// choiceWidth returns the least width of a choice.
func (f *frame) choiceWidth(c choice) float32 {
	switch {
	case c.word != "":
		return f.Width(f.wordText(c)) + f.Look.MM(2)
	case f.dense, c.tool:
		return max(f.Look.MM(theme.TargetMM), f.LeastButtonWidth(c.icon, c.label))
	}
	return max(f.Look.MM(theme.TargetMM+3), f.ButtonWidth(c.icon, c.label))
}

// wordText returns the text of a choice that is only a text.
func (f *frame) wordText(c choice) widgets.Text {
	return widgets.Text{String: c.word, Role: theme.Body, Color: f.Look.SoftInk, Align: fyne.TextAlignCenter, Lines: 1}
}

// row draws choices side by side. They have equal widths if all have labels that fit with some margin. Otherwise each
// gets its least width, and those with a label an equal share of the rest.
func (f *frame) row(a widgets.Area, row []choice) {
	gap := f.gap()
	room := a.W - gap*float32(len(row)-1)
	equal, rest, labels := true, room, 0
	for _, c := range row {
		w := f.choiceWidth(c)
		equal = equal && w+f.Look.MM(5) <= room/float32(len(row)) && c.label != "" // 5 mm of margin
		rest -= w
		if c.label != "" {
			labels++
		}
	}
	for _, c := range row {
		w := f.choiceWidth(c)
		switch {
		case equal:
			w = room / float32(len(row))
		case labels == 0:
			w += rest / float32(len(row))
		case c.label != "":
			w += rest / float32(labels)
		}
		f.choice(a.CutLeft(w), c)
		a.CutLeft(gap)
	}
}

// foot draws the buttons of the foot.
func (f *frame) foot(a widgets.Area, q question) {
	for _, row := range f.footRows(q.foot, a.W) {
		f.row(a.CutTop(f.buttonHeight()), row)
		a.CutTop(f.Look.MM(theme.GapMM))
	}
}

func (f *frame) choice(at widgets.Area, c choice) {
	switch {
	case c.tool:
		f.keepTool(at)
		return
	case c.word != "":
		f.Middle(at, f.wordText(c))
		return
	case c.id == "":
		return // an arrow that leads nowhere
	}
	tap := c.tap
	if tap == nil {
		tap = f.tap(c.event)
	}
	t := widgets.Target{
		ID: c.id, Style: c.style, Says: c.says, Part: cmp.Or(c.part, focus.Foot), Back: c.leadsBack(), OnTap: tap,
	}
	f.Button(at, t, c.icon, c.label)
}

// leadsBack reports whether the choice is what the key Back stands for.
func (c choice) leadsBack() bool { return c.id == "nav.back" || c.id == "view.close" }

func (e Env) back() choice {
	return choice{id: "nav.back", icon: "back", label: e.t("nav.back"), event: kiosk.Back{}}
}

func (e Env) home() choice {
	return choice{id: "nav.home", icon: "home", label: e.t("nav.home"), event: kiosk.Home{}}
}

// backAndHome returns the foot of a question.
func (e Env) backAndHome() []choice { return []choice{e.back(), e.home()} }
