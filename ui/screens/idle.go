package screens

import (
	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// idle draws the question whether the patient is still there, with one large button. A tap anywhere else has the
// same effect.
func idle(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{title: e.t("idle.title"), sub: e.idleSub(s), icon: "person"})
	l := f.Look
	end := s.Touched.Add(s.Settings.Idle + s.Settings.Warning)
	left := f.Lang.Plural("idle.seconds", max(0, int(end.Sub(f.Now).Seconds())), nil)
	seconds := widgets.Text{String: left, Role: theme.Lead, Weight: theme.SemiBold, Color: l.Hold, Lines: 2, Passing: true}
	button := widgets.Card{
		Target: widgets.Target{ID: "idle.stay", Style: widgets.Filled, OnTap: f.tap(kiosk.Touch{})},
		Icon:   "", Title: f.t("idle.stay"), Sub: f.t("idle.stay_sub"), Scale: f.scale(),
	}
	f.skipUpperHalf()
	below := f.avoidActs()
	h := max(l.MM(80), f.cardHeight(0)*1.4, f.CardHeight(f.body.W, button))
	if f.dense || below.H > 0 {
		h = max(f.CardHeight(f.body.W, button), min(h, f.body.H-f.gap()-f.Height(f.body.W, seconds)))
	}
	f.Card(f.take(h), button)
	f.body.CutTop(f.gap())
	f.Text(f.take(f.Height(f.body.W, seconds)), seconds)
	page := f.page()
	page.Beside = f.tap(kiosk.Touch{})
	return page
}

// idleSub returns what happens if nobody answers: what the patient has chosen is lost only where nothing is booked.
func (e Env) idleSub(s kiosk.State) string {
	switch b := s.Booking; {
	case s.Step == kiosk.StepTicket && b.HoldOver:
		return e.t("idle.over_sub")
	case s.Step == kiosk.StepTicket:
		return e.t("idle.ticket_sub")
	case s.Step == kiosk.StepUnconfirmed && b.Print == kiosk.PrintDone:
		return e.t("idle.slip_sub")
	case s.Step == kiosk.StepUnconfirmed:
		return e.Lang.Text("idle.code_sub", map[string]any{"Code": kiosk.Code(b.Operation)})
	}
	return e.t("idle.sub")
}
