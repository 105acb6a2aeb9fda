package service

import (
	"context"

	"infomat/kiosk/desk"
	"infomat/kiosk/health"
)

// reportPage is where a report can go and where the last one went.
type reportPage struct {
	places []desk.Place
	busy   bool
	told   line
}

var reportMain = page{id: "report", draw: drawReport, enter: func(m *Mode) {
	m.report = reportPage{busy: true}
	m.begin(func(context.Context) func() {
		places := m.opts.Terminal.Places()
		return func() { m.report.places, m.report.busy = places, false }
	})
}}

// drawReport offers the sticks that are plugged in, and the terminal's own folder.
func drawReport(m *Mode, s *sheet) {
	r := &m.report
	s.sentence(m.t("report.sub"))
	var lines []line
	if r.told.title != "" {
		lines = append(lines, r.told)
	}
	if r.busy {
		lines = append(lines, line{title: m.t("running")})
	}
	for _, p := range r.places {
		lines = append(
			lines,
			line{title: p.Label, remark: p.Folder, id: "place." + p.Folder, do: func() { m.writeReport(p) }},
		)
	}
	s.list(lines)
}

func (m *Mode) writeReport(p desk.Place) {
	r := &m.report
	if r.busy {
		return
	}
	r.busy = true
	m.draw()
	m.begin(func(context.Context) func() {
		name, err := m.opts.Terminal.Report(p)
		return func() {
			r.busy, r.told = false, line{title: m.t("report.written"), remark: name, level: health.OK}
			if err != nil {
				r.told = line{title: m.t("report.failed"), remark: err.Error(), level: health.Failure}
			}
		}
	})
}
