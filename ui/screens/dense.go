package screens

import (
	"cmp"

	"infomat/kiosk"
	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// denseMarginMM is the margin of a dense page in millimetres.
const denseMarginMM = 7

// pile is what a page has that is spread over several pages to be turned. All are filled; only the one that is shown
// is drawn.
type pile struct {
	whole        widgets.Area    // the body of each page
	leaf         int             // number of the page that is being filled, from 0
	seen, hidden *widgets.Sheet  // what is shown, and what is not
	turner       func() []choice // the foot with the pager of a list; nil if there is nothing to turn
	bar          bar
}

// nextLeaf begins the next page.
func (f *frame) nextLeaf() {
	f.leaf++
	f.body = f.whole
	f.aim()
}

// aim chooses the sheet for the page that is being filled.
func (f *frame) aim() {
	f.Sheet = f.seen
	if f.turned && !f.q.list && f.leaf != f.Pages.List {
		f.Sheet = f.hidden
	}
}

// shown reports whether the page that is being filled is the one that is shown.
func (f *frame) shown() bool { return f.Sheet == f.seen }

// oneColumn draws the parts that all pages have in one column with narrow margins: the question and the clock in one
// line, without the clinic's name. The foot is drawn last, by denseFoot, because the pager is in it.
func (f *frame) oneColumn(page widgets.Area, s kiosk.State) {
	l := f.Look
	f.bar = f.barFor(page.W)
	if n := float32(len(f.footRows(f.denseChoices(nil, 9, 90), page.W))); n > 0 {
		h := n*f.denseButtonHeight() + (n-1)*f.gap()
		f.tight = f.tight || h > page.H || page.Y+page.H-h < l.Reach()
		page.CutBottom(h)
		page.CutBottom(f.gap())
	}
	if f.done >= 0 {
		f.bars(page.CutTop(l.MM(2)), nil)
		page.CutTop(l.MM(2))
	}
	f.denseHeading(&page, s)
	f.body, f.whole = page, page
	f.first = f.Count()
	f.aim()
	if !f.q.list && !(f.turned && (f.done >= 0 || f.q.subLast)) {
		f.denseSub()
	}
}

// gap returns the distance between two targets.
func (f *frame) gap() float32 {
	if f.dense {
		return f.Look.MM(denseGapMM)
	}
	return f.Look.MM(theme.GapMM)
}

// denseGapMM is the distance between two targets of a dense page in millimetres.
const denseGapMM = 4

// denseHeading draws the question, or the clinic's name if there is none, and the clock beside it.
func (f *frame) denseHeading(page *widgets.Area, s kiosk.State) {
	l := f.Look
	title, _ := f.headingTexts(f.q)
	if f.q.title == "" {
		title = f.clinicText(s)
	} else if l.Height < l.MM(lowPanelMM) {
		title.Role = theme.Lead
	}
	now := f.clockText()
	clockWidth := f.Width(now) + l.MM(1)
	tool := float32(0)
	if f.hasHeadTool() {
		tool = l.MM(theme.TargetMM)
	}
	room := page.W - clockWidth - l.MM(5) - tool
	if tool > 0 {
		room -= f.gap()
	}
	h := max(f.Height(room, title), tool, f.Height(clockWidth, now))
	f.tight = f.tight || h > page.H
	a := page.CutTop(h)
	if tool > 0 {
		at := a.CutRight(tool)
		at.H = tool
		f.keepTool(at)
		a.CutRight(f.gap())
	}
	at := a.CutRight(clockWidth)
	at.H = max(tool, f.Height(clockWidth, now))
	f.follow(f.Line(at, now), clock)
	a.CutRight(l.MM(5))
	f.Hush()
	f.Middle(a, title)
	page.CutTop(f.gap())
}

// lowPanelMM is the height below which a panel has no room for large questions, in millimetres.
const lowPanelMM = 200

// listSub draws the line below the question of a list, if there is room for it: in the low mode above what can be
// tapped, otherwise where enough says that the rest of the body is enough.
func (f *frame) listSub(enough func() bool) {
	_, sub := f.headingTexts(f.q)
	if sub.String == "" {
		return
	}
	l, body := f.Look, f.body
	at := f.body.CutTop(f.Height(body.W, sub) + l.MM(2))
	if l.Low && f.body.Y > l.Reach() || !l.Low && !enough() {
		f.body = body
		return
	}
	f.Text(at, sub)
}

// denseSub draws the lines below the title of a page that informs.
func (f *frame) denseSub() {
	_, sub := f.headingTexts(f.q)
	if sub.String == "" {
		return
	}
	f.paragraph(sub)
	f.body.CutTop(f.Look.MM(2))
}

// paragraph draws a text into the body. Only one that is longer than a page goes on on the next one.
func (f *frame) paragraph(t widgets.Text) {
	if h := f.Height(f.body.W, t); !f.turned || h <= f.whole.H {
		f.Text(f.take(h), t)
		return
	}
	for _, one := range f.Lines(f.body.W, t) {
		f.Text(f.take(f.Height(f.body.W, one)), one)
	}
}

// together goes on to the next of the pages to be turned if a height has room on a page, but not on the rest of this
// one: a title does not part from its text.
func (f *frame) together(h float32) {
	if h > f.body.H+0.5 && h <= f.whole.H+0.5 && f.body.H < f.whole.H {
		f.nextLeaf()
	}
}

// denseButtonHeight returns the height of a button in the foot of a dense page.
func (f *frame) denseButtonHeight() float32 {
	return max(f.Look.MM(theme.TargetMM), f.Look.Size(theme.Strong)*1.7)
}

// bar says how the foot of a dense page saves room.
type bar struct {
	icon  bool // «В начало» has no label
	bare  bool // no button whose icon says enough has a label
	short bool // the pager is one arrow, to the next page and from the last one to the first
}

// barFor returns the bar with the fewest rows, of equal ones the most generous.
func (f *frame) barFor(width float32) (best bar) {
	least := len(f.q.foot) + 3
	for _, b := range [...]bar{{}, {icon: true}, {short: true}, {bare: true}, {bare: true, short: true}} {
		if b.short && f.q.list {
			continue // a long list is turned back as well
		}
		f.bar = b
		if rows := len(f.footRows(f.denseChoices(nil, 9, 90), width)); rows < least {
			best, least = b, rows
		}
	}
	return best
}

// denseChoices returns the buttons of the foot and, if the page is one of several, the pager.
func (f *frame) denseChoices(page *int, at, pages int) (all []choice) {
	for _, c := range f.q.foot {
		c.says = cmp.Or(c.says, c.label)
		if f.bar.bare && (c.icon == "back" || c.icon == "speaker") || (f.bar.bare || f.bar.icon) && c.icon == "home" {
			c.label = ""
		}
		all = append(all, c)
	}
	switch {
	case pages < 2 || !f.turned && !f.q.list:
		return all
	case f.bar.short:
		return append(all, f.arrow("next", page, (at+1)%pages))
	}
	number := f.Lang.Text("page.number", map[string]any{"Page": at + 1, "Pages": pages})
	prev, next := choice{icon: "prev"}, choice{icon: "next"}
	if at > 0 {
		prev = f.arrow("prev", page, at-1)
	}
	if at < pages-1 {
		next = f.arrow("next", page, at+1)
	}
	return append(all, prev, choice{word: number}, next)
}

// arrow returns the button of a pager to a page.
func (f *frame) arrow(icon string, page *int, to int) choice {
	id := "page." + icon
	return choice{id: id, icon: icon, says: f.t(id), part: focus.Pager, tap: f.turn(page, to)}
}

// denseFoot draws the foot of a dense page.
func (f *frame) denseFoot() {
	if !f.dense {
		return
	}
	l := f.Look
	a := widgets.Area{X: l.MM(denseMarginMM), W: l.Width - 2*l.MM(denseMarginMM), H: l.Height - l.MM(denseMarginMM*0.8)}
	foot := f.q.foot
	if len(f.footRows(foot, a.W)) > 1 {
		foot = f.denseChoices(nil, 0, 1)
	}
	switch {
	case f.turner != nil:
		foot = f.turner()
	case f.turned && !f.q.list:
		foot = f.denseChoices(&f.Pages.List, f.Pages.List, f.leaf+1)
	}
	rows := f.footRows(foot, a.W)
	for i := len(rows) - 1; i >= 0; i-- {
		f.row(a.CutBottom(f.denseButtonHeight()), rows[i])
		a.CutBottom(f.gap())
	}
}
