package service

import (
	"context"
	"slices"

	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/ui/widgets"
)

// checksPage is the state of the pages with checks: the findings so far.
type checksPage struct {
	running bool
	found   []health.Finding
}

// registryChecks lists the checks of the connection to the registry.
var registryChecks = []health.Part{
	health.PartDNS, health.PartTCP, health.PartTLS, health.PartHTTP, health.PartAccess,
	health.PartClock, health.PartTimetable,
}

var (
	checksAll = page{
		id: "checks", draw: func(m *Mode, s *sheet) { drawChecks(m, s, diag.Names) },
		enter: func(m *Mode) { m.runChecks(nil) },
	}
	checksRegistry = page{
		id: "registry", draw: func(m *Mode, s *sheet) { drawChecks(m, s, registryChecks) },
		enter: func(m *Mode) { m.runChecks(registryChecks) },
	}
)

// runChecks runs the named checks, or all if there are no names. Each finding is shown as soon as its check is
// done.
func (m *Mode) runChecks(names []health.Part) {
	c := &m.checks
	if c.running {
		return
	}
	c.running, c.found = true, nil
	m.start(func(ctx context.Context) func() {
		m.opts.Terminal.Check(ctx, names, func(f health.Finding) { m.update(ctx, func() { c.found = append(c.found, f) }) })
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
		m.runChecks(namesToRun(names))
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

// namesToRun returns the names for runChecks: nil if all checks are to run.
func namesToRun(names []health.Part) []health.Part {
	if len(names) == len(diag.Names) {
		return nil
	}
	return names
}
