package screens

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// newOperation returns a new identifier for a booking. Each tap that starts a booking uses a new one.
func newOperation() uuid.UUID { return uuid.New() }

// reserving shows that the registry is being asked. The page has no button, because the answer may be a booking
// and comes within a limited time.
func reserving(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{})
	title, sub := f.t("reserving.title"), f.t("reserving.sub")
	switch {
	case !s.Booking.WaitUntil.IsZero():
		seconds := int(s.Booking.WaitUntil.Sub(e.Now)/time.Second) + 1
		title, sub = f.t("reserving.busy"), f.Lang.Plural("reserving.busy_sub", max(1, seconds), nil)
	case s.Booking.Stage == kiosk.StageUnknown:
		title, sub = f.t("reserving.checking"), f.t("reserving.checking_sub")
	}
	f.waiting("clock", title, sub, join(", ", upperFirst(f.longDate(s.Cell.Begin)), clock(s.Cell.Begin)))
	return f.page()
}

// waiting draws a picture, texts and a progress animation in the middle of the body.
func (f *frame) waiting(icon, title, sub, what string) {
	l := f.Look
	texts := []widgets.Text{
		{String: title, Role: theme.Title, Weight: theme.Bold, Color: l.Ink},
		{String: what, Role: theme.Lead, Weight: theme.SemiBold, Color: l.Accent},
		{String: sub, Role: theme.Strong, Color: l.SoftInk, Passing: true},
	}
	side, gap, dots := min(l.MM(92), f.body.H*0.36), l.MM(7), l.MM(dotMM)
	if f.dense {
		side, gap = 0, l.MM(4)
	}
	h := side + gap + dots
	for _, t := range texts {
		h += gap + f.Height(f.body.W, t)
	}
	f.body.CutTop((f.body.H - h) * 0.45)
	if side > 0 {
		disc := f.take(side)
		disc.X, disc.W = disc.X+(disc.W-side)/2, side
		f.Disc(disc, l.Tint, nil)
		f.Icon(disc.Inset(side*0.24, side*0.24), icon, l.Accent)
	}
	for _, t := range texts {
		t.Align = fyne.TextAlignCenter
		f.body.CutTop(gap)
		f.Text(f.take(f.Height(f.body.W, t)), t)
	}
	f.body.CutTop(gap)
	f.dots(f.take(dots))
}

// The progress animation: number of dots, and the width of a dot in millimetres.
const (
	dotCount = 5
	dotMM    = 6
)

// dots draws a row of dots of which one at a time is highlighted.
func (f *frame) dots(a widgets.Area) {
	l := f.Look
	a.CutLeft((a.W - a.H*(2*dotCount-1)) / 2)
	var all []*canvas.Circle
	for range dotCount {
		all = append(all, f.Disc(a.CutLeft(a.H), l.Ahead, nil))
		a.CutLeft(a.H)
	}
	f.beat = func(n int) {
		for i, dot := range all {
			dot.FillColor = l.Ahead
			if i == n%dotCount {
				dot.FillColor = l.Accent
			}
			dot.Refresh()
		}
	}
}
