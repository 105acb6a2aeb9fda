package service

import (
	"context"

	"infomat/kiosk/health"
	"infomat/ui/theme"
)

// askJudged asks for what the technician said last.
func (m *Mode) askJudged(part health.Part) {
	if m.opts.Terminal.Judged == nil {
		return
	}
	m.begin(func(context.Context) func() {
		f := m.opts.Terminal.Judged(part)
		return func() { m.keepJudged(f) }
	})
}

// judge takes what the technician says now.
func (m *Mode) judge(part health.Part, well bool) {
	m.begin(func(context.Context) func() {
		f := m.opts.Terminal.Judge(part, well)
		return func() { m.keepJudged(f) }
	})
}

// keepJudged keeps the newer of two judgements: an answer about the last one may come after the next was given.
func (m *Mode) keepJudged(f health.Finding) {
	if f.At.After(m.judged[f.Part].At) {
		m.judged[f.Part] = f
	}
}

// judgement says what the technician said last, and draws the two buttons by which he says what he sees or hears now.
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
