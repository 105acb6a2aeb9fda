package service

import (
	"context"

	"infomat/kiosk/health"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// Ids of pages that other pages refer to.
const (
	idMenu    = "menu"
	idKeypad  = "keypad"
	idVisit   = "visit"
	idSetting = "setting"
	idJournal = "journal"
	idTouch   = "touch"
)

var menuPage = page{id: idMenu, draw: drawMenu}

// pages holds all pages by id; menu lists the ids of the pages in the menu, in order.
var (
	pages = map[string]page{}
	menu  []string
)

// menuIcons holds the icons of the pages in the menu.
var menuIcons = map[string]string{
	"overview": "info", "checks": "check", "registry": "no-connection", "printer": "printer", "touch": "scan",
	"display": "contrast", "sound": "ear", "scanner": "eye", "journal": "clock",
	"settings": "text-size", "desk": "door", "report": "next",
}

func init() {
	for _, p := range []page{
		overviewPage, checksAll, checksRegistry, printerMain, scannerMain, touchMain, displayMain, soundPage, journalMain,
		settingsMain,
		deskMain, reportMain,
		menuPage, keypadPage, visitPage, settingPage, coloursPage, rulerPage,
	} {
		pages[p.id] = p
		if menuIcons[p.id] != "" {
			menu = append(menu, p.id)
		}
	}
}

// offered reports whether the terminal has the functions that a page needs.
func (m *Mode) offered(id string) bool {
	t := m.opts.Terminal
	return map[string]bool{
		"overview": t.Facts != nil, "checks": t.Check != nil, "registry": t.Check != nil, "printer": t.Print != nil,
		"touch": true, "display": true, "scanner": t.Scans != nil, "sound": t.Sound != nil,
		"journal": t.Visits != nil, "settings": t.Settings != nil, "desk": t.SetService != nil, "report": t.Report != nil,
	}[id]
}

// drawMenu draws a button for each page that is offered.
func drawMenu(m *Mode, s *sheet) {
	columns := s.body.Columns(s.mm(120), s.mm(theme.GapMM))
	var all []choice
	for _, id := range menu {
		if m.offered(id) {
			all = append(
				all,
				choice{id: "page." + id, icon: menuIcons[id], label: m.t("page." + id), do: func() { m.show(id) }},
			)
		}
	}
	gap := s.mm(theme.GapMM)
	rows := float32((len(all) + columns - 1) / columns)
	h := min(s.rowHeight()*1.6, (s.body.H-(rows-1)*gap)/rows)
	for i, cell := range s.body.Grid(columns, h, gap)[:len(all)] {
		s.button(cell, all[i].id, all[i].icon, all[i].label, widgets.Plain, all[i].do)
	}
}

var overviewPage = page{id: "overview", draw: drawOverview, enter: func(m *Mode) {
	m.facts = nil
	m.start(func(ctx context.Context) func() {
		facts := m.opts.Terminal.Facts(ctx)
		return func() { m.facts = facts }
	})
}}

// drawOverview draws facts about the terminal and its state.
func drawOverview(m *Mode, s *sheet) {
	if m.facts == nil {
		s.sentence(m.t("wait"))
		return
	}
	var lines []line
	for _, f := range m.facts {
		lines = append(lines, line{title: m.t("fact." + f.Name), text: f.Value, level: f.Level})
	}
	s.list(lines)
}

// finding returns a finding as a line of a list.
func (m *Mode) finding(f health.Finding) line {
	l := line{title: f.Part.Title(m.opts.Lang), text: f.Say(m.opts.Lang), remark: f.Detail, level: f.Level}
	if f.TookMS >= 1 {
		l.title = m.say("took", map[string]any{"What": l.title, "MS": int(f.TookMS)})
	}
	return l
}
