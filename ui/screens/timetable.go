package screens

import (
	"fmt"
	"slices"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// timetable asks for day and time: a strip of days, and the free times of the chosen one by part of the day.
func timetable(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{
		title: e.t("time.title"),
		sub:   join("\n", join(", ", s.Doctor.Name, lower(s.Doctor.Speciality)), e.place(s.Doctor.Room, s.Doctor.Floor)),
		done:  3, foot: e.both(),
	})
	if s.Notice == kiosk.NoticeCellTaken {
		f.message("warning", f.t("time.taken"), f.t("time.taken_sub"))
	}
	switch {
	case s.Loading:
		f.message("clock", f.t("loading.title"), "")
	case s.Day < 0:
		f.message("info", f.t("time.none"), f.t("time.none_sub"))
	default:
		f.lower()
		f.days(s)
		f.times(s.Days[s.Day].Cells)
	}
	return f.page()
}

// days draws the strip, turned to the page that was asked for, and first to the chosen day's.
func (f *frame) days(s kiosk.State) {
	l := f.Look
	gap := l.MM(3.5)
	area := f.take(max(l.MM(33), (l.Size(theme.Small)*2+l.Size(theme.Strong))*1.22+l.MM(4)))
	f.body.CutTop(l.MM(theme.GapMM))
	n := area.Columns(max(l.MM(27), l.Size(theme.Small)*3.6), gap)
	if n < len(s.Days) {
		n = max(1, n-2)
	}
	pages := (len(s.Days) + n - 1) / n
	if f.Pages.Days == 0 {
		f.Pages.Days = s.Day/n + 1 // counted from one, so that zero means "not turned yet"
	}
	turned := min(f.Pages.Days, pages)
	if pages > 1 {
		side := max(l.MM(theme.TargetMM), area.W/float32(n+2)-gap)
		left, right := area.CutLeft(side), area.CutRight(side)
		area.CutLeft(gap)
		area.CutRight(gap)
		f.arrow(left, "days.prev", "prev", turned > 1, turned-1)
		f.arrow(right, "days.next", "next", turned < pages, turned+1)
	}
	first := (turned - 1) * n
	w := (area.W - gap*float32(n-1)) / float32(n)
	for i := first; i < min(first+n, len(s.Days)); i++ {
		f.day(area.CutLeft(w), s, i)
		area.CutLeft(gap)
	}
}

func (f *frame) arrow(a widgets.Area, id, icon string, on bool, to int) {
	t := widgets.Target{ID: id, OnTap: f.turn(&f.Pages.Days, to)}
	if !on {
		t.Style = widgets.Off
	}
	f.Button(a, t, icon, "")
}

func (f *frame) day(a widgets.Area, s kiosk.State, i int) {
	d := s.Days[i]
	t := widgets.Target{ID: "day." + d.Date.Format("2006-01-02"), Style: widgets.Plain, OnTap: f.tap(kiosk.ChooseDay{Index: i})}
	free := fmt.Sprint(len(d.Cells))
	switch {
	case len(d.Cells) == 0:
		t.Style, free = widgets.Off, f.t("time.full")
	case i == s.Day:
		t.Style = widgets.Chosen
		places := widgets.Text{String: f.Lang.Plural("time.places", len(d.Cells), nil), Role: theme.Small}
		if f.Width(places) < a.W-f.Look.MM(3) {
			free = places.String
		}
	}
	f.Tile(a, t,
		widgets.Text{String: f.t(fmt.Sprintf("date.weekday_short.%d", d.Date.Weekday())), Role: theme.Small},
		widgets.Text{String: fmt.Sprint(d.Date.Day()), Role: theme.Strong, Weight: theme.Bold},
		widgets.Text{String: free, Role: theme.Small})
}

// part is a part of the day: its name's id and the hour it ends at.
type part struct {
	id  string
	end int
}

var parts = [...]part{{"time.morning", 12}, {"time.day", 17}, {"time.evening", 24}}

// row is a line of the times: a heading, or cells side by side.
type row struct {
	heading string
	cells   []kiosk.Cell
}

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
		rows = append(rows, row{heading: f.t(p.id)})
		for chunk := range slices.Chunk(of, columns) {
			rows = append(rows, row{cells: chunk})
		}
	}
	return rows
}

// times draws the free times, in pages where they are many.
func (f *frame) times(cells []kiosk.Cell) {
	l := f.Look
	gap := l.MM(4)
	columns := f.body.Columns(max(l.MM(46), l.Size(theme.Strong)*3.4), gap)
	rows := f.rows(cells, columns)
	area := f.body
	pages := f.paginate(rows, area.H)
	if len(pages) > 1 {
		pages = f.paginate(rows, area.H-f.buttonHeight()-l.MM(theme.GapMM))
		f.Pages.List = min(f.Pages.List, len(pages)-1)
		f.pager(area.CutBottom(f.buttonHeight()), &f.Pages.List, len(pages))
		rows = pages[f.Pages.List]
	}
	f.tight = f.tight || f.rowsHeight(rows) > area.H+0.5
	w := (area.W - gap*float32(columns-1)) / float32(columns)
	defer func() { f.hint(area, len(pages)) }()
	for _, r := range rows {
		line := area.CutTop(f.rowHeight(r))
		if r.heading != "" {
			f.Middle(line, widgets.Text{String: r.heading, Role: theme.Small, Weight: theme.SemiBold, Color: l.SoftInk, Lines: 1})
			continue
		}
		line.CutBottom(gap)
		for _, c := range r.cells {
			f.Tile(line.CutLeft(w), widgets.Target{ID: "cell." + c.GUID.String(), Style: widgets.Plain, OnTap: f.tap(kiosk.ChooseCell{GUID: c.GUID})},
				widgets.Text{String: clock(c.Begin), Role: theme.Strong, Weight: theme.Bold})
			line.CutLeft(gap)
		}
	}
}

// hint says why a time may be missing, where the page has room for it.
func (f *frame) hint(a widgets.Area, pages int) {
	h := f.NoteHeight(a.W, "info", f.t("time.hint"), "")
	if pages > 1 || a.H < h+f.Look.MM(theme.GapMM) {
		return
	}
	a.CutTop(f.Look.MM(theme.GapMM))
	f.Note(a.CutTop(h), "info", f.t("time.hint"), "")
}

func (f *frame) rowsHeight(rows []row) (h float32) {
	for _, r := range rows {
		h += f.rowHeight(r)
	}
	return h
}

// rowHeight is the height of a row with the gap below it.
func (f *frame) rowHeight(r row) float32 {
	l := f.Look
	if r.heading != "" {
		return l.Size(theme.Small)*1.3 + l.MM(2)
	}
	return max(l.MM(theme.TargetMM+1), l.Size(theme.Strong)*1.8) + l.MM(4)
}

// paginate breaks the rows into pages of a height. A heading goes with its first row, and is said again where its part goes on.
func (f *frame) paginate(rows []row, height float32) [][]row {
	var pages [][]row
	var page []row
	var heading row
	left := height
	for _, r := range rows {
		need := f.rowHeight(r)
		if r.heading != "" {
			heading = r
			continue
		}
		fresh := len(page) == 0 || !slices.ContainsFunc(page, func(x row) bool { return x.heading == heading.heading })
		if fresh {
			need += f.rowHeight(heading)
		}
		if need > left && len(page) > 0 {
			pages, page, left, fresh = append(pages, page), nil, height, true
			need = f.rowHeight(r) + f.rowHeight(heading)
		}
		if fresh {
			page = append(page, heading)
		}
		page = append(page, r)
		left -= need
	}
	return append(pages, page)
}
