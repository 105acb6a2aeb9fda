package service

import (
	"context"

	"infomat/ui/widgets"
)

// deskPage is what was done last.
type deskPage struct {
	told string
	sure string // what the second tap does: blank, restart or leave
}

// outReasons are the reasons that can be given for taking the terminal out of service.
var outReasons = []string{"repair", "paper", "clinic"}

var deskMain = page{id: "desk", draw: drawDesk, enter: func(m *Mode) { m.desk = deskPage{} }}

// drawDesk draws what takes the terminal away from its patients, and gives it back.
func drawDesk(m *Mode, s *sheet) {
	t, d := m.opts.Terminal, &m.desk
	var all []choice
	if reason := t.OutOfService(); reason != "" {
		s.sentence(m.say("desk.out", map[string]any{"Reason": m.t("desk.reason." + reason)}))
		all = append(
			all,
			choice{id: "desk.in", icon: "check", label: m.t("desk.in"), style: widgets.Filled, do: func() { m.setService("") }},
		)
	} else {
		s.sentence(m.t("desk.sub"))
		for _, reason := range outReasons {
			all = append(
				all,
				choice{
					id: "desk.out." + reason, icon: "door", label: m.t("desk.reason." + reason), do: func() { m.setService(reason) },
				},
			)
		}
	}
	if t.Restart != nil {
		all = append(all, m.sureChoice("restart", "home", t.Restart))
	}
	if t.Leave != nil {
		all = append(all, m.sureChoice("exit", "door", t.Leave))
	}
	s.buttons(1, all...)
	s.sentence(d.told)
}

// sureChoice is a button that asks once more.
func (m *Mode) sureChoice(what, icon string, do func()) choice {
	d := &m.desk
	if d.sure == what {
		return choice{id: "desk." + what, icon: "warning", label: m.t("desk.sure"), style: widgets.Filled, do: do}
	}
	return choice{id: "desk." + what, icon: icon, label: m.t("desk." + what), do: func() {
		d.sure = what
		m.draw()
	}}
}

func (m *Mode) setService(reason string) {
	m.begin(func(context.Context) func() {
		m.opts.Terminal.SetService(reason)
		return nil
	})
}
