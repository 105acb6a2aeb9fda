package screens

import (
	"slices"

	"fyne.io/fyne/v2"

	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// minCards is the least number of cards on each page of a list.
const minCards = 2

// tabsFrom is the number of cards above which no panel shows a list on two pages.
const tabsFrom = 12

// cards draws a list on one page, in cards as large as fit, or on several pages.
func (f *frame) cards(list []widgets.Card, heightMM float32) {
	if f.dense {
		f.denseCards(list)
		return
	}
	f.skipUpperHalf()
	for scale := widgets.Grand; scale > widgets.Compact && !f.plain; scale-- {
		if f.onePage(list, scale) {
			return
		}
	}
	l := f.Look
	gap := l.MM(theme.GapMM)
	columns := f.body.Columns(l.MM(145), gap)
	width := (f.body.W - gap*float32(columns-1)) / float32(columns)
	least := f.cardsHeight(list, heightMM, width)
	if cells := f.body.Grid(columns, least, gap); len(list) <= len(cells) {
		f.drawCards(cells, list)
		return
	}
	f.pages(list, heightMM, columns, width)
}

// pages draws one page of a list that does not fit on a single page. Cards have the least height, for fewer pages.
func (f *frame) pages(list []widgets.Card, heightMM float32, columns int, width float32) {
	gap := f.Look.MM(theme.GapMM)
	list = slices.Clone(list)
	for i := range list {
		list[i].More = ""
	}
	least := f.cardsHeight(list, heightMM, width)
	pager, beside := f.pagerPlace(columns, least)
	var tabs []widgets.Area
	untabbed := false
	if n := len(f.body.Grid(columns, least, gap)); n > 0 && f.tabbed(len(list), n) {
		sorted := f.sorted(list)
		if tabs = f.letters(sorted, columns, least); tabs != nil {
			list = sorted
		}
		untabbed = tabs == nil && len(list) > tabsFrom
	}
	cells := f.pageCells(list, columns, least, width)
	f.sparse = f.sparse || untabbed
	if tabs != nil {
		list = f.byPages(list, len(cells))
	}
	pages := (len(list) + len(cells) - 1) / len(cells)
	f.Pages.List = min(f.Pages.List, pages-1)
	f.drawTabs(tabs, list, len(cells))
	if !beside {
		pager.Y = cells[len(cells)-1].Y + cells[0].H + gap
	}
	if pages > 1 { // without More the cards may fit on one page
		f.pager(pager, &f.Pages.List, pages)
	}
	f.drawCards(cells, list[f.Pages.List*len(cells):])
}

// drawCards draws as many cards as there are cells and cuts the used height from the body.
func (f *frame) drawCards(cells []widgets.Area, list []widgets.Card) {
	drawn := min(len(list), len(cells))
	for i, c := range list[:drawn] {
		if c.ID != "" { // else a free place: see byPages
			f.Card(cells[i], c)
		}
	}
	last := cells[drawn-1]
	f.body.CutTop(last.Y + last.H - f.body.Y)
}

// pageCells returns the places of the cards on each page of a list.
func (f *frame) pageCells(list []widgets.Card, columns int, least, width float32) []widgets.Area {
	gap := f.Look.MM(theme.GapMM)
	cells := f.body.Grid(columns, least, gap)
	if len(cells) < minCards { // try again with cards that are only as high as their texts
		cells = f.body.Grid(columns, f.cardsHeight(list, 0, width), gap)
	}
	f.sparse = len(cells) < minCards
	if len(cells) == 0 {
		f.tight = true
		return []widgets.Area{f.body}
	}
	if rows := float32(len(cells) / columns); !f.sparse && f.Look.Portrait() { // distribute the rest of the height
		return f.body.Grid(columns, min(least*1.25, (f.body.H+gap)/rows-gap-0.1), gap)
	}
	return cells
}

// leastMM holds the least height of a card by scale, in millimetres.
var leastMM = [...]float32{widgets.Roomy: 40, widgets.Grand: 46}

// onePage draws a list in large cards if they all fit on one page, and reports whether they do.
func (f *frame) onePage(list []widgets.Card, scale widgets.Scale) bool {
	l := f.Look
	gap := l.MM(theme.GapMM)
	big := slices.Clone(list)
	for i := range big {
		big[i].Scale = scale
		if !f.CardFits(f.body.W, big[i]) {
			return false
		}
	}
	n := float32(len(big))
	least := f.cardsHeight(big, leastMM[scale], f.body.W)
	share := (f.body.H - gap*(n-1)) / n
	if share < least {
		return false
	}
	f.drawCards(f.body.Grid(1, min(share, least*1.35), gap), big)
	return true
}

// cardsHeight returns the common height of the cards of a list: the height of the card with the most text, at
// least mm millimetres.
func (f *frame) cardsHeight(list []widgets.Card, mm, width float32) float32 {
	h := f.cardHeight(mm)
	for _, c := range list {
		h = max(h, f.CardHeight(width, c))
	}
	return h
}

// cardHeight returns the height of a card with two lines of text, at least mm millimetres.
func (f *frame) cardHeight(mm float32) float32 {
	l := f.Look
	return max(l.MM(mm), (l.Size(theme.Strong)+l.Size(theme.Body))*1.25+l.MM(7))
}

// pagerPlace returns the place of the pager. It is below the cards, or above the foot (beside) if there would be
// less than minCards cards otherwise.
func (f *frame) pagerPlace(columns int, least float32) (place widgets.Area, beside bool) {
	gap, h := f.Look.MM(theme.GapMM), f.pagerHeight()
	body := f.body
	below := body.CutBottom(h)
	body.CutBottom(gap)
	number := f.Look.MM(30)
	if len(body.Grid(columns, least, gap)) < minCards && f.side.H >= h && 2*f.pagerWidth(f.side.W)+number <= f.side.W {
		place = f.side.CutBottom(h)
		f.side.CutBottom(gap)
		return place, true
	}
	f.body = body
	return below, false
}

// pagerWidth returns the width of each button of a pager of the given width.
func (f *frame) pagerWidth(width float32) float32 {
	prev, next := f.pagerLabels(width)
	if prev == "" {
		return min(width*0.35, f.Look.MM(45))
	}
	return max(min(width*0.35, f.Look.MM(70)), f.labelWidth(prev, next))
}

// labelWidth returns the least width of the two buttons of a pager.
func (f *frame) labelWidth(prev, next string) float32 {
	return max(f.ButtonWidth("prev", prev), f.ButtonWidth("next", next)) + f.Look.MM(8)
}

// pagerLabels returns the labels of a pager of the given width. They are blank, so that only arrows are drawn, if they
// do not fit beside the number of the page.
func (f *frame) pagerLabels(width float32) (prev, next string) {
	number := widgets.Text{String: f.Lang.Text("page.number", map[string]any{"Page": 88, "Pages": 88}), Role: theme.Body}
	prev, next = f.t("page.prev"), f.t("page.next")
	if 2*f.labelWidth(prev, next)+f.Width(number)+f.Look.MM(theme.GapMM) > width {
		return "", ""
	}
	return prev, next
}

// pagerHeight returns the height of a pager, whose labels take one line. On a dense page it is in the foot.
func (f *frame) pagerHeight() float32 {
	if f.dense {
		return 0
	}
	return max(f.Look.MM(theme.TargetMM+3), f.Look.Size(theme.Strong)*1.9)
}

// pager draws the buttons for the previous and next page, and the page number.
func (f *frame) pager(a widgets.Area, page *int, pages int) {
	if f.dense {
		f.turner = func() []choice { return f.denseChoices(page, *page, pages) }
		return
	}
	l := f.Look
	w := f.pagerWidth(a.W)
	before, after := f.pagerLabels(a.W)
	left, right := a.CutLeft(w), a.CutRight(w)
	if *page > 0 {
		prev := widgets.Target{ID: "page.prev", Says: f.t("page.prev"), Part: focus.Pager, OnTap: f.turn(page, *page-1)}
		f.Button(left, prev, "prev", before)
	}
	if *page < pages-1 {
		next := widgets.Target{ID: "page.next", Says: f.t("page.next"), Part: focus.Pager, OnTap: f.turn(page, *page+1)}
		f.Button(right, next, "next", after)
	}
	number := f.Lang.Text("page.number", map[string]any{"Page": *page + 1, "Pages": pages})
	text := widgets.Text{String: number, Role: theme.Body, Color: l.SoftInk, Align: fyne.TextAlignCenter, Lines: 1}
	text.Part = focus.Pager
	f.tight = f.tight || !f.Fits(a.W, text)
	f.Middle(a, text)
}

// message adds a note to the body: an icon, what happened, and what to do. On an informing page it is larger.
func (f *frame) message(icon, title, sub string) {
	n := widgets.Note{Icon: icon, Title: title, Sub: sub}
	if f.answers && !f.plain {
		n.Scale = widgets.Roomy
	}
	if h := f.NoteHeight(f.body.W, n); f.turned && h > f.whole.H { // longer than a page
		what := widgets.Text{String: title, Role: theme.Strong, Weight: theme.SemiBold, Color: f.Look.Ink}
		how := widgets.Text{String: sub, Role: theme.Body, Color: f.Look.SoftInk}
		f.together(f.Height(f.body.W, what) + f.Height(f.body.W, how))
		f.paragraph(what)
		f.paragraph(how)
		return
	}
	f.Note(f.take(f.NoteHeight(f.body.W, n)), n)
	f.body.CutTop(f.gap())
}
