package service

import (
	"context"
	"slices"

	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/ui/widgets"
)

// checksPage is what the checks have found so far.
type checksPage struct {
	running bool
	found   []health.Finding
}

// onTheWay are the checks of the way to the registry.
var onTheWay = []health.Part{
	health.PartDNS, health.PartTCP, health.PartTLS, health.PartHTTP, health.PartAccess,
	health.PartClock, health.PartTimetable,
}

var (
	checksAll = page{
		id: "checks", draw: func(m *Mode, s *sheet) { drawChecks(m, s, diag.Names) },
		enter: func(m *Mode) { m.runChecks(nil) },
	}
	checksRegistry = page{
		id: "registry", draw: func(m *Mode, s *sheet) { drawChecks(m, s, onTheWay) },
		enter: func(m *Mode) { m.runChecks(onTheWay) },
	}
)

// runChecks runs the checks again; each is shown as soon as it is done.
func (m *Mode) runChecks(names []health.Part) {
	c := &m.checks
	if c.running {
		return
	}
	c.running, c.found = true, nil
	m.begin(func(ctx context.Context) func() {
		m.opts.Terminal.Check(ctx, names, func(f health.Finding) { m.tell(ctx, func() { c.found = append(c.found, f) }) })
		return func() { c.running = false }
	})
}

func drawChecks(m *Mode, s *sheet, names []health.Part) {
	c := &m.checks
	style := widgets.Filled
	if c.running {
		style = widgets.Off
	}
	s.buttons(1, choice{id: "run", icon: "check", label: m.t("again"), style: style, do: func() {
		m.runChecks(runOf(names))
		m.draw()
	}})
	var lines []line
	for _, f := range c.found {
		if slices.Contains(names, f.Part) {
			lines = append(lines, m.finding(f))
		}
	}
	if c.running {
		lines = append(lines, line{title: m.t("running")})
	}
	s.list(lines)
}

// runOf are the names to run; none for all.
func runOf(names []health.Part) []health.Part {
	if len(names) == len(diag.Names) {
		return nil
	}
	return names
}
