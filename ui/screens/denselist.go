package screens

import (
	"strings"

	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// grid is a way to place the cards of a list: columns, and whether the cards have icons and all lines.
type grid struct {
	columns int
	icons   bool
	brief   bool    // the second line has its first part only
	shrinks bool    // a word is set smaller than the others, because it has no room
	least   float32 // height of a card
	cells   int     // cards on a page
}

// leastColumnMM is the least width of a card in a list of several columns, in millimetres.
const leastColumnMM = 95

// wholeList is the number of cards up to which a list is better shown on one page in a smaller text.
const wholeList = 3

// briefPadMM is how much lower a brief card is than other cards with the same texts, in millimetres.
const briefPadMM = 3

// denseCards draws a list of a dense page: as many cards on a page as fit, without icons if that makes room.
func (f *frame) denseCards(list []widgets.Card) {
	if !f.q.list {
		f.strips(list)
		return
	}
	f.listSub(func() bool {
		with := f.bestGrid(list).cells
		return with == len(list) || with >= minCards && len(list) > 2*with
	})
	f.skipUpperHalf()
	g := f.bestGrid(list)
	untabbed, paged := false, false
	if f.tabbed(len(list), g.cells) {
		if tabs := f.denseTabs(list); tabs != nil {
			list = f.sorted(list)
			g = f.bestGrid(list)
			defer func() { f.drawTabs(tabs, list, g.cells) }()
			paged = true
		} else {
			untabbed = len(list) > tabsFrom
		}
	}
	f.sparse = g.cells < min(len(list), minCards) ||
		!f.turned && (untabbed || len(list) <= wholeList && g.cells < len(list))
	if g.cells == 0 {
		f.tight = true
		return
	}
	list = g.shape(list)
	if paged {
		list = f.byPages(list, g.cells)
	}
	pages := (len(list) + g.cells - 1) / g.cells
	f.Pages.List = min(f.Pages.List, pages-1)
	if pages > 1 {
		f.pager(widgets.Area{}, &f.Pages.List, pages)
	}
	rows := float32((min(g.cells, len(list)) + g.columns - 1) / g.columns)
	height := min(g.least*1.35, (f.body.H+f.gap())/rows-f.gap()-0.1)
	f.drawCards(f.body.Grid(g.columns, height, f.gap()), list[f.Pages.List*g.cells:])
}

// shape returns a list as the grid shows it.
func (g grid) shape(list []widgets.Card) []widgets.Card {
	shaped := make([]widgets.Card, len(list))
	for i, c := range list {
		c.More = ""
		c.TitleLines, c.SubLines = 4, max(4, c.SubLines)
		if g.brief {
			c.TitleLines, c.SubLines = 2, 2
			c.Sub, _, _ = strings.Cut(c.Sub, "\n")
			c.Sub, _, _ = strings.Cut(c.Sub, " · ")
		}
		if !g.icons {
			c.Icon = ""
		}
		shaped[i] = c
	}
	return shaped
}

// strips draws the cards of a page that informs, one below the other.
func (f *frame) strips(list []widgets.Card) {
	f.skipUpperHalf()
	for _, c := range list {
		f.Card(f.take(max(f.Look.MM(theme.TargetMM), f.CardHeight(f.body.W, c))), c)
		f.body.CutTop(f.gap())
	}
}

// bestGrid returns the grid with the most cards on a page. Of equal ones it prefers those with words of one size, icons
// and few columns. Second lines are cut only if there would be one card on a page otherwise.
func (f *frame) bestGrid(list []widgets.Card) (best grid) {
	for _, brief := range [...]bool{false, true} {
		for columns := 1; columns <= f.body.Columns(f.Look.MM(leastColumnMM), f.gap()); columns++ {
			for _, icons := range [...]bool{true, false} {
				g := grid{columns: columns, icons: icons, brief: brief}
				f.measure(&g, list)
				if g.cells > best.cells || g.cells == best.cells && best.shrinks && !g.shrinks {
					best = g
				}
			}
		}
		if best.cells >= min(minCards, len(list)) {
			break
		}
	}
	return best
}

// measure sets the size of a grid's cards and their number. It is 0 if a text does not fit.
func (f *frame) measure(g *grid, list []widgets.Card) {
	width := (f.body.W - f.gap()*float32(g.columns-1)) / float32(g.columns)
	g.least = f.Look.MM(theme.TargetMM)
	for _, c := range g.shape(list) {
		if !f.CardFits(width, c) {
			return
		}
		g.shrinks = g.shrinks || f.CardShrinks(width, c)
		h := f.CardHeight(width, c)
		if g.brief {
			h -= f.Look.MM(briefPadMM)
		}
		g.least = max(g.least, h)
	}
	g.cells = min(len(list), len(f.body.Grid(g.columns, g.least, f.gap())))
}

// denseTabs cuts a row of tabs from the top of the body, or else a column from its left, if at least two cards fit
// beside it. It returns nil if not.
func (f *frame) denseTabs(list []widgets.Card) []widgets.Area {
	body, side := f.body, f.denseButtonHeight()
	width := max(side, f.tabWidth())
	letters := len(f.keys(list))
	strip := f.body.CutTop(side)
	f.body.CutTop(f.gap())
	n := min(letters, strip.Columns(width, f.gap()))
	if f.enoughTabs(n, minTabsBeside) && f.bestGrid(list).cells >= minCards {
		return strip.Grid(n, side, f.gap())
	}
	f.body = body
	column := f.body.CutLeft(width)
	f.body.CutLeft(f.gap())
	places := column.Grid(1, side, f.gap())
	if n := min(letters, len(places)); f.enoughTabs(n, minTabsBeside) && f.bestGrid(list).cells >= minCards {
		return places[:n]
	}
	f.body = body
	return nil
}
