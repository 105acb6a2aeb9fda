package service

import (
	"context"
	"time"

	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/ui/widgets"
)

// confirmWithin is how long a changed setting is on trial before it is undone. A technician who has broken the
// screen, the touch or the printer cannot tap the button that confirms it.
const confirmWithin = 20 * time.Second

// settingsPage holds the settings as read last, and the trial of a change.
type settingsPage struct {
	all     []desk.Setting
	err     error
	chosen  desk.Setting
	trying  bool
	until   time.Time
	timer   *time.Timer
	message string
}

var (
	settingsMain = page{id: "settings", draw: drawSettings, enter: func(m *Mode) { m.readSettings() }}
	settingPage  = page{id: idSetting, draw: drawSetting, back: "settings"}
)

func (m *Mode) readSettings() {
	m.start(func(context.Context) func() {
		all, err := m.opts.Terminal.Settings()
		return func() { m.settings.all, m.settings.err = all, err }
	})
}

// drawSetting draws the values of a setting or, during a trial, the buttons that keep or undo the change.
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
				do: func() { m.endTrial(m.opts.Terminal.Keep, "settings.kept") },
			},
			choice{
				id:    "undo",
				icon:  "back",
				label: m.t("settings.undo"),
				do:    func() { m.endTrial(m.opts.Terminal.Undo, "settings.undone") },
			},
		)
		m.redrawLater()
		return
	}
	s.sentence(st.message)
	var lines []line
	for _, c := range st.chosen.Choices {
		l := line{title: c.Label, id: "value." + c.Value, do: func() { m.tryValue(c.Value) }}
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

// tryValue starts the trial of a value.
func (m *Mode) tryValue(value string) {
	st := &m.settings
	key := st.chosen.Key
	m.start(func(context.Context) func() {
		err := m.opts.Terminal.Change(key, value)
		return func() {
			if err != nil {
				st.message = m.errorText(err, "")
				return
			}
			st.chosen.Value, st.trying, st.until = value, true, time.Now().Add(confirmWithin)
			st.timer = time.AfterFunc(
				confirmWithin,
				func() { m.opts.Do(func() { m.endTrial(m.opts.Terminal.Undo, "settings.undone") }) },
			)
		}
	})
}

// endTrial keeps or undoes the change on trial, by calling how.
func (m *Mode) endTrial(how func() error, done string) {
	st := &m.settings
	if !st.trying {
		return
	}
	st.trying = false
	st.timer.Stop()
	key := st.chosen.Key
	m.start(func(context.Context) func() {
		err := how()
		all, readErr := m.opts.Terminal.Settings()
		return func() {
			st.message, st.all, st.err = m.errorText(err, done), all, readErr
			for _, setting := range all {
				if setting.Key == key {
					st.chosen = setting
				}
			}
		}
	})
}

// undoTrial undoes a trial when the mode closes.
func (s *settingsPage) undoTrial(m *Mode) {
	if !s.trying {
		return
	}
	s.trying = false
	s.timer.Stop()
	m.work.Go(func() { _ = m.opts.Terminal.Undo() }) // Undo logs its error; a restart undoes the trial too
}
