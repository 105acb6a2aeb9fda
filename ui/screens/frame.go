package screens

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// steps is how many questions there are from the welcome to the reservation.
const steps = 5

// question is what a page asks, and how far the patient has come.
type question struct {
	title string
	sub   string
	done  int // questions answered; -1: the page stands outside the way
	foot  []choice
}

// choice is a button of the foot.
type choice struct {
	id    string
	icon  string
	label string
	style widgets.Style
	event kiosk.Event
}

// frame is a page with its head, question and foot drawn, and the body still free.
type frame struct {
	Env
	*widgets.Sheet
	body   widgets.Area
	side   widgets.Area // on a wide panel: what is free between question and foot
	tight  bool         // the body has no room for what has to stand on it: see Draw
	sparse bool         // the body has room for so little that a smaller text serves better
	live   []func(time.Time)
}

// newFrame draws what every page has. Upright, all stands in one column; on a wide panel the question and the foot stand left of the body.
func newFrame(e Env, s kiosk.State, q question) *frame {
	l := e.Look
	f := &frame{Env: e, Sheet: widgets.NewSheet(l)}
	page := widgets.Area{X: 0, Y: 0, W: l.Width, H: l.Height}
	f.Box(page, l.Ground, nil).CornerRadius = 0
	page = page.Inset(l.MM(theme.MarginMM), l.MM(theme.MarginMM*0.8))
	f.head(&page, s)
	page.CutTop(f.loose(4, 8))
	if l.Portrait() {
		f.upright(page, q)
	} else {
		f.wide(page, q)
	}
	return f
}

func (f *frame) page() Page {
	return Page{Object: f.Object(), Live: f.live, tight: f.tight || f.Broken(), sparse: f.sparse}
}

// take cuts a strip of a height from the body's top, and notes where the body has no such height any more.
func (f *frame) take(h float32) widgets.Area {
	if h > f.body.H+0.5 {
		f.tight = true
	}
	return f.body.CutTop(h)
}

// lower keeps the upper half free of what can be tapped, in the low mode: a wheelchair's user does not reach it. What is only read may stand there.
func (f *frame) lower() {
	if l := f.Look; l.Low {
		f.body.CutTop(max(0, l.Height/2-f.body.Y))
	}
}

func (f *frame) upright(page widgets.Area, q question) {
	l := f.Look
	f.foot(page.CutBottom(f.footHeight(q, page.W)), q)
	if len(q.foot) > 0 {
		page.CutBottom(l.MM(theme.GapMM))
	}
	f.progress(page.CutTop(l.MM(6)), q.done)
	page.CutTop(f.loose(4, 6))
	f.heading(&page, q)
	f.body = page
}

func (f *frame) wide(page widgets.Area, q question) {
	l := f.Look
	left := page.CutLeft(page.W * 0.36)
	page.CutLeft(l.MM(10))
	f.foot(left.CutBottom(f.footHeight(q, left.W)), q)
	f.progress(left.CutTop(l.MM(6)), q.done)
	left.CutTop(l.MM(4))
	f.heading(&left, q)
	left.CutBottom(l.MM(theme.GapMM))
	f.side, f.body = left, page
}

// head shows the clinic and the clock, and the date where the clinic's name leaves room for it.
func (f *frame) head(page *widgets.Area, s kiosk.State) {
	l := f.Look
	now := widgets.Text{String: clock(f.Now), Role: theme.Small, Weight: theme.Bold, Color: l.Ink, Align: fyne.TextAlignTrailing, Lines: 1}
	date := now
	date.String, date.Weight, date.Color = f.shortDate(f.Now), theme.Regular, l.SoftInk
	name := widgets.Text{String: s.Overview.Clinic.Name, Role: theme.Small, Weight: theme.SemiBold, Color: l.Ink, Lines: 2}
	clockWidth, dateWidth := f.Width(now)+l.MM(1), f.Width(date)+l.MM(4)
	room := page.W - clockWidth - l.MM(5)
	withDate := f.Width(name) <= room-dateWidth
	a := page.CutTop(max(l.MM(10), f.Height(room, name)))
	f.follow(f.Line(a.CutRight(clockWidth), now), clock)
	if withDate {
		dateArea := a.CutRight(dateWidth)
		dateArea.W -= l.MM(3)
		f.follow(f.Line(dateArea, date), f.shortDate)
	}
	a.CutRight(l.MM(5))
	f.Middle(a, name)
}

