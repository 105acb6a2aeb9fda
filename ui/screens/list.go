package screens

import (
	"fyne.io/fyne/v2"

	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// fewest is how many cards a page of a longer list has at least: one at a time is no list.
const fewest = 2

// cards draws a list in pages: as many cards as fit, and below them the way to the other pages.
func (f *frame) cards(list []widgets.Card, heightMM float32) {
	l := f.Look
	gap := l.MM(theme.GapMM)
	f.lower()
	columns := f.body.Columns(l.MM(145), gap)
	area := f.body
	width := (area.W - gap*float32(columns-1)) / float32(columns)
	least := f.cardsHeight(list, heightMM, width)
	rows := float32((len(list) + columns - 1) / columns)
	h := max(least, min(least*1.3, (area.H-gap*(rows-1))/rows)) // few cards share the room that is left
	cells := area.Grid(columns, h, gap)
	if len(list) > len(cells) {
		pager := area.CutBottom(f.buttonHeight())
		area.CutBottom(gap)
		cells = area.Grid(columns, least, gap)
		if len(cells) < fewest { // a low page's cards are no higher than their texts
			cells = area.Grid(columns, f.cardsHeight(list, 0, width), gap)
		}
		if len(cells) == 0 {
			cells, f.tight = []widgets.Area{area}, true
		}
		f.sparse = len(cells) < fewest
		pages := (len(list) + len(cells) - 1) / len(cells)
		f.Pages.List = min(f.Pages.List, pages-1)
		pager.Y = cells[len(cells)-1].Y + cells[0].H + gap
		f.pager(pager, &f.Pages.List, pages)
		list = list[f.Pages.List*len(cells):]
	}
	for i, c := range list[:min(len(list), len(cells))] {
		f.Card(cells[i], c)
	}
}

// cardsHeight is the height that all cards of a list share: what the one with the most text needs.
func (f *frame) cardsHeight(list []widgets.Card, mm, width float32) float32 {
	h := f.cardHeight(mm)
	for _, c := range list {
		h = max(h, f.CardHeight(width, c))
	}
	return h
}

// cardHeight is the height of a card: at least what two lines need in the present text size.
func (f *frame) cardHeight(mm float32) float32 {
	l := f.Look
	return max(l.MM(mm), (l.Size(theme.Strong)+l.Size(theme.Body))*1.25+l.MM(7))
}

// pager draws «Раньше», the page's number and «Дальше».
func (f *frame) pager(a widgets.Area, page *int, pages int) {
	l := f.Look
	prev, next := f.t("page.prev"), f.t("page.next")
	w := max(min(a.W*0.35, l.MM(70)), f.ButtonWidth("prev", prev), f.ButtonWidth("next", next))
	left, right := a.CutLeft(w), a.CutRight(w)
	if *page > 0 {
		f.Button(left, widgets.Target{ID: "page.prev", OnTap: f.turn(page, *page-1)}, "prev", prev)
	}
	if *page < pages-1 {
		f.Button(right, widgets.Target{ID: "page.next", OnTap: f.turn(page, *page+1)}, "next", next)
	}
	number := f.Lang.Text("page.number", map[string]any{"Page": *page + 1, "Pages": pages})
	f.Middle(a, widgets.Text{String: number, Role: theme.Body, Color: l.SoftInk, Align: fyne.TextAlignCenter, Lines: 1})
}

// message puts a note below what the body already has: an icon, what happened, and what to do now.
func (f *frame) message(icon, title, sub string) {
	f.Note(f.take(f.NoteHeight(f.body.W, icon, title, sub)), icon, title, sub)
	f.body.CutTop(f.Look.MM(theme.GapMM))
}
