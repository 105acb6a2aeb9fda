package screens

import (
	"fyne.io/fyne/v2"

	"infomat/kiosk"
	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// The place of «Забронировать». It is the only target that changes anything in the world, so no target of the page
// before, the question for the time, is where it is: a tap too many on a time hits nothing. On a wide panel that is
// the column of the question, otherwise a strip above the foot in which the question for the time has a note. The
// settings of the view and the question whether the patient is still there leave its place free, too.

// Before says where the question for the time had no target, and in which view.
type Before struct {
	free widgets.Area
	in   viewed
}

// viewed is what of a look the places of targets depend on.
type viewed struct {
	width, height float32
	text          kiosk.TextSize
	low           bool
}

func viewedIn(l theme.Look) viewed { return viewed{l.Width, l.Height, l.Text, l.Low} }

// reserveCard returns the card that reserves the chosen time.
func (f *frame) reserveCard(s kiosk.State) widgets.Card {
	minutes := int(s.Settings.Hold.Minutes())
	title, sub := f.t("check.reserve"), f.Lang.Plural("check.reserve_sub", minutes, nil)
	if s.Known && s.Settings.MakeVisit {
		title, sub = f.t("check.make"), f.t("check.make_sub")
	}
	return widgets.Card{
		Target: widgets.Target{
			ID: "reserve", Style: widgets.Filled, Part: focus.Act,
			OnTap: func() { f.Send(kiosk.Confirm{Operation: newOperation()}) },
		},
		Title: title, Sub: sub, SubLines: 3,
	}
}

// reserveMM is the least height of «Забронировать» in millimetres.
const reserveMM = 34

func (f *frame) reserveHeight(width float32, s kiosk.State) float32 {
	return max(f.Look.MM(reserveMM), f.CardHeight(width, f.reserveCard(s)))
}

// bareCard returns the card that reserves, without what it promises.
func (f *frame) bareCard(s kiosk.State) widgets.Card {
	card := f.reserveCard(s)
	card.Sub = ""
	return card
}

func (f *frame) bareHeight(width float32, s kiosk.State) float32 {
	return max(f.Look.MM(theme.TargetMM), f.CardHeight(width, f.bareCard(s)))
}

// fitsBare reports whether an area has room for the card without what it promises.
func (f *frame) fitsBare(a widgets.Area, s kiosk.State) bool {
	return f.CardFits(a.W, f.bareCard(s)) && f.bareHeight(a.W, s) <= a.H+0.5
}

// cutStrip cuts the strip for «Забронировать» from the bottom of the body of an upright or dense page. Its height is
// negative if there is none.
func (f *frame) cutStrip(s kiosk.State) widgets.Area {
	h := f.reserveHeight(f.body.W, s)
	if f.plain {
		h = f.bareHeight(f.body.W, s)
	}
	room := f.allowed(f.body, s)
	strip := room.CutBottom(min(h, room.H))
	f.tight = f.tight || !f.fitsBare(strip, s)
	f.body.H = max(0, strip.Y-f.gap()-f.body.Y)
	return strip
}

// reachable returns the part of an area that can be reached.
func (f *frame) reachable(a widgets.Area) widgets.Area {
	a.CutTop(max(0, f.Look.Reach()-a.Y))
	return a
}

// allowed returns the part of an area in which the page before had no target.
func (f *frame) allowed(a widgets.Area, s kiosk.State) widgets.Area {
	if b := f.Pages.Before; s.Step == kiosk.StepCheck && b.in == f.chosen {
		return a.Overlap(b.free)
	}
	return a
}

// hitsActs reports whether a target is where «Забронировать» of the page below is.
func (f *frame) hitsActs() (hits bool) {
	widgets.Buttons(f.Object(), func(b *widgets.Button, at fyne.Position) {
		size := b.Size()
		here := widgets.Area{X: at.X, Y: at.Y, W: size.Width, H: size.Height}.Overlap(f.acts)
		hits = hits || here.W > 0 && here.H > 0
	})
	return hits
}

// avoidActs cuts from the body what is at the height of «Забронировать» of the page below and what is under that. It
// returns the place of that button, if the body had to give way.
func (f *frame) avoidActs() widgets.Area {
	if f.body.Overlap(f.acts).W <= 0 {
		return widgets.Area{}
	}
	f.body.H = max(0, f.acts.Y-f.gap()-f.body.Y)
	f.whole = f.body
	return f.acts
}

// reserve draws «Забронировать»: in the strip, in the column of the question, or, if there is room for neither, below
// what was chosen. If the column is low, what the button promises is below what was chosen.
func (f *frame) reserve(s kiosk.State, strip widgets.Area) {
	l, card, bare := f.Look, f.reserveCard(s), f.bareCard(s)
	room := f.allowed(f.reachable(f.side), s)
	promise := widgets.Text{String: upperFirst(card.Sub), Role: theme.Body, Color: l.SoftInk, Lines: 4}
	switch {
	case f.turned:
		f.reserveLast(s, promise)
	case strip.H > 0 && f.CardFits(strip.W, card) && f.CardHeight(strip.W, card) <= strip.H:
		f.act(strip, card)
	case strip.H > 0:
		f.Text(f.take(f.Height(f.body.W, promise)), promise)
		f.act(strip, bare)
	case f.CardFits(room.W, card) && room.H >= f.reserveHeight(room.W, s):
		f.act(room.CutTop(min(room.H, max(l.MM(startMM), f.reserveHeight(room.W, s)))), card)
	case f.fitsBare(room, s):
		f.act(room.CutTop(min(room.H, l.MM(startMM))), bare)
		f.Text(f.take(f.Height(f.body.W, promise)), promise)
	default:
		f.tight = true
	}
}

// reserveLast draws «Забронировать» on the last of several pages, with what it promises above it. If the facts are on
// the pages before, it says once more which time it is.
func (f *frame) reserveLast(s kiosk.State, promise widgets.Text) {
	when := widgets.Text{
		String: f.facts(s)[0].text, Role: theme.Strong, Weight: theme.SemiBold, Color: f.Look.Ink, Lines: 3,
	}
	need := f.Height(f.body.W, promise) + f.gap()
	body := f.body
	body.CutTop(need)
	if !f.fitsBare(f.allowed(body, s), s) {
		f.nextLeaf()
	}
	body = f.body
	if body.CutTop(need + f.Height(f.body.W, when) + f.gap()); f.fitsBare(f.allowed(body, s), s) {
		f.Text(f.take(f.Height(f.body.W, when)), when)
		f.body.CutTop(f.gap())
	}
	f.Text(f.take(need-f.gap()), promise)
	f.body.CutTop(f.gap())
	room := f.allowed(f.body, s)
	f.tight = f.tight || !f.fitsBare(room, s)
	f.act(room.CutBottom(min(room.H, f.bareHeight(room.W, s))), f.bareCard(s))
}

// act draws the button that changes something in the world.
func (f *frame) act(a widgets.Area, c widgets.Card) {
	f.Card(a, c)
	if f.shown() {
		f.acting = a
	}
}
