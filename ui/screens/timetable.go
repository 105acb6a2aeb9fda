package screens

import (
	"fmt"
	"slices"
	"time"

	"infomat/kiosk"
	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// timetable draws a strip of days, and the free times of the chosen day grouped by part of the day.
func timetable(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{
		title: e.t("time.title"),
		sub:   join("\n", join(", ", s.Doctor.Name, e.specialityLine(s)), e.place(s.Doctor.Room, s.Doctor.Floor)),
		foot:  e.backAndHome(), list: true,
	})
	if s.Notice == kiosk.NoticeCellTaken {
		f.taken()
	}
	switch {
	case s.Loading:
		f.message("clock", f.t("loading.title"), "")
	case s.Day < 0:
		f.message("info", f.t("time.none"), f.t("time.none_sub"))
	default:
		if f.dense {
			f.listSub(func() bool { return f.denseTimesHeight(s) <= f.body.H })
		}
		f.skipUpperHalf()
		f.keepFree(s)
		f.days(s)
		f.times(s.Days[s.Day])
	}
	return f.page()
}

// taken says that the chosen time was given to somebody else. On a dense page it is one text.
func (f *frame) taken() {
	if !f.dense {
		f.message("warning", f.t("time.taken"), f.t("time.taken_sub"))
		return
	}
	l := f.Look
	t := widgets.Text{String: f.t("time.taken"), Role: theme.Small, Weight: theme.SemiBold, Color: l.Hold, Lines: 2}
	w := f.body.W - l.MM(8)
	card := f.take(f.Height(w, t) + l.MM(3))
	f.Box(card, l.HoldGround, l.HoldLine)
	f.Middle(card.Inset(l.MM(4), 0), t)
	f.body.CutTop(l.MM(2))
}

// denseTimesHeight returns the height of days, all times of the day and what is below them on a dense page. Something
// else is said above them only if it costs nobody a page to be turned.
func (f *frame) denseTimesHeight(s kiosk.State) float32 {
	day, _ := f.daySize()
	rows := f.rows(s.Days[s.Day].Cells, f.cellColumns(smallTiles))
	return day + f.gap() + f.rowsHeight(rows, smallTiles) + f.bareHeight(f.body.W, s) + f.gap()
}

// specialityLine returns the speciality, with the text for any doctor if no doctor was chosen.
func (e Env) specialityLine(s kiosk.State) string {
	if s.Any {
		return upperFirst(s.Doctor.Speciality) + ", " + e.t("doctor.any_who")
	}
	return lowerFirst(s.Doctor.Speciality)
}

// minDayColumns is the least number of columns of the strip of days.
const minDayColumns = 6

// daySize returns the least size of a day of the strip.
func (f *frame) daySize() (height, width float32) {
	l := f.Look
	if f.dense { // the weekday is before the day
		return max(l.MM(theme.TargetMM), l.Size(theme.Small)*1.22*2+l.MM(2)), f.denseDayWidth()
	}
	return max(l.MM(33), (l.Size(theme.Small)*2+l.Size(theme.Strong))*1.22+l.MM(4)), l.Size(theme.Small) * 3.6
}

// days draws the strip of days. It first shows the page with the chosen day.
func (f *frame) days(s kiosk.State) {
	l := f.Look
	gap := l.MM(3.5)
	height, width := f.daySize()
	area := f.take(height)
	f.body.CutTop(f.gap())
	n := area.Columns(max(l.MM(27), width), gap)
	if n < len(s.Days) {
		n = max(1, n-2)
	} else {
		n = max(len(s.Days), min(n, minDayColumns)) // fewer days than fit get wider columns
	}
	pages := (len(s.Days) + n - 1) / n
	if f.Pages.Days == 0 {
		f.Pages.Days = s.Day/n + 1 // from 1; 0 means that no page was chosen yet
	}
	turned := min(f.Pages.Days, pages)
	if pages > 1 {
		side := max(l.MM(theme.TargetMM), area.W/float32(n+2)-gap)
		left, right := area.CutLeft(side), area.CutRight(side)
		area.CutLeft(gap)
		area.CutRight(gap)
		f.dayArrow(left, "days.prev", "prev", turned > 1, turned-1)
		defer f.dayArrow(right, "days.next", "next", turned < pages, turned+1) // read behind the days
	}
	first := max(0, min((turned-1)*n, len(s.Days)-n)) // the last page is full too
	w := (area.W - gap*float32(n-1)) / float32(n)
	for i := first; i < min(first+n, len(s.Days)); i++ {
		f.day(area.CutLeft(w), s, i)
		area.CutLeft(gap)
	}
}

// denseDay returns the weekday and the day of a month in one line.
func (f *frame) denseDay(weekday time.Weekday, day int) widgets.Text {
	name := f.t(fmt.Sprintf("date.weekday_short.%d", weekday))
	return widgets.Text{String: name + "\u00A0" + fmt.Sprint(day), Role: theme.Small, Weight: theme.Bold}
}

