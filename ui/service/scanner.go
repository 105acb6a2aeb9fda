package service

import (
	"context"

	"infomat/kiosk/desk"
	"infomat/kiosk/health"
)

// scannerPage is the state of the page that tries the scanner: what it has read while the page is shown.
type scannerPage struct {
	line  health.Finding
	scans []desk.Scan // the newest first
}

// mostScans is how many codes the page shows.
const mostScans = 5

var scannerMain = page{id: "scanner", draw: drawScanner, enter: func(m *Mode) {
	m.scanner = scannerPage{}
	m.start(func(ctx context.Context) func() {
		var found health.Finding
		m.opts.Terminal.Check(ctx, []health.Part{health.PartScanner}, func(f health.Finding) { found = f })
		return func() { m.scanner.line = found }
	})
	m.whileShown(func(ctx context.Context) {
		m.opts.Terminal.Scans(ctx, func(s desk.Scan) { m.update(ctx, func() { m.scanned(s) }) })
	})
}}

// scanned adds a code to the page.
func (m *Mode) scanned(s desk.Scan) {
	m.touched()
	p := &m.scanner
	p.scans = append([]desk.Scan{s}, p.scans...)
	p.scans = p.scans[:min(len(p.scans), mostScans)]
}

// drawScanner draws the state of the line, and of each code when it came, its form and its length. Of its number the
// page shows two digits.
func drawScanner(m *Mode, s *sheet) {
	p := &m.scanner
	s.sentence(m.t("scanner.sub"))
	var lines []line
	if p.line.Part != "" {
		lines = append(lines, m.finding(p.line))
	}
	for _, x := range p.scans {
		l := line{title: x.Masked, text: m.t("scanner.form." + x.Form), level: health.Warning}
		if x.Masked != "" {
			l.level = health.OK
		} else {
			l.title = m.t("scanner.no_number")
		}
		l.remark = m.say("scanner.length", map[string]any{"Time": x.At.Format("15:04:05"), "Length": x.Length})
		lines = append(lines, l)
	}
	s.list(lines)
}
