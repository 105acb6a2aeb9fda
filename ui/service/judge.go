package service

import (
	"context"

	"infomat/kiosk/diag"
	"infomat/ui/theme"
)

// askJudged asks for what the technician said last.
func (m *Mode) askJudged(check string) {
	if m.opts.Terminal.Judged == nil {
		return
	}
	m.begin(func(context.Context) func() {
		f := m.opts.Terminal.Judged(check)
		return func() { m.keepJudged(f) }
	})
}

// judge takes what the technician says now.
func (m *Mode) judge(check string, well bool) {
	m.begin(func(context.Context) func() {
		f := m.opts.Terminal.Judge(check, well)
		return func() { m.keepJudged(f) }
	})
}

// keepJudged keeps the newer of two judgements: an answer about the last one may come after the next was given.
func (m *Mode) keepJudged(f diag.Finding) {
	if f.At.After(m.judged[f.Check].At) {
		m.judged[f.Check] = f
	}
}

// judgement says what the technician said last, and draws the two buttons by which he says what he sees or hears now.
func (s *sheet) judgement(check string) {
	m := s.mode
	if m.opts.Terminal.Judge == nil {
		return
	}
	s.buttons(min(2, s.body.Columns(s.mm(95), s.mm(theme.GapMM))),
		choice{id: "judge.well", icon: "check", label: m.t("judge.well"), do: func() { m.judge(check, true) }},
		choice{id: "judge.fault", icon: "warning", label: m.t("judge.fault"), do: func() { m.judge(check, false) }})
	if f, ok := m.judged[check]; ok {
		s.sentence(f.SayJudged(m.opts.Lang))
	}
}