// follow keeps a line in step with the time.
func (f *frame) follow(line *canvas.Text, say func(time.Time) string) {
	f.live = append(f.live, func(t time.Time) {
		if text := say(t); text != line.Text {
			line.Text = text
			line.Refresh()
		}
	})
}

// progress draws how many of the questions are answered.
func (f *frame) progress(a widgets.Area, done int) {
	if done < 0 {
		return
	}
	l := f.Look
	gap, h := l.MM(2.5), l.MM(2)
	w := (a.W - gap*(steps-1)) / steps
	for i := range steps {
		c := l.Line
		switch {
		case i < done:
			c = l.Accent
		case i == done:
			c = l.Doing
		}
		f.Box(widgets.Area{X: a.X + float32(i)*(w+gap), Y: a.Y, W: w, H: h}, c, nil)
	}
}

// heading sets the question and the line below it, and takes their height from the area.
func (f *frame) heading(a *widgets.Area, q question) {
	l := f.Look
	title := widgets.Text{String: q.title, Role: theme.Title, Weight: theme.Bold, Color: l.Ink, Lines: 3}
	a.CutTop(f.Text(*a, title))
	if q.sub != "" {
		a.CutTop(l.MM(1.5))
		a.CutTop(f.Text(*a, widgets.Text{String: q.sub, Role: theme.Body, Color: l.SoftInk}))
	}
	a.CutTop(f.loose(6, 9))
}

// loose is a distance in millimetres: the second where a tall page and normal text leave room for it, else the first.
func (f *frame) loose(tight, airy float32) float32 {
	if f.Look.Portrait() && f.Look.Text == kiosk.TextNormal && !f.Look.Low {
		return f.Look.MM(airy)
	}
	return f.Look.MM(tight)
}

// footHeight is one row of buttons, or one above the other where the widest label would not fit beside its neighbour.
func (f *frame) footHeight(q question, width float32) float32 {
	if len(q.foot) == 0 {
		return 0
	}
	rows := float32(1)
	if f.stacked(q, width) {
		rows = float32(len(q.foot))
	}
	return rows*f.buttonHeight() + (rows-1)*f.Look.MM(theme.GapMM)
}

func (f *frame) buttonHeight() float32 {
	return max(f.Look.MM(theme.TargetMM+3), f.Look.Size(theme.Strong)*2.7)
}

func (f *frame) stacked(q question, width float32) bool {
	l := f.Look
	n := float32(len(q.foot))
	room := (width - l.MM(theme.GapMM)*(n-1)) / n
	for _, c := range q.foot {
		if f.ButtonWidth(c.icon, c.label) > room {
			return true
		}
	}
	return false
}

func (f *frame) foot(a widgets.Area, q question) {
	if len(q.foot) == 0 {
		return
	}
	gap := f.Look.MM(theme.GapMM)
	n := float32(len(q.foot))
	stacked := f.stacked(q, a.W)
	for _, c := range q.foot {
		at := a
		if stacked {
			at = a.CutTop(f.buttonHeight())
			a.CutTop(gap)
		} else {
			at = widgets.Area{X: a.X, Y: a.Y, W: (a.W - gap*(n-1)) / n, H: a.H}
			a.CutLeft(at.W + gap)
			n--
		}
		f.Button(at, widgets.Target{ID: c.id, Style: c.style, OnTap: f.tap(c.event)}, c.icon, c.label)
	}
}

func (e Env) back() choice {
	return choice{id: "nav.back", icon: "back", label: e.t("nav.back"), event: kiosk.Back{}}
}

func (e Env) home() choice {
	return choice{id: "nav.home", icon: "home", label: e.t("nav.home"), event: kiosk.Home{}}
}

// both is the foot of every question.
func (e Env) both() []choice { return []choice{e.back(), e.home()} }
