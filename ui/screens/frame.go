package screens

import (
	"time"

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
	// subLast says that sub comes after what the page says, where it is spread over several pages.
	subLast bool
	icon    string // picture of a page that informs; blank if the page asks a question
	list    bool   // the answers are a list that may be turned
	many    bool   // the list is long: show tabs instead of the list of steps
	foot    []choice
}

// choice is a button of the foot or of a row, or what stands between buttons.
type choice struct {
	id    string
	icon  string
	label string
	says  string // what it says without a label
	style widgets.Style
	event kiosk.Event
	tap   func() // called instead of sending event, if not nil
	part  focus.Part
	word  string // only a text, not a button
	tool  bool   // only a free place; see Page.Tool
}

// frame is a page whose head, question and foot are drawn. Screens draw into body.
type frame struct {
	Env
	*widgets.Sheet
	body    widgets.Area
	side    widgets.Area // on a wide panel, the free area between question and foot
	column  widgets.Area // the same with the list of steps, which is only read
	answers bool         // the page informs and asks no question
	done    int          // number of answered questions; -1 if the page is not a question
	tight   bool         // the content does not fit into the body; see Draw
	groups  grouping     // the clinic's own order of the list
	ordered bool         // the list has an order of its own: no tabs with letters
	sparse  bool         // a list shows too few cards per page; see Draw
	live    []func(time.Time)
	ring    *widgets.Ring
	ringPx  float32 // diameter of the countdown, if there is room for more than the least
	beat    func(int)
	first   int // index of the first object that shiftAnswer moves
	q       question
	acting  widgets.Area // see Page.acts
	vacant  widgets.Area // see Page.free
	tool    widgets.Area // see Page.Tool
	hasTool bool         // the page keeps a place for the tool: in the head, or in the low mode in the foot
	pile                 // of pages to be turned
}

// newFrame draws the parts that all pages have. On an upright panel everything is in one column; on a wide panel
// the question and the foot are to the left of the body.
func newFrame(e Env, s kiosk.State, q question) *frame {
	l := e.Look
	f := &frame{Env: e, Sheet: widgets.NewSheet(l), answers: q.icon != "", done: s.Step.Answered()}
	f.seen, f.hidden = f.Sheet, widgets.NewSheet(l)
	if f.answers {
		f.done = -1
	}
	page := widgets.Area{X: 0, Y: 0, W: l.Width, H: l.Height}
	if l.Contrast != kiosk.ContrastCalm { // the toolkit fills the window with the calm background
		f.Box(page, l.Ground, nil).CornerRadius = 0
	}
	f.hasTool = len(q.foot) > 0 || s.Step == kiosk.StepClosed
	if f.hasTool {
		q.foot = f.withTool(q.foot)
	}
	if s.Step != kiosk.StepWelcome || s.Warning || e.Pages.Sheet != nil {
		q.foot = append(q.foot, f.voiceChoice(s.View, len(q.foot) == 0)...)
	}
	f.q = q
	if f.dense {
		f.oneColumn(page.Inset(l.MM(denseMarginMM), l.MM(denseMarginMM*0.8)), s)
		return f
	}
	page = page.Inset(l.MM(theme.MarginMM), l.MM(theme.MarginMM*0.8))
	f.head(&page, s)
	page.CutTop(f.spacing(4, 8))
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
	f.Sheet = f.seen
	var said, passes []string
	for _, x := range f.Said() { // without the foot
		said = append(said, x.Text)
		if x.Passing {
			passes = append(passes, x.Text)
		}
	}
	f.denseFoot()
	page := Page{
		Object: f.Object(),
		Live:   f.live,
		Ring:   f.ring,
		Beat:   f.beat,
		Said:   said,
		Passes: passes,
		Tool:   f.tool,
		tight:  f.tight || f.Broken() || f.hidden.Broken() || f.acts.H > 0 && f.hitsActs() || f.less(),
		sparse: f.sparse,
		acts:   f.acting,
		free:   f.vacant,
	}
	if f.turned && !f.q.list {
		page.leaves = f.leaf + 1
	}
	return page
}

// less reports whether a page on which all should be of twice the normal size has a text that is not, though one column
// would have more room for it.
func (f *frame) less() bool { return f.Look.Text == kiosk.TextDouble && !f.dense && f.Shrunk() }

// shiftAnswer moves the content of a short informing page down, so that it is not at the top of an empty page.
func (f *frame) shiftAnswer() {
	if f.answers && !f.turned && !f.Look.Low && f.body.H > 0 {
		f.Shift(f.first, f.body.H*answerOffset)
	}
}

// answerOffset is the part of the free height that shiftAnswer leaves above the content.
const answerOffset = 0.3

// take cuts a strip of height h from the top of the body. If the body is lower than that, take goes on to the next of
// the pages to be turned, or sets tight.
func (f *frame) take(h float32) widgets.Area {
	if f.turned && !f.q.list && h > f.body.H+0.5 && f.body.H < f.whole.H {
		f.nextLeaf()
	}
	if h > f.body.H+0.5 {
		f.tight = true
	}
	return f.body.CutTop(h)
}

// skipUpperHalf removes from the body in the low mode what users of wheelchairs cannot reach. Text that is only read
// may be there.
func (f *frame) skipUpperHalf() {
	reach := f.Look.Reach()
	f.body.CutTop(max(0, reach-f.body.Y))
	f.whole.CutTop(max(0, reach-f.whole.Y))
}

// upright draws the foot, the progress bar and the heading in one column.
func (f *frame) upright(page widgets.Area, q question) {
	l := f.Look
	f.foot(f.cutFoot(&page, q), q)
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
	f.foot(f.cutFoot(&left, q), q)
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
	f.column = left
	if len(way) > 0 {
		left.H = 0
	}
	f.side, f.body, f.first = left, page, f.Count()
}

// answerPictureMM is the side of the picture of an informing page on a wide panel, in millimetres.
const answerPictureMM = 32

// headingTexts returns the question and the line below it.
func (f *frame) headingTexts(q question) (title, sub widgets.Text) {
	l, lines := f.Look, 3
	if f.answers {
		lines = 4 // there is room, and the page says little else
	}
	title = widgets.Text{String: q.title, Role: theme.Title, Weight: theme.Bold, Color: l.Ink, Lines: lines}
	sub = widgets.Text{String: q.sub, Role: theme.Body, Color: l.SoftInk, Part: focus.Head}
	title.Part = focus.Head
	return title, sub
}

// headingHeight returns the height of what heading draws.
func (f *frame) headingHeight(width float32, q question) float32 {
	return f.StackHeight(width, f.headingStack(q)) + f.spacing(6, 9)
}

// headingStack returns the texts of a heading.
func (f *frame) headingStack(q question) widgets.Stack {
	title, sub := f.headingTexts(q)
	return widgets.Stack{Texts: []widgets.Text{title, sub}, Gap: f.Look.MM(1.5)}
}

// heading sets the question and the line below it, and takes their height from the area. A voice begins here.
func (f *frame) heading(a *widgets.Area, q question) {
	h := f.headingHeight(a.W, q)
	if h > a.H+0.5 {
		f.tight = true
	}
	f.Hush()
	f.Stack(a.CutTop(h), f.headingStack(q))
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

// scale returns the scale of a page's main button.
func (f *frame) scale() widgets.Scale {
	if f.plain {
		return widgets.Compact
	}
	return widgets.Grand
}