// denseDayWidth returns the width of a day on a dense page, for which all weekdays fit.
func (f *frame) denseDayWidth() (width float32) {
	for weekday := time.Sunday; weekday <= time.Saturday; weekday++ {
		width = max(width, f.Width(f.denseDay(weekday, 30))+f.Look.MM(4))
	}
	return width
}

func (f *frame) dayArrow(a widgets.Area, id, icon string, on bool, to int) {
	t := widgets.Target{ID: id, Says: f.t("time." + icon), Part: focus.Tabs, OnTap: f.turn(&f.Pages.Days, to)}
	if !on {
		t.Style = widgets.Off
	}
	f.Button(a, t, icon, "")
}

func (f *frame) day(a widgets.Area, s kiosk.State, i int) {
	d := s.Days[i]
	t := widgets.Target{
		ID:    "day." + d.Date.Format("2006-01-02"),
		Style: widgets.Plain,
		Part:  focus.Tabs,
		OnTap: f.tap(kiosk.ChooseDay{Index: i}),
	}
	free := fmt.Sprint(len(d.Cells))
	t.Says = join(", ", f.longDate(d.Date), f.Lang.Plural("time.places", len(d.Cells), nil))
	switch {
	case len(d.Cells) == 0:
		t.Style, free = widgets.Off, f.t("time.full")
		t.Says = join(", ", f.longDate(d.Date), f.t("free.none"))
	case i == s.Day:
		t.Style = widgets.Chosen
		t.Says = join(", ", t.Says, f.t("speech.chosen"))
		places := widgets.Text{String: f.Lang.Plural("time.places", len(d.Cells), nil), Role: theme.Small}
		if f.Width(places) < a.W-f.Look.MM(3) {
			free = places.String
		}
	}
	if f.dense {
		f.Tile(a, t, f.denseDay(d.Date.Weekday(), d.Date.Day()), widgets.Text{String: free, Role: theme.Small})
		return
	}
	f.Tile(a, t,
		widgets.Text{String: f.t(fmt.Sprintf("date.weekday_short.%d", d.Date.Weekday())), Role: theme.Small},
		widgets.Text{String: fmt.Sprint(d.Date.Day()), Role: theme.Strong, Weight: theme.Bold},
		widgets.Text{String: free, Role: theme.Small})
}

// part is a part of the day: the id of its name, and the hour at which it ends.
type part struct {
	id  string
	end int
}

var parts = [...]part{{"time.morning", 12}, {"time.day", 17}, {"time.evening", 24}}

// row is a line of the list of times: a heading, or cells side by side.
type row struct {
	heading string
	cells   []kiosk.Cell
}

// rows returns the cells grouped by part of the day, each part with a heading.
func (f *frame) rows(cells []kiosk.Cell, columns int) []row {
	var rows []row
	for i, p := range parts {
		begin := 0
		if i > 0 {
			begin = parts[i-1].end
		}
		var of []kiosk.Cell
		for _, c := range cells {
			if h := c.Begin.Hour(); h >= begin && h < p.end {
				of = append(of, c)
			}
		}
		if len(of) == 0 {
			continue
		}
		if !f.turned { // the times say as much
			rows = append(rows, row{heading: f.t(p.id)})
		}
		for chunk := range slices.Chunk(of, columns) {
			rows = append(rows, row{cells: chunk})
		}
	}
	return rows
}

// tileSize is the size of the tiles of the times: least width and height in millimetres, and the text size.
type tileSize struct {
	width, height float32
	role          theme.Role
}

var (
	largeTiles = tileSize{58, 36, theme.Title}
	smallTiles = tileSize{46, theme.TargetMM + 1, theme.Strong}
)

// times draws the free times of a day in large tiles if they fit on one page, otherwise in small tiles on as many
// pages as necessary.
func (f *frame) times(d kiosk.Day) {
	f.date(d)
	c := smallTiles
	if rows := f.rows(d.Cells, f.cellColumns(largeTiles)); !f.plain && f.rowsHeight(rows, largeTiles) <= f.body.H {
		c = largeTiles
	}
	rows := f.rows(d.Cells, f.cellColumns(c))
	area := f.body
	pages := f.paginate(rows, area.H, c)
	if len(pages) > 1 {
		pages = f.paginate(rows, area.H-f.pagerRoom(), c)
		f.Pages.List = min(f.Pages.List, len(pages)-1)
		f.pager(area.CutBottom(f.pagerHeight()), &f.Pages.List, len(pages))
		rows = pages[f.Pages.List]
		several := func(page []row) bool { return len(page) > 2 } // more than a heading and a row
		f.sparse = f.sparse || !f.dense && !slices.ContainsFunc(pages, several)
	}
	f.tight = f.tight || f.rowsHeight(rows, c) > area.H+0.5
	for _, r := range rows {
		f.drawRow(area.CutTop(f.rowHeight(r, c)), r, c)
	}
	f.hint(area, len(pages))
}

// pagerRoom returns the height of a pager and the distance from it.
func (f *frame) pagerRoom() float32 {
	if f.dense {
		return 0
	}
	return f.pagerHeight() + f.Look.MM(theme.GapMM)
}

