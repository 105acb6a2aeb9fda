package service

import (
	"context"
	"errors"

	"infomat/kiosk/desk"
	"infomat/kiosk/health"
)

// reportPage is the state of the report page.
type reportPage struct {
	places desk.Places
	busy   bool
	result line
}

var reportMain = page{id: "report", draw: drawReport, enter: func(m *Mode) {
	m.report = reportPage{}
	m.whileShown(func(ctx context.Context) {
		m.opts.Terminal.Places(ctx, func(p desk.Places) { m.update(ctx, func() { m.report.places = p }) })
	})
}}

// drawReport draws the places to which a report can be written: USB sticks and the terminal's own folder.
func drawReport(m *Mode, s *sheet) {
	r := &m.report
	s.sentence(m.t("report.sub"))
	if r.places.Sticks {
		s.sentence(m.t("report.insert"))
	}
	var lines []line
	if r.result.title != "" {
		lines = append(lines, r.result)
	}
	if r.busy {
		lines = append(lines, line{title: m.t("running")})
	}
	for _, p := range r.places.All {
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
	m.start(func(context.Context) func() {
		name, err := m.opts.Terminal.Report(p)
		return func() {
			r.busy, r.result = false, line{title: m.t("report.written"), remark: name, level: health.OK}
			if err != nil {
				r.result = line{title: m.t(reportFault(err)), remark: err.Error(), level: health.Failure}
			}
		}
	})
}

// reportFault returns the text for the error of a report.
func reportFault(err error) string {
	switch {
	case errors.Is(err, desk.ErrFull):
		return "report.full"
	case errors.Is(err, desk.ErrReadOnly):
		return "report.read_only"
	}
	return "report.failed"
}
