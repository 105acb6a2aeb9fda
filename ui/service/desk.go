package service

import (
	"context"

	"infomat/ui/widgets"
)

// deskPage is the state of the page that takes the terminal out of service.
type deskPage struct {
	reason  string // why booking is closed; blank if it is open
	known   bool   // reason was read
	message string // result of the last action; also used by the page sound
	confirm string // action that the next tap confirms: restart or exit; blank if none
}

// serviceReasons lists the reasons for taking the terminal out of service.
var serviceReasons = []string{"repair", "paper", "clinic"}

var deskMain = page{id: "desk", draw: drawDesk, enter: func(m *Mode) {
	m.desk = deskPage{}
	m.start(func(context.Context) func() {
		reason := m.opts.Terminal.OutOfService()
		return func() { m.desk.reason, m.desk.known = reason, true }
	})
}}

// drawDesk draws the buttons that take the terminal out of service, put it back in service, restart it and exit.
func drawDesk(m *Mode, s *sheet) {
	t, d := m.opts.Terminal, &m.desk
	var all []choice
	switch {
	case !d.known:
		s.sentence(m.t("wait"))
	case d.reason != "":
		s.sentence(m.say("desk.out", map[string]any{"Reason": m.t("desk.reason." + d.reason)}))
		all = append(
			all,
			choice{id: "desk.in", icon: "check", label: m.t("desk.in"), style: widgets.Filled, do: func() { m.setService("") }},
		)
	default:
		s.sentence(m.t("desk.sub"))
		for _, reason := range serviceReasons {
			all = append(
				all,
				choice{
					id: "desk.out." + reason, icon: "door", label: m.t("desk.reason." + reason), do: func() { m.setService(reason) },
				},
			)
		}
	}
	if t.Restart != nil {
		all = append(all, m.confirmedChoice("restart", "home", t.Restart))
	}
	if t.Leave != nil {
		all = append(all, m.confirmedChoice("exit", "door", t.Leave))
	}
	s.buttons(1, all...)
	s.sentence(d.message)
}

// confirmedChoice returns a button whose action needs a second tap.
func (m *Mode) confirmedChoice(what, icon string, do func()) choice {
	d := &m.desk
	if d.confirm == what {
		return choice{id: "desk." + what, icon: "warning", label: m.t("desk.sure"), style: widgets.Filled, do: do}
	}
	return choice{id: "desk." + what, icon: icon, label: m.t("desk." + what), do: func() {
		d.confirm = what
		m.draw()
	}}
}

func (m *Mode) setService(reason string) {
	m.start(func(context.Context) func() {
		m.opts.Terminal.SetService(reason)
		now := m.opts.Terminal.OutOfService() // not reason: the disk may be full
		return func() { m.desk.reason, m.desk.known = now, true }
	})
}
