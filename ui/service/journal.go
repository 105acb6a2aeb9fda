package service

import (
	"context"
	"strings"

	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// maxVisits is the largest number of bookings that the journal page shows.
const maxVisits = 200

// journalPage is the state of the journal pages.
type journalPage struct {
	search     string // prefix of a booking's code
	busy       bool
	found      []desk.Visit
	err        error
	visit      desk.Visit
	copyResult *health.Finding // result of the last copy; nil if there is none
}

var (
	journalMain = page{id: idJournal, draw: drawJournal, enter: func(m *Mode) { m.search() }}
	visitPage   = page{id: idVisit, draw: drawVisit, back: idJournal, enter: func(m *Mode) { m.journal.copyResult = nil }}
)

// search looks up the bookings whose code begins with the typed prefix.
func (m *Mode) search() {
	j := &m.journal
	wanted := j.search
	j.busy = true
	m.start(func(ctx context.Context) func() {
		found, err := m.opts.Terminal.Visits(ctx, wanted, maxVisits)
		return func() {
			if j.search == wanted { // otherwise the prefix has changed meanwhile
				j.busy, j.found, j.err = false, found, err
			}
		}
	})
}

// drawJournal draws a keyboard with the hexadecimal digits of a code, and the bookings found.
func drawJournal(m *Mode, s *sheet) {
	j := &m.journal
	gap := s.mm(2)
	keys := s.body.CutTop(s.mm(theme.TargetMM)*2 + gap)
	s.body.CutTop(s.mm(4))
	for i, cell := range keys.Grid(9, s.mm(theme.TargetMM), gap)[:17] {
		if i == 16 {
			s.button(cell, "search.erase", "back", "", widgets.Outline, func() { m.typeSearch("") })
			continue
		}
		digit := string("0123456789ABCDEF"[i])
		target := widgets.Target{ID: "search." + digit, Style: widgets.Plain, OnTap: func() { m.typeSearch(digit) }}
		s.Tile(cell, target, widgets.Text{String: digit, Role: theme.Strong, Weight: theme.SemiBold})
	}
	s.sentence(
		m.say(
			"journal.found",
			map[string]any{"Code": j.search + strings.Repeat("·", max(0, 8-len(j.search))), "Count": len(j.found)},
		),
	)
	if j.err != nil {
		s.list([]line{{title: m.t("journal.broken"), remark: j.err.Error(), level: health.Failure}})
		return
	}
	var lines []line
	for _, v := range j.found {
		lines = append(lines, line{
			title: v.Code + "  ·  " + v.At.Format("02.01 15:04:05"), text: m.t("stage." + v.Stage), id: "visit." + v.Code,
			do: func() {
				j.visit = v
				m.show(idVisit)
			},
		})
	}
	s.list(lines)
}

// typeSearch appends a digit to the prefix. An empty digit removes the last one.
func (m *Mode) typeSearch(digit string) {
	m.touched()
	j := &m.journal
	switch {
	case digit == "" && j.search != "":
		j.search = j.search[:len(j.search)-1]
	case digit != "" && len(j.search) < 8:
		j.search += digit
	}
	m.from = []int{0}
	m.search()
	m.draw()
}

// drawVisit draws all journal records of a booking.
func drawVisit(m *Mode, s *sheet) {
	j := &m.journal
	if j.visit.CanPrint && m.opts.Terminal.Reprint != nil {
		style := widgets.Filled
		if j.busy {
			style = widgets.Off
		}
		s.buttons(
			1,
			choice{id: "reprint", icon: "printer", label: m.t("journal.reprint"), style: style, do: func() { m.reprint() }},
		)
	}
	s.sentence(m.say("journal.operation", map[string]any{"Operation": j.visit.Operation}))
	if j.copyResult != nil {
		l := m.finding(*j.copyResult)
		h := s.lineHeight(l, s.body.W)
		s.line(s.body.CutTop(h), l)
		s.body.CutTop(s.mm(3))
	}
	var lines []line
	for _, e := range j.visit.Story {
		lines = append(
			lines,
			line{title: e.At.Format("02.01.2006 15:04:05.000") + "  ·  " + m.t("stage."+e.Stage), remark: e.More},
		)
	}
	s.list(lines)
}

// reprint prints a copy of the ticket of the booking shown.
func (m *Mode) reprint() {
	j := &m.journal
	if j.busy {
		return
	}
	j.busy = true
	m.draw()
	operation := j.visit.Operation
	m.start(func(ctx context.Context) func() {
		f := m.opts.Terminal.Reprint(ctx, operation)
		return func() { j.busy, j.copyResult = false, &f }
	})
}
