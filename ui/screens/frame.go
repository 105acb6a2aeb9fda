package screens

import (
	"cmp"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/kiosk"
	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// questions lists the steps that ask the patient a question, in order.
var questions = kiosk.Questions()

// question is the heading and the foot of a page.
type question struct {
	title string
	sub   string
	icon  string // picture of a page that informs; blank if the page asks a question
	many  bool   // the list is long: show tabs instead of the list of steps
	foot  []choice
}

// choice is a button of the foot or of a row.
type choice struct {
	id    string
	icon  string
	label string
	says  string // what it says without a label
	style widgets.Style
	event kiosk.Event
	tap   func() // called instead of sending event, if not nil
	part  focus.Part
	tool  bool // only a free place; see Page.Tool
}

// frame is a page whose head, question and foot are drawn. Screens draw into body.
type frame struct {
	Env
	*widgets.Sheet
	body    widgets.Area
	side    widgets.Area // on a wide panel, the free area between question and foot
	answers bool         // the page informs and asks no question
	done    int          // number of answered questions; -1 if the page is not a question
	tight   bool         // the content does not fit into the body; see Draw
	ordered bool         // the list has an order of its own: no tabs with letters
	sparse  bool         // a list shows too few cards per page; see Draw
	live    []func(time.Time)
	ring    *widgets.Ring
	tool    widgets.Area // see Page.Tool
	beat    func(int)
	first   int // index of the first object that shiftAnswer moves
}

// newFrame draws the parts that all pages have. On an upright panel everything is in one column; on a wide panel
// the question and the foot are to the left of the body.
func newFrame(e Env, s kiosk.State, q question) *frame {
	l := e.Look
	f := &frame{Env: e, Sheet: widgets.NewSheet(l), answers: q.icon != "", done: s.Step.Answered()}
	if f.answers {
		f.done = -1
	}
	page := widgets.Area{X: 0, Y: 0, W: l.Width, H: l.Height}
	if l.Contrast != kiosk.ContrastCalm { // the toolkit fills the window with the calm background
		f.Box(page, l.Ground, nil).CornerRadius = 0
	}
	page = page.Inset(l.MM(theme.MarginMM), l.MM(theme.MarginMM*0.8))
	hasTool := len(q.foot) > 0 || s.Step == kiosk.StepClosed
	if hasTool {
		q.foot = f.withTool(q.foot)
	}
	f.head(&page, s, hasTool && !l.Low)
	page.CutTop(f.spacing(4, 8))
	if s.View.Aloud && e.Speak != nil && len(q.foot) > 0 {
		again := choice{id: "speech.repeat", icon: "speaker", label: e.t("speech.repeat"), tap: e.Speak}
		again.says = again.label
		if e.plain {
			again.label = "" // the icon alone saves room
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

// page returns the drawn page.
func (f *frame) page() Page {
	f.shiftAnswer()
	return Page{
		Object: f.Object(),
		Live:   f.live,
		Ring:   f.ring,
		Beat:   f.beat,
		Said:   f.Said(),
		Tool:   f.tool,
		tight:  f.tight || f.Broken(),
		sparse: f.sparse,
	}
}

// shiftAnswer moves the content of a short informing page down, so that it is not at the top of an empty page.
func (f *frame) shiftAnswer() {
	if f.answers && !f.Look.Low && f.body.H > 0 {
		f.Shift(f.first, f.body.H*answerOffset)
	}
}

// answerOffset is the part of the free height that shiftAnswer leaves above the content.
const answerOffset = 0.3

// take cuts a strip of height h from the top of the body. If the body is lower than that, it sets tight.
func (f *frame) take(h float32) widgets.Area {
	if h > f.body.H+0.5 {
		f.tight = true
	}
	return f.body.CutTop(h)
}

// skipUpperHalf removes the upper half of the panel from the body in the low mode, because users of wheelchairs
// cannot reach it. Text that is only read may be there.
func (f *frame) skipUpperHalf() {
	if l := f.Look; l.Low {
		f.body.CutTop(max(0, l.Height/2-f.body.Y))
	}
}

// upright draws the foot, the progress bar and the heading in one column.
func (f *frame) upright(page widgets.Area, q question) {
	l := f.Look
	f.foot(page.CutBottom(f.footHeight(q, page.W)), q)
	if len(q.foot) > 0 {
		page.CutBottom(l.MM(theme.GapMM))
	}
	f.progress(&page)
	page.CutTop(f.spacing(4, 6))
	f.first = f.Count()
	f.picture(&page, q.icon, 40)
	f.heading(&page, q)
	f.body = page
}

// picture draws the icon of an informing page, large enough to be recognised from a step away.
func (f *frame) picture(a *widgets.Area, icon string, mm float32) {
	if icon == "" || f.plain || f.Look.Low {
		return
	}
	l := f.Look
	a.CutTop(f.spacing(0, 12))
	side := l.MM(mm)
	square := a.CutTop(side)
	square.W = side
	f.Box(square, l.Tint, nil)
	f.Icon(square.Inset(side*0.18, side*0.18), icon, l.Accent)
	a.CutTop(f.spacing(6, 9))
}

// wide draws the heading, the list of steps and the foot in a column on the left.
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
		left.CutTop(max(0, left.H-used) * answerOffset)
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

// answerPictureMM is the side of the picture of an informing page on a wide panel, in millimetres.
const answerPictureMM = 32

// head draws the clinic's name and the clock, and the date if there is room for it.
func (f *frame) head(page *widgets.Area, s kiosk.State, hasTool bool) {
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
	room, tool := page.W-clockWidth-l.MM(5), float32(0)
	if hasTool {
		tool = l.MM(theme.TargetMM)
		room -= tool + l.MM(theme.GapMM)
	}
	withDate := f.Width(name) <= room-dateWidth
	a := page.CutTop(max(l.MM(10), tool, f.Height(room, name)))
	if hasTool {
		f.keepTool(a.CutRight(tool))
		a.CutRight(l.MM(theme.GapMM))
	}
	f.follow(f.Line(a.CutRight(clockWidth), now), clock)
	if withDate {
		dateArea := a.CutRight(dateWidth)
		dateArea.W -= l.MM(3)
		f.follow(f.Line(dateArea, date), f.shortDate)
	}
	a.CutRight(l.MM(5))
	f.Middle(a, name)
}

// withTool adds to the foot the place for the button of the view in the low mode, in which the head cannot be reached.
func (f *frame) withTool(foot []choice) []choice {
	if f.Look.Low {
		return append(foot, choice{tool: true})
	}
	return foot
}

// keepTool keeps a place free for the button of the view; see Page.Tool.
func (f *frame) keepTool(a widgets.Area) {
	side := f.Look.MM(theme.TargetMM)
	f.tool = widgets.Area{X: a.X + a.W - side, Y: a.Y + (a.H-side)/2, W: side, H: side}
}

// follow updates a line whenever the text for the current time changes.
func (f *frame) follow(line *canvas.Text, say func(time.Time) string) {
	f.live = append(f.live, func(t time.Time) {
		if text := say(t); text != line.Text {
			line.Text = text
			line.Refresh()
		}
	})
}

// progress draws a bar with the number of answered questions, and the names of the questions if they fit.
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

// stepNames returns the names of the questions with the current one emphasised, or nil if a name does not fit.
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

// heading draws the question and the line below it, and cuts their height from the area. Reading aloud begins
// here.
func (f *frame) headingTexts(q question) (title, sub widgets.Text) {
	l := f.Look
	return widgets.Text{String: q.title, Role: theme.Title, Weight: theme.Bold, Color: l.Ink, Lines: 3},
		widgets.Text{String: q.sub, Role: theme.Body, Color: l.SoftInk}
}

// headingHeight returns the height of what heading draws.
func (f *frame) headingHeight(width float32, q question) float32 {
	title, sub := f.headingTexts(q)
	h := f.Height(width, title) + f.spacing(6, 9)
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

// spacing returns a distance given in millimetres: airy on an upright page with normal text, tight otherwise.
func (f *frame) spacing(tight, airy float32) float32 {
	if f.Look.Portrait() && f.Look.Text == kiosk.TextNormal && !f.Look.Low {
		return f.Look.MM(airy)
	}
	return f.Look.MM(tight)
}

// roomy reports whether the page has room to spare: it is upright and not plain.
func (f *frame) roomy() bool { return f.Look.Portrait() && !f.plain }

// footHeight returns the height of the foot.
func (f *frame) footHeight(q question, width float32) float32 {
	rows := float32(len(f.footRows(q.foot, width)))
	if rows == 0 {
		return 0
	}
	return rows*f.buttonHeight() + (rows-1)*f.Look.MM(theme.GapMM)
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

func (f *frame) buttonHeight() float32 {
	return max(f.Look.MM(theme.TargetMM+3), f.Look.Size(theme.Strong)*2.7)
}

// fitting reports whether the choices fit into one row.
func (f *frame) fitting(row []choice, width float32) bool {
	need := f.Look.MM(theme.GapMM) * float32(len(row)-1)
	for _, c := range row {
		need += f.choiceWidth(c)
	}
	return need <= width
}

// choiceWidth returns the least width of a choice.
func (f *frame) choiceWidth(c choice) float32 {
	return max(f.Look.MM(theme.TargetMM+3), f.ButtonWidth(c.icon, c.label))
}

// row draws choices side by side. They have equal widths if the labels fit with some margin. Otherwise each gets
// its least width and an equal share of the rest.
func (f *frame) row(a widgets.Area, row []choice) {
	gap := f.Look.MM(theme.GapMM)
	room := a.W - gap*float32(len(row)-1)
	equal, rest := true, room
	for _, c := range row {
		w := f.choiceWidth(c)
		equal = equal && w+f.Look.MM(5) <= room/float32(len(row)) // 5 mm of margin
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
	case c.id == "":
		return // only a free place
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