// date draws the date of the chosen day, because the strip does not show months.
func (f *frame) date(d kiosk.Day) {
	if f.plain {
		return
	}
	t := widgets.Text{
		String: upperFirst(f.longDate(d.Date)),
		Role:   theme.Strong,
		Weight: theme.SemiBold,
		Color:  f.Look.Ink,
		Lines:  1,
	}
	f.Text(f.take(f.Height(f.body.W, t)+f.Look.MM(2)), t)
}

// cellGapMM is the distance between two tiles in millimetres.
const cellGapMM = 4

func (f *frame) cellColumns(c tileSize) int {
	return f.body.Columns(max(f.Look.MM(c.width), f.Look.Size(c.role)*3.4), f.Look.MM(cellGapMM))
}

func (f *frame) drawRow(line widgets.Area, r row, c tileSize) {
	l := f.Look
	if r.heading != "" {
		f.Middle(
			line,
			widgets.Text{String: r.heading, Role: theme.Small, Weight: theme.SemiBold, Color: l.SoftInk, Lines: 1},
		)
		return
	}
	gap, columns := l.MM(cellGapMM), f.cellColumns(c)
	w := (line.W - gap*float32(columns-1)) / float32(columns)
	line.CutBottom(gap)
	for _, cell := range r.cells {
		choose := f.tap(kiosk.ChooseCell{GUID: cell.GUID})
		f.Tile(line.CutLeft(w), widgets.Target{ID: "cell." + cell.GUID.String(), Style: widgets.Plain, OnTap: choose},
			widgets.Text{String: clock(cell.Begin), Role: c.role, Weight: theme.Bold},
		)
		line.CutLeft(gap)
	}
}

// hint explains why a time may be missing, if a wide page has room for it.
func (f *frame) hint(a widgets.Area, pages int) {
	hint := widgets.Note{Icon: "info", Title: f.t("time.hint")}
	h := f.NoteHeight(a.W, hint)
	if f.Look.Portrait() || f.dense || pages > 1 || a.H < h+f.Look.MM(theme.GapMM) { // upright and dense pages have a strip
		return
	}
	a.CutTop(f.Look.MM(theme.GapMM))
	f.Note(a.CutTop(h), hint)
}

// keepFree keeps a place without targets in which the next page may have «Забронировать»: on a wide page the column of
// the question, otherwise a strip above the foot.
func (f *frame) keepFree(s kiosk.State) {
	if f.Look.Portrait() || f.dense {
		f.vacant = f.cutStrip(s)
		f.fillStrip(f.vacant)
		return
	}
	f.vacant = f.reachable(f.column)
	f.sparse = f.sparse || !f.fitsBare(f.vacant, s)
}

// fillStrip explains why a time may be missing, in the strip in which the next page has «Забронировать».
func (f *frame) fillStrip(strip widgets.Area) {
	for _, role := range [...]theme.Role{theme.Body, theme.Small} {
		hint := widgets.Text{String: f.t("time.hint"), Role: role, Color: f.Look.SoftInk, Lines: 3, Part: focus.Act}
		if f.Height(strip.W, hint) <= strip.H {
			f.Middle(strip, hint)
			return
		}
	}
}

func (f *frame) rowsHeight(rows []row, c tileSize) (h float32) {
	for _, r := range rows {
		h += f.rowHeight(r, c)
	}
	return h
}

// rowHeight returns the height of a row, including the gap below it.
func (f *frame) rowHeight(r row, c tileSize) float32 {
	l := f.Look
	if r.heading != "" {
		return l.Size(theme.Small)*1.3 + l.MM(f.headingGap())
	}
	if f.dense {
		return max(l.MM(theme.TargetMM), l.Size(c.role)*1.5) + l.MM(cellGapMM)
	}
	return max(l.MM(c.height), l.Size(c.role)*1.8) + l.MM(cellGapMM)
}

// headingGap returns the distance around the name of a part of the day in millimetres.
func (f *frame) headingGap() float32 {
	if f.dense {
		return 0
	}
	return 2
}

// paginate distributes the rows over pages of a given height. A heading is on the same page as its first row, and
// is repeated if its part of the day continues on the next page.
func (f *frame) paginate(rows []row, height float32, c tileSize) [][]row {
	var pages [][]row
	var page []row
	var heading row
	left := height
	for _, r := range rows {
		need := f.rowHeight(r, c)
		if r.heading != "" {
			heading = r
			continue
		}
		fresh := len(page) == 0 || !slices.ContainsFunc(page, func(x row) bool { return x.heading == heading.heading })
		if fresh && heading.heading != "" {
			need += f.rowHeight(heading, c)
		}
		if need > left && len(page) > 0 {
			pages, page, left, fresh = append(pages, page), nil, height, true
			need = f.rowHeight(r, c)
			if heading.heading != "" {
				need += f.rowHeight(heading, c)
			}
		}
		if fresh && heading.heading != "" {
			page = append(page, heading)
		}
		page = append(page, r)
		left -= need
	}
	return append(pages, page)
}

// timeAnswer returns the chosen date and time.
func timeAnswer(e Env, s kiosk.State) string {
	return e.shortDate(s.Cell.Begin) + ", " + clock(s.Cell.Begin)
}
