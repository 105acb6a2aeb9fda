package screens

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// questions are the steps that ask on the way from the welcome to the reservation.
var questions = kiosk.Questions()

// question is what a page asks.
type question struct {
	title string
	sub   string
	icon  string // of a page that answers instead of asking
	many  bool   // the list of answers is so long that tabs into it are worth more than the way so far
	foot  []choice
}

// choice is a button of the foot.
type choice struct {
	id    string
	icon  string
	label string
	style widgets.Style
	event kiosk.Event
	tap   func() // instead of the event
}

// frame is a page with its head, question and foot drawn, and the body still free.
type frame struct {
	Env
	*widgets.Sheet
	body    widgets.Area
	side    widgets.Area // on a wide panel: what is free between question and foot
	answers bool         // the page answers instead of asking
	done    int          // questions answered; -1: the page stands outside the way
	tight   bool         // the body has no room for what has to stand on it: see Draw
	sparse  bool         // the body has room for so little that a smaller text serves better
	live    []func(time.Time)
	ring    *widgets.Ring
	beat    func(int)
	first   int // of the sheet's objects, the first that settles: see settled
}

// newFrame draws what every page has. Upright, all stands in one column; on a wide panel the question and the foot
// stand left of the body.
func newFrame(e Env, s kiosk.State, q question) *frame {
	l := e.Look
	f := &frame{Env: e, Sheet: widgets.NewSheet(l), answers: q.icon != "", done: s.Step.Answered()}
	if f.answers {
		f.done = -1
	}
	page := widgets.Area{X: 0, Y: 0, W: l.Width, H: l.Height}
	if l.Contrast != kiosk.ContrastCalm { // the toolkit has filled the window with the calm ground already
		f.Box(page, l.Ground, nil).CornerRadius = 0
	}
	page = page.Inset(l.MM(theme.MarginMM), l.MM(theme.MarginMM*0.8))
	f.head(&page, s)
	page.CutTop(f.loose(4, 8))
	if s.View.Aloud && e.Speak != nil && len(q.foot) > 0 {
		again := choice{id: "speech.repeat", icon: "speaker", label: e.t("speech.repeat"), tap: e.Speak}
		if e.plain {
			again.label = "" // the sign alone says it where its word would push out a question
		}
		q.foot = append(q.foot, again)
	}
	if l.Portrait() {
		f.upright(page, q)
	} else {
		f.wide(page, q, s)
	}
	return f
}

func (f *frame) page() Page {
	f.settle()
	return Page{
		Object: f.Object(),
		Live:   f.live,
		Ring:   f.ring,
		Beat:   f.beat,
		Said:   f.Said(),
		tight:  f.tight || f.Broken(),
		sparse: f.sparse,
	}
}

// settle moves what an answering page has to say down into the room that is left below it: it says so little that at
// the top it looks unfinished.
func (f *frame) settle() {
	if f.answers && !f.Look.Low && f.body.H > 0 {
		f.Shift(f.first, f.body.H*settled)
	}
}

// settled is where what is short stands: the part of the room left over that is above it.
const settled = 0.3

// take cuts a strip of a height from the body's top, and notes where the body has no such height any more.
func (f *frame) take(h float32) widgets.Area {
	if h > f.body.H+0.5 {
		f.tight = true
	}
	return f.body.CutTop(h)
}

// lower keeps the upper half free of what can be tapped, in the low mode: a wheelchair's user does not reach it. What
// is only read may stand there.
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
	f.progress(&page)
	page.CutTop(f.loose(4, 6))
	f.first = f.Count()
	f.picture(&page, q.icon, 40)
	f.heading(&page, q)
	f.body = page
}

// picture draws the icon of a page that answers, large enough to be understood from a step away.
func (f *frame) picture(a *widgets.Area, icon string, mm float32) {
	if icon == "" || f.plain || f.Look.Low {
		return
	}
	l := f.Look
	a.CutTop(f.loose(0, 12))
	side := l.MM(mm)
	square := a.CutTop(side)
	square.W = side
	f.Box(square, l.Tint, nil)
	f.Icon(square.Inset(side*0.18, side*0.18), icon, l.Accent)
	a.CutTop(f.loose(6, 9))
}

