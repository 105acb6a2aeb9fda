package screens

import (
	"infomat/kiosk"
	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// The place of «Забронировать». It is the only target that changes anything in the world, so no target of the page
// before, the question for the time, is where it is: a tap too many on a time hits nothing. On a wide panel that is
// the column of the question, on an upright one a strip above the foot in which the question for the time has a note.

// reserveCard returns the card that reserves the chosen time.
func (f *frame) reserveCard(s kiosk.State) widgets.Card {
	minutes := int(s.Settings.Hold.Minutes())
	return widgets.Card{
		Target: widgets.Target{
			ID: "reserve", Style: widgets.Filled, Part: focus.Act,
			OnTap: func() { f.Send(kiosk.Confirm{Operation: newOperation()}) },
		},
		Title: f.t("check.reserve"), Sub: f.Lang.Plural("check.reserve_sub", minutes, nil), SubLines: 3,
	}
}

// reserveMM is the least height of «Забронировать» in millimetres.
const reserveMM = 34

func (f *frame) reserveHeight(width float32, s kiosk.State) float32 {
	return max(f.Look.MM(reserveMM), f.CardHeight(width, f.reserveCard(s)))
}

// cutStrip cuts the strip for «Забронировать» from the bottom of the body of an upright page.
func (f *frame) cutStrip(s kiosk.State) widgets.Area {
	strip := f.body.CutBottom(f.reserveHeight(f.body.W, s))
	f.body.CutBottom(f.Look.MM(theme.GapMM))
	return strip
}

// sideRoom returns the part of the column of the question that is free and can be reached.
func (f *frame) sideRoom() widgets.Area {
	room := f.side
	if l := f.Look; l.Low {
		room.CutTop(max(0, l.Height/2-room.Y))
	}
	return room
}

// reserve draws «Забронировать»: in the strip, in the column of the question, or, if there is room for neither, below
// what was chosen. If the column is low, what the button promises is below what was chosen.
func (f *frame) reserve(s kiosk.State, strip widgets.Area) {
	l, card, room := f.Look, f.reserveCard(s), f.sideRoom()
	bare := card
	bare.Sub = ""
	least := max(l.MM(theme.TargetMM), f.CardHeight(room.W, bare))
	promise := widgets.Text{String: upperFirst(card.Sub), Role: theme.Body, Color: l.SoftInk, Lines: 4}
	switch {
	case strip.H > 0:
		f.Card(strip, card)
	case f.CardFits(room.W, card) && room.H >= f.reserveHeight(room.W, s):
		f.Card(room.CutTop(min(room.H, max(l.MM(startMM), f.reserveHeight(room.W, s)))), card)
	case f.CardFits(room.W, bare) && room.H >= least && f.body.H >= f.Height(f.body.W, promise):
		f.Card(room.CutTop(min(room.H, l.MM(startMM))), bare)
		f.Text(f.take(f.Height(f.body.W, promise)), promise)
	default:
		f.skipUpperHalf()
		f.Card(f.take(max(f.reserveHeight(f.body.W, s), min(l.MM(startMM), f.body.H))), card)
	}
}
