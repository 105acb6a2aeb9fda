package service

import (
	"context"

	"infomat/kiosk/health"
	"infomat/ui/theme"
)

// askJudged loads the technician's last judgement of a part.
func (m *Mode) askJudged(part health.Part) {
	if m.opts.Terminal.Judged == nil {
		return
	}
	m.start(func(context.Context) func() {
		f := m.opts.Terminal.Judged(part)
		return func() { m.keepJudged(f) }
	})
}

// judge records the technician's judgement of a part.
func (m *Mode) judge(part health.Part, well bool) {
	m.start(func(context.Context) func() {
		f := m.opts.Terminal.Judge(part, well)
		return func() { m.keepJudged(f) }
	})
}

// keepJudged keeps the newer of two judgements of a part. The result of askJudged may arrive after that of judge.
func (m *Mode) keepJudged(f health.Finding) {
	if f.At.After(m.judged[f.Part].At) {
		m.judged[f.Part] = f
	}
}

// judgement draws the technician's last judgement of a part and the two buttons for a new one.
func (s *sheet) judgement(part health.Part) {
	m := s.mode
	if m.opts.Terminal.Judge == nil {
		return
	}
	s.buttons(min(2, s.body.Columns(s.mm(95), s.mm(theme.GapMM))),
		choice{id: "judge.well", icon: "check", label: m.t("judge.well"), do: func() { m.judge(part, true) }},
		choice{id: "judge.fault", icon: "warning", label: m.t("judge.fault"), do: func() { m.judge(part, false) }})
	if f, ok := m.judged[part]; ok {
		s.sentence(f.SayJudged(m.opts.Lang))
	}
}