func (f *frame) wide(page widgets.Area, q question, s kiosk.State) {
	l := f.Look
	left := page.CutLeft(page.W * 0.36)
	page.CutLeft(l.MM(10))
	f.foot(left.CutBottom(f.footHeight(q, left.W)), q)
	left.CutBottom(l.MM(theme.GapMM))
	way := f.trail(s)
	if f.done < 0 || q.many || f.plain || f.headingHeight(left.W, q)+f.trailHeight(left.W, way) > left.H {
		f.progress(&left)
		left.CutTop(l.MM(4))
		way = nil
	}
	if f.answers && !f.plain && !l.Low {
		used := f.headingHeight(left.W, q) + l.MM(answerPictureMM+6)
		left.CutTop(max(0, left.H-used) * settled)
	}
	f.picture(&left, q.icon, answerPictureMM)
	below := left
	below.CutTop(f.headingHeight(left.W, q))
	f.drawTrail(below, way)
	f.heading(&left, q)
	if len(way) > 0 {
		left.H = 0
	}
	f.side, f.body, f.first = left, page, f.Count()
}

// answerPictureMM is the side of the picture of an answering page on a wide panel.
const answerPictureMM = 32

// head shows the clinic and the clock, and the date where the clinic's name leaves room for it.
func (f *frame) head(page *widgets.Area, s kiosk.State) {
	l := f.Look
	now := widgets.Text{
		String: clock(f.Now),
		Role:   theme.Small,
		Weight: theme.Bold,
		Color:  l.Ink,
		Align:  fyne.TextAlignTrailing,
		Lines:  1,
	}
	date := now
	date.String, date.Weight, date.Color = f.shortDate(f.Now), theme.Regular, l.SoftInk
	name := widgets.Text{
		String: s.Overview.Clinic.Name,
		Role:   theme.Small,
		Weight: theme.SemiBold,
		Color:  l.Ink,
		Lines:  2,
	}
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

// progress draws how many of the questions are answered, and where there is room what they are.
func (f *frame) progress(page *widgets.Area) {
	l := f.Look
	a := page.CutTop(l.MM(6))
	if f.done < 0 {
		return
	}
	steps := len(questions)
	gap, h := l.MM(2.5), l.MM(2)
	w := (a.W - gap*float32(steps-1)) / float32(steps)
	names := f.stepNames(w)
	if len(names) > 0 {
		page.CutTop(f.Height(w, names[0]) - l.MM(1))
	}
	for i := range steps {
		c := l.Ahead
		switch {
		case i < f.done:
			c = l.Accent
		case i == f.done:
			c = l.Doing
		}
		bar := widgets.Area{X: a.X + float32(i)*(w+gap), Y: a.Y, W: w, H: h}
		f.Box(bar, c, nil)
		if len(names) > 0 {
			f.Text(widgets.Area{X: bar.X, Y: bar.Y + h + l.MM(1), W: w}, names[i])
		}
	}
}

// stepNames are the names of the questions, the present one standing out; none where one of them does not fit.
func (f *frame) stepNames(width float32) []widgets.Text {
	if f.plain {
		return nil
	}
	var names []widgets.Text
	for i, step := range questions {
		t := widgets.Text{String: f.t("steps." + step.String()), Role: theme.Small, Color: f.Look.SoftInk, Lines: 1}
		if i == f.done {
			t.Weight, t.Color = theme.SemiBold, f.Look.Ink
		}
		if f.Width(t) > width {
			return nil
		}
		names = append(names, t)
	}
	return names
}

func (f *frame) headingTexts(q question) (title, sub widgets.Text) {
	l := f.Look
	return widgets.Text{String: q.title, Role: theme.Title, Weight: theme.Bold, Color: l.Ink, Lines: 3},
		widgets.Text{String: q.sub, Role: theme.Body, Color: l.SoftInk}
}

// headingHeight is the height that heading takes.
func (f *frame) headingHeight(width float32, q question) float32 {
	title, sub := f.headingTexts(q)
	h := f.Height(width, title) + f.loose(6, 9)
	if q.sub != "" {
		h += f.Look.MM(1.5) + f.Height(width, sub)
	}
	return h
}

// heading sets the question and the line below it, and takes their height from the area. A voice begins here.
func (f *frame) heading(a *widgets.Area, q question) {
	title, sub := f.headingTexts(q)
	h := f.headingHeight(a.W, q)
	if h > a.H+0.5 {
		f.tight = true
	}
	at := a.CutTop(h)
	f.Hush()
	at.CutTop(f.Text(at, title) + f.Look.MM(1.5))
	f.Text(at, sub)
}

// loose is a distance in millimetres: the second where a tall page and normal text leave room for it, else the first.
func (f *frame) loose(tight, airy float32) float32 {
	if f.Look.Portrait() && f.Look.Text == kiosk.TextNormal && !f.Look.Low {
		return f.Look.MM(airy)
	}
	return f.Look.MM(tight)
}

// roomy reports whether the page has room to spare: it is upright, and nothing had to be left out.
func (f *frame) roomy() bool { return f.Look.Portrait() && !f.plain }

// scale is how large the one button of a page is drawn.
func (f *frame) scale() widgets.Scale {
	if f.plain {
		return widgets.Compact
	}
	return widgets.Grand
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

// stacked reports whether the foot's buttons stand one above the other, because a row of them has no room for their
// labels.
func (f *frame) stacked(q question, width float32) bool { return !f.fitting(q.foot, width) }

// fitting reports whether choices fit into one row.
func (f *frame) fitting(row []choice, width float32) bool {
	need := f.Look.MM(theme.GapMM) * float32(len(row)-1)
	for _, c := range row {
		need += f.choiceWidth(c)
	}
	return need <= width
}

// choiceWidth is the least width of a choice.
func (f *frame) choiceWidth(c choice) float32 {
	return max(f.Look.MM(theme.TargetMM+3), f.ButtonWidth(c.icon, c.label))
}

// row draws choices side by side: of equal width, or where one of them needs more, each as wide as it has to be and
// an equal share of the rest.
func (f *frame) row(a widgets.Area, row []choice) {
	gap := f.Look.MM(theme.GapMM)
	room := a.W - gap*float32(len(row)-1)
	equal, rest := true, room
	for _, c := range row {
		w := f.choiceWidth(c)
		equal = equal && w+f.Look.MM(5) <= room/float32(len(row)) // a label that only just fits looks squeezed in
		rest -= w
	}
	for _, c := range row {
		w := room / float32(len(row))
		if !equal {
			w = f.choiceWidth(c) + rest/float32(len(row))
		}
		f.choice(a.CutLeft(w), c)
		a.CutLeft(gap)
	}
}

func (f *frame) foot(a widgets.Area, q question) {
	if !f.stacked(q, a.W) {
		f.row(a, q.foot)
		return
	}
	for _, c := range q.foot {
		f.choice(a.CutTop(f.buttonHeight()), c)
		a.CutTop(f.Look.MM(theme.GapMM))
	}
}

func (f *frame) choice(at widgets.Area, c choice) {
	tap := c.tap
	if tap == nil {
		tap = f.tap(c.event)
	}
	f.Button(at, widgets.Target{ID: c.id, Style: c.style, OnTap: tap}, c.icon, c.label)
}

func (e Env) back() choice {
	return choice{id: "nav.back", icon: "back", label: e.t("nav.back"), event: kiosk.Back{}}
}

func (e Env) home() choice {
	return choice{id: "nav.home", icon: "home", label: e.t("nav.home"), event: kiosk.Home{}}
}

// both is the foot of every question.
func (e Env) both() []choice { return []choice{e.back(), e.home()} }
