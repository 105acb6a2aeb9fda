package service

import (
	"context"
	"time"

	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// printerPage is the state of the printer page.
type printerPage struct {
	busy    string // the running test; blank if none
	state   *health.Finding
	results []result // newest first
}

// result is the finding of a test and its time.
type result struct {
	what    string
	at      time.Time
	finding health.Finding
}

var printerMain = page{id: "printer", draw: drawPrinter, enter: func(m *Mode) { m.askPrinter() }}

// askPrinter checks the printer.
func (m *Mode) askPrinter() {
	if m.opts.Terminal.Check == nil || m.printer.busy != "" {
		return
	}
	m.printer.busy = "state"
	m.start(func(ctx context.Context) func() {
		var last health.Finding
		m.opts.Terminal.Check(ctx, []health.Part{health.PartPrinter}, func(f health.Finding) { last = f })
		return func() { m.printer.busy, m.printer.state = "", &last }
	})
}

// testPrinter runs a test of the printer, and then checks it.
func (m *Mode) testPrinter(what desk.PrinterTest) {
	if m.printer.busy != "" {
		return
	}
	m.printer.busy = string(what)
	m.draw()
	m.start(func(ctx context.Context) func() {
		f := m.opts.Terminal.Print(ctx, what)
		return func() {
			m.printer.busy = ""
			m.printer.results = append([]result{{string(what), time.Now(), f}}, m.printer.results...)
			m.askPrinter()
		}
	})
}

// findSpeed looks for the speed at which the printer answers, and starts a trial with it.
func (m *Mode) findSpeed() {
	if m.printer.busy != "" {
		return
	}
	m.printer.busy = "speed"
	m.draw()
	m.start(func(ctx context.Context) func() {
		speed, err := m.opts.Terminal.FindSpeed(ctx)
		all, _ := m.opts.Terminal.Settings() // the setting's page shows an error
		return func() {
			m.printer.busy = ""
			if err != nil {
				f := health.New(health.PartPrint, "no_speed").Because(err)
				m.printer.results = append([]result{{"speed", time.Now(), f}}, m.printer.results...)
				return
			}
			m.settings.all = all
			m.choose("printer.baud")
			if m.settings.chosen.Value == speed {
				m.settings.message = m.say("settings.right", map[string]any{"Value": speed})
				return
			}
			m.tryValue(speed)
		}
	})
}

// showSetting reads the settings and opens the page of one.
func (m *Mode) showSetting(key string) {
	m.start(func(context.Context) func() {
		all, err := m.opts.Terminal.Settings()
		return func() {
			if m.settings.all, m.settings.err = all, err; err == nil {
				m.choose(key)
			}
		}
	})
}

// choose opens the page of one setting.
func (m *Mode) choose(key string) {
	for _, setting := range m.settings.all {
		if setting.Key == key {
			m.settings.chosen, m.settings.message = setting, ""
		}
	}
	m.show(idSetting)
}

// drawPrinter draws the printer's status and the buttons for tests and settings.
func drawPrinter(m *Mode, s *sheet) {
	p := &m.printer
	style := widgets.Outline
	if p.busy != "" {
		style = widgets.Off
	}
	all := []choice{
		{
			id:    "printer.state",
			icon:  "question",
			label: m.t("printer.state"),
			style: style,
			do:    func() { m.askPrinter(); m.draw() },
		},
	}
	for _, what := range m.opts.Terminal.PrinterTests {
		id := "printer." + string(what)
		all = append(all, choice{id: id, icon: "printer", label: m.t(id), style: style, do: func() { m.testPrinter(what) }})
	}
	if m.opts.Terminal.Change != nil {
		for _, key := range []string{"printer.port", "printer.profile", "printer.baud"} {
			all = append(
				all,
				choice{
					id:    "setting." + key,
					icon:  "next",
					label: m.t("setting." + key),
					style: style,
					do:    func() { m.showSetting(key) },
				},
			)
		}
		all = append(
			all,
			choice{id: "printer.speed", icon: "scan", label: m.t("printer.speed"), style: style, do: func() { m.findSpeed() }},
		)
	}
	s.buttons(s.body.Columns(s.mm(95), s.mm(theme.GapMM)), all...)
	var lines []line
	if p.busy != "" {
		lines = append(lines, line{title: m.t("running")})
	}
	if p.state != nil {
		lines = append(lines, m.finding(*p.state))
	}
	for _, r := range p.results {
		l := m.finding(r.finding)
		l.title = m.t("printer."+r.what) + ", " + r.at.Format("15:04:05")
		lines = append(lines, l)
	}
	s.list(lines)
}
