package screens

import (
	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// idle draws the question whether the patient is still there, with one large button. A tap anywhere else has the
// same effect.
func idle(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{title: e.t("idle.title"), sub: e.t("idle.sub"), icon: "person"})
	l := f.Look
	end := s.Touched.Add(s.Settings.Idle + s.Settings.Warning)
	left := f.Lang.Plural("idle.seconds", max(0, int(end.Sub(f.Now).Seconds())), nil)
	seconds := widgets.Text{String: left, Role: theme.Lead, Weight: theme.SemiBold, Color: l.Hold, Lines: 2}
	button := widgets.Card{
		Target: widgets.Target{ID: "idle.stay", Style: widgets.Filled, OnTap: f.tap(kiosk.Touch{})},
		Icon:   "", Title: f.t("idle.stay"), Sub: f.t("idle.stay_sub"), Scale: f.scale(),
	}
	f.skipUpperHalf()
	h := max(l.MM(80), f.cardHeight(0)*1.4)
	if f.dense {
		h = max(f.CardHeight(f.body.W, button), min(h, f.body.H-f.gap()-f.Height(f.body.W, seconds)))
	}
	f.Card(f.take(h), button)
	f.body.CutTop(f.gap())
	f.Text(f.take(f.Height(f.body.W, seconds)), seconds)
	return f.page()
}
