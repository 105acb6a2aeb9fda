package screens

import (
	"fmt"
	"image/color"
	"time"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// ticket shows the booking: number and room as large as they go, how long it is held, and what became of the paper.
func ticket(e Env, s kiosk.State) Page {
	q := question{title: e.t("ticket.title"), sub: e.t(ticketSub(s)), done: steps, foot: ticketFoot(e, s)}
	if s.Booking.HoldOver {
		q.title, q.sub = e.t("ticket.over_title"), e.t("ticket.over_sub")
	}
	f := newFrame(e, s, q)
	f.numbers(s.Booking.Ticket)
	f.hold(s)
	f.paper(s)
	return f.page()
}

func ticketSub(s kiosk.State) string {
	switch s.Booking.Print {
	case kiosk.PrintDone:
		return "ticket.take"
	case kiosk.PrintPending, kiosk.PrintRunning:
		return "ticket.printing_sub"
	}
	return "ticket.remember"
}

func ticketFoot(e Env, s kiosk.State) []choice {
	finish := choice{id: "nav.home", label: e.t("ticket.done"), style: widgets.Filled, event: kiosk.Home{}}
	if s.Booking.HoldOver || !s.Settings.Print || s.Booking.Print.Busy() {
		return []choice{finish}
	}
	label := "ticket.copy"
	if s.Booking.Print == kiosk.PrintFailed {
		label = "ticket.again"
	}
	return []choice{{id: "copy", icon: "printer", label: e.t(label), event: kiosk.PrintCopy{}}, finish}
}

// numbers draws number and room side by side, and below them when and to whom.
func (f *frame) numbers(t kiosk.Ticket) {
	l := f.Look
	pad := l.MM(9)
	inner := f.body.W - 2*pad
	figure := l.Size(theme.Figure) * 1.22
	when, who := f.whenAndWho(t)
	below := f.Height(inner, when) + f.Height(inner, who) + l.MM(1)
	caption := l.Size(theme.Small) * 1.22
	h := min(f.body.H*0.62, pad*2+caption*2+figure+l.MM(5)+below)
	card := f.body.CutTop(h)
	f.body.CutTop(l.MM(theme.GapMM))
	f.Box(card, l.Card, l.Line)
	room := card.Inset(pad, pad*0.8)
	bottom := room.CutBottom(below)
	room.CutBottom(l.MM(4))
	f.Box(widgets.Area{X: room.X, Y: room.Y + room.H, W: room.W, H: max(1, l.MM(0.4))}, l.Line, nil)
	left := room.CutLeft(room.W * 0.56)
	left.W -= l.MM(8)
	f.figure(left, f.t("ticket.number"), t.Num, "", l.Ink)
	floor := ""
	if t.Floor != 0 {
		floor = f.Lang.Text("place.floor", map[string]any{"Floor": t.Floor})
	}
	number, captionID := t.Room, "ticket.room"
	if number == "" {
		f.figure(room, f.t(captionID), "", f.t("ticket.ask_room"), l.Accent)
	} else {
		f.figure(room, f.t(captionID), number, floor, l.Accent)
	}
	bottom.CutTop(f.Text(bottom, when) + l.MM(1))
	f.Text(bottom, who)
}

func (f *frame) whenAndWho(t kiosk.Ticket) (when, who widgets.Text) {
	l := f.Look
	if !t.Begin.IsZero() {
		when.String = f.longDate(t.Begin) + ", " + clock(t.Begin)
	}
	when.Role, when.Weight, when.Color, when.Lines = theme.Strong, theme.SemiBold, l.Ink, 2
	who = widgets.Text{String: join(", ", t.Doctor, lower(firstOf(t.Speciality, t.Post))), Role: theme.Body, Color: l.SoftInk, Lines: 2}
	return when, who
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// figure draws a caption, a value as large as the width lets it be, and a small line.
func (f *frame) figure(a widgets.Area, caption, value, small string, c color.Color) {
	l := f.Look
	a.CutTop(f.Text(a, widgets.Text{String: caption, Role: theme.Small, Color: l.SoftInk, Lines: 1}))
	if value != "" {
		t := widgets.Text{String: value, Role: theme.Figure, Weight: theme.Bold, Color: c, Lines: 1}
		if f.Height(a.W-l.MM(4), t) > a.H {
			t.Role = theme.Hero
		}
		a.CutTop(f.Text(widgets.Area{X: a.X, Y: a.Y, W: a.W - l.MM(4), H: a.H}, t) * 0.94)
	}
	if small != "" {
		f.Text(a, widgets.Text{String: small, Role: theme.Small, Color: l.SoftInk, Lines: 3})
	}
}

// hold draws the countdown. It never promises more than the registry holds, and says that it cannot be prolonged.
func (f *frame) hold(s kiosk.State) {
	l := f.Look
	if s.Booking.HoldOver {
		f.message("clock", f.t("ticket.over"), f.desk(s.Overview.Clinic))
		return
	}
	title := widgets.Text{String: f.heldUntil(s.Booking.Hold.Until, s.Booking.Ticket.Begin), Role: theme.Strong, Weight: theme.SemiBold, Color: l.Hold, Lines: 2}
	sub := widgets.Text{String: f.t("ticket.hold_sub"), Role: theme.Body, Color: l.Hold, Lines: 4}
	ringSide := max(l.MM(26), l.Size(theme.Strong)*3.4)
	w := f.body.W - ringSide - l.MM(20)
	text := f.Height(w, title) + l.MM(1) + f.Height(w, sub)
	card := f.body.CutTop(min(f.body.H, max(ringSide, text)+l.MM(12)))
	f.body.CutTop(l.MM(theme.GapMM))
	f.Box(card, l.HoldGround, l.HoldLine)
	room := card.Inset(l.MM(7), l.MM(4))
	ring := f.Ring(room.CutLeft(ringSide))
	room.CutLeft(l.MM(6))
	room.CutTop((room.H - text) / 2)
	room.CutTop(f.Text(room, title) + l.MM(1))
	f.Text(room, sub)
	show := func(now time.Time) {
		left := s.Booking.Hold.Left(now)
		seconds := int((left + time.Second - 1) / time.Second)
		ring.Show(float32(left)/float32(s.Settings.Hold), fmt.Sprintf("%d:%02d", seconds/60, seconds%60))
	}
	show(f.Now)
	f.live = append(f.live, show)
}

// paper says what became of the paper: never "printed" where the printer has not confirmed it.
func (f *frame) paper(s kiosk.State) {
	if s.Booking.HoldOver || !s.Settings.Print {
		return
	}
	notes := map[kiosk.PrintState][2]string{
		kiosk.PrintNone:    {"printer", "ticket.printing"},
		kiosk.PrintPending: {"printer", "ticket.printing"},
		kiosk.PrintRunning: {"printer", "ticket.printing"},
		kiosk.PrintDone:    {"check", "ticket.printed"},
		kiosk.PrintFailed:  {"printer-off", "ticket.not_printed"},
		kiosk.PrintUnknown: {"question", "ticket.print_unknown"},
	}
	note := notes[s.Booking.Print]
	f.message(note[0], f.t(note[1]), f.t(note[1]+"_sub"))
}
