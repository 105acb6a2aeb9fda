package service

import (
	"context"
	"time"

	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/ui/widgets"
)

// confirmWithin is how long a changed setting is tried before it is undone by itself: whoever has broken the screen,
// the touch or the printer cannot tap «Оставить».
const confirmWithin = 20 * time.Second

// settingsPage is the settings as they were read, and the change that is being tried.
type settingsPage struct {
	all    []desk.Setting
	err    error
	chosen desk.Setting
	trying bool
	until  time.Time
	timer  *time.Timer
	told   string
}

var (
	settingsMain = page{id: "settings", draw: drawSettings, enter: func(m *Mode) { m.readSettings() }}
	settingPage  = page{id: idSetting, draw: drawSetting, back: "settings"}
)

func (m *Mode) readSettings() {
	m.begin(func(context.Context) func() {
		all, err := m.opts.Terminal.Settings()
		return func() { m.settings.all, m.settings.err = all, err }
	})
}

// drawSettings draws every key; those that can be changed here can be tapped.
func drawSettings(m *Mode, s *sheet) {
	st := &m.settings
	s.sentence(m.t("settings.sub"))
	if st.err != nil {
		s.list([]line{{title: m.t("settings.broken"), remark: st.err.Error(), level: health.Failure}})
		return
	}
	var lines []line
	for _, setting := range st.all {
		l := line{title: setting.Key, text: setting.Value}
		if len(setting.Choices) > 0 && m.opts.Terminal.Change != nil {
			l.id, l.do = "setting."+setting.Key, func() { m.choose(setting.Key) }
		}
		lines = append(lines, l)
	}
	s.list(lines)
}

// drawSetting offers the values of one key, and asks whether a new one shall stay.
func drawSetting(m *Mode, s *sheet) {
	st := &m.settings
	s.sentence(st.chosen.Key + " = " + st.chosen.Value)
	if st.trying {
		left := max(0, int(time.Until(st.until).Round(time.Second).Seconds()))
		s.sentence(m.opts.Lang.Plural("service.settings.keep_sub", left, nil))
		s.buttons(
			1,
			choice{
				id: "keep", icon: "check", label: m.t("settings.keep"), style: widgets.Filled,
				do: func() { m.settle(m.opts.Terminal.Keep, "settings.kept") },
			},
			choice{
				id:    "undo",
				icon:  "back",
				label: m.t("settings.undo"),
				do:    func() { m.settle(m.opts.Terminal.Undo, "settings.undone") },
			},
		)
		m.again()
		return
	}
	s.sentence(st.told)
	var lines []line
	for _, c := range st.chosen.Choices {
		l := line{title: c.Label, id: "value." + c.Value, do: func() { m.try(c.Value) }}
		if l.title == "" {
			l.title = c.Value
		}
		if c.Value == st.chosen.Value {
			l.level = health.OK
		}
		lines = append(lines, l)
	}
	s.list(lines)
}

// try lets a value be used for a while.
func (m *Mode) try(value string) {
	st := &m.settings
	key := st.chosen.Key
	m.begin(func(context.Context) func() {
		err := m.opts.Terminal.Change(key, value)
		return func() {
			if err != nil {
				st.told = m.errorText(err, "")
				return
			}
			st.chosen.Value, st.trying, st.until = value, true, time.Now().Add(confirmWithin)
			st.timer = time.AfterFunc(
				confirmWithin,
				func() { m.opts.Do(func() { m.settle(m.opts.Terminal.Undo, "settings.undone") }) },
			)
		}
	})
}

// settle ends a trial.
func (m *Mode) settle(how func() error, done string) {
	st := &m.settings
	if !st.trying {
		return
	}
	st.trying = false
	st.timer.Stop()
	key := st.chosen.Key
	m.begin(func(context.Context) func() {
		err := how()
		all, readErr := m.opts.Terminal.Settings()
		return func() {
			st.told, st.all, st.err = m.errorText(err, done), all, readErr
			for _, setting := range all {
				if setting.Key == key {
					st.chosen = setting
				}
			}
		}
	})
}

// leave undoes a trial that nobody has confirmed.
func (s *settingsPage) leave(m *Mode) {
	if !s.trying {
		return
	}
	s.trying = false
	s.timer.Stop()
	m.work.Go(func() { _ = m.opts.Terminal.Undo() }) // it logs what went wrong; a restart undoes as well
}
