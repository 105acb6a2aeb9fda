package screens

import (
	"fmt"
	"image/color"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/ui/speech/ears"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// ticket shows the booking: ticket number and room as large as they fit, the countdown of the hold, and whether
// the ticket was printed.
func ticket(e Env, s kiosk.State) Page {
	q := question{title: e.t("ticket.title"), sub: e.t(ticketSub(s)), subLast: true, foot: ticketFoot(e, s)}
	if s.Booking.HoldOver {
		q.title, q.sub = e.t("ticket.over_title"), e.t("ticket.over_sub")
	}
	switch v := s.Booking.Visit; {
	case v == kiosk.VisitMade:
		q.title = e.t("ticket.visited")
	case v.Busy():
		q.sub, q.foot = e.t("ticket.visiting"), nil
	}
	f := newFrame(e, s, q)
	gap := f.gap()
	rest, note := f.holdHeight(s)+gap, f.paperHeight(s, f.body.W)
	aside := !f.dense && f.paperHeight(s, f.side.W) <= f.side.H
	if !aside && !f.turned {
		rest += note
	}
	if !f.turned {
		rest += f.knownHeight(s)
	}
	f.numbers(s.Booking.Ticket, rest)
	room := f.body.H - gap - f.knownHeight(s)
	switch {
	case f.turned:
		room -= f.Height(f.body.W, widgets.Text{String: q.sub, Role: theme.Body}) + gap
	case !aside:
		room -= note + gap
	}
	if code := f.codeHeight(s); f.holdHeight(s)+code <= room {
		room -= code
	}
	f.growRing(s, room)
	f.hold(s)
	if f.turned {
		f.denseSub()
		f.holdAdvice(s)
		f.visitCard(s.Booking.Ticket)
	}
	if aside {
		f.paper(f.side.CutBottom(f.paperHeight(s, f.side.W)), s) // above the button for a copy
	} else {
		f.paper(f.take(note), s)
		f.body.CutTop(gap)
	}
	f.knownCard(s)
	f.codeCard(s)
	return f.page()
}

// ofTicket returns what the clinic itself knows of the visit on a ticket.
func (f *frame) ofTicket(s kiosk.State) []fact {
	t := s.Booking.Ticket
	return f.known(s.Speciality.Code, firstOf(t.Speciality, s.Speciality.Name), t.Room, t.Floor)
}

// knownHeight returns the height of what knownCard draws on one page, with the gap below it.
func (f *frame) knownHeight(s kiosk.State) float32 {
	facts := f.ofTicket(s)
	if len(facts) == 0 || f.turned {
		return 0
	}
	h := f.gap()
	for _, x := range facts {
		caption, text := f.factTexts(x)
		w := f.body.W - f.Look.MM(2*factsPadMM)
		h += f.Height(w, caption) + f.Height(w, text) + f.Look.MM(3)
	}
	return h + f.Look.MM(3)
}

// knownCard draws the way and what to know before the visit.
func (f *frame) knownCard(s kiosk.State) {
	facts := f.ofTicket(s)
	if len(facts) == 0 {
		return
	}
	if f.turned {
		f.sentences(facts)
		return
	}
	l := f.Look
	card := f.take(f.knownHeight(s) - f.gap())
	f.body.CutTop(f.gap())
	f.Box(card, l.Card, l.Line)
	a := card.Inset(l.MM(factsPadMM), l.MM(3))
	for _, x := range facts {
		caption, text := f.factTexts(x)
		a.CutTop(f.Text(a, caption))
		a.CutTop(f.Text(a, text) + l.MM(3))
	}
}

func ticketSub(s kiosk.State) string {
	switch s.Booking.Print {
	case kiosk.PrintDone:
		return "ticket.take"
	case kiosk.PrintPending, kiosk.PrintRunning:
		return "ticket.printing_sub"
	case kiosk.PrintNone, kiosk.PrintFailed, kiosk.PrintUnknown:
	}
	return "ticket.remember"
}

func ticketFoot(e Env, s kiosk.State) []choice {
	finish := choice{id: "nav.home", label: e.t("ticket.done"), style: widgets.Filled, event: kiosk.Home{}}
	if s.Booking.HoldOver || !s.Settings.Print {
		return []choice{finish}
	}
	label := "ticket.copy"
	if s.Booking.Print == kiosk.PrintFailed {
		label = "ticket.again"
	}
	return []choice{e.copyChoice(s, label), finish}
}

// copyChoice returns the button that prints again. While a print is in progress it is only a free place, so that
// «Готово» stays where it is and a second tap on it prints nothing.
func (e Env) copyChoice(s kiosk.State, label string) choice {
	c := choice{id: "copy", icon: "printer", label: e.t(label), event: kiosk.PrintCopy{}}
	if s.Booking.Print.Busy() {
		c.id = ""
	}
	return c
}

// numbers draws ticket number and room side by side, and the time and the doctor below. The numbers are as large
// as possible while rest pixels stay free below the card.
func (f *frame) numbers(t kiosk.Ticket, rest float32) {
	l := f.Look
	padX, padY := l.MM(9), l.MM(7)
	if f.dense {
		padY = l.MM(3)
	}
	inner := f.body.W - 2*padX
	visit := f.whenAndWho(t)
	below, between := f.StackHeight(inner, visit), l.MM(8)
	if f.turned { // on a card of their own
		below, between = 0, 0
	}
	number := figure{f.t("ticket.number"), t.Num, "", l.Ink}
	room := figure{f.t("ticket.room"), t.Room, f.floor(t.Floor), l.Accent}
	if t.Room == "" {
		room.small = f.t("ticket.ask_room")
	}
	if t.Room == "" && (f.turned || f.dense && l.Portrait()) { // a sentence has no room beside the number
		f.figureCard(number, theme.Hero)
		f.figureCard(room, theme.Lead)
		if !f.turned {
			f.visitCard(t)
		}
		return
	}
	left, right := f.share(inner-l.MM(8), number, room)
	height := func(r theme.Role) float32 {
		return max(f.StackHeight(left, number.texts(l, r)), f.StackHeight(right, room.texts(l, r))) + between + below + 2*padY
	}
	role, least := theme.Figure, theme.Title
	if l.Text == kiosk.TextDouble {
		least = theme.Hero // larger than the normal size draws it
	}
	free := f.body.H
	if f.turned && height(least)+rest > free {
		rest = 0 // that is on another page anyway
	}
	if f.turned && height(least) > free {
		free = f.whole.H // the numbers are on the next page
	}
	for role > least && height(role)+rest > free {
		role--
	}
	h := height(role)
	card := f.take(h)
	f.body.CutTop(f.gap())
	f.Box(card, l.Card, l.Line)
	a := card.Inset(padX, padY)
	bottom := a.CutBottom(below)
	f.Stack(widgets.Area{X: a.X, Y: a.Y, W: left, H: a.H}, number.texts(l, role))
	f.Stack(widgets.Area{X: a.X + a.W - right, Y: a.Y, W: right, H: a.H}, room.texts(l, role))
	if below == 0 {
		return
	}
	f.Box(widgets.Area{X: a.X, Y: a.Y + a.H - between/2, W: a.W, H: max(1, l.MM(theme.LineMM))}, l.Line, nil)
	f.Stack(bottom, visit)
}

// visitCard draws the time and the doctor on a card of their own.
func (f *frame) visitCard(t kiosk.Ticket) {
	l := f.Look
	visit := f.whenAndWho(t)
	card := f.take(f.StackHeight(f.body.W-l.MM(18), visit) + l.MM(6))
	f.body.CutTop(f.gap())
	f.Box(card, l.Card, l.Line)
	f.Stack(card.Inset(l.MM(9), l.MM(3)), visit)
}

// figureCard draws a figure on a card of its own.
func (f *frame) figureCard(x figure, role theme.Role) {
	l := f.Look
	card := f.take(f.StackHeight(f.body.W-l.MM(18), x.texts(l, role)) + l.MM(6))
	f.body.CutTop(f.gap())
	f.Box(card, l.Card, l.Line)
	f.Stack(card.Inset(l.MM(9), l.MM(3)), x.texts(l, role))
}

// share splits a width between two figures in proportion to their values, so that both can have about the same
// text size.
func (f *frame) share(width float32, a, b figure) (left, right float32) {
	const least = 0.36
	need := func(x figure) float32 {
		return f.Width(widgets.Text{String: x.value, Role: theme.Figure, Weight: theme.Bold})
	}
	part := max(least, min(need(a)/(need(a)+need(b)), 1-least))
	return width * part, width * (1 - part)
}

// floor returns the floor in words, or an empty text for 0.
func (e Env) floor(floor int) string {
	if floor == 0 {
		return ""
	}
	return e.Lang.Text("place.floor", map[string]any{"Floor": floor})
}

// whenAndWho returns the time of a ticket and its doctor.
func (f *frame) whenAndWho(t kiosk.Ticket) widgets.Stack {
	l := f.Look
	var when, who widgets.Text
	if !t.Begin.IsZero() {
		when.String = f.longDate(t.Begin) + ", " + clock(t.Begin)
	}
	when.String = upperFirst(when.String)
	when.Role, when.Weight, when.Color, when.Lines = f.factsRole(), theme.SemiBold, l.Ink, 2
	who = widgets.Text{
		String: join(", ", t.Doctor, lowerFirst(firstOf(t.Speciality, t.Post))),
		Role:   theme.Body,
		Color:  l.SoftInk,
		Lines:  3,
	}
	if f.roomy() {
		who.Role = theme.Strong
	}
	return widgets.Stack{Texts: []widgets.Text{when, who}, Gap: l.MM(1)}
}

// firstOf returns the first text that is not empty.
func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// figure is a caption, a large value, and a small line. Value and small line may be blank.
type figure struct {
	caption, value, small string
	color                 color.Color
}

// texts returns the figure's texts without the blank ones. Without a value, the small line is emphasised.
func (x figure) texts(l theme.Look, role theme.Role) widgets.Stack {
	all := []widgets.Text{{String: x.caption, Role: theme.Body, Color: l.SoftInk, Lines: 1}}
	if x.value != "" {
		all = append(all, widgets.Text{
			String: x.value, Aloud: ears.Spelled(x.value), Role: role, Weight: theme.Bold, Color: x.color, Lines: 1,
		})
	}
	switch {
	case x.small == "":
	case x.value == "":
		all = append(all, widgets.Text{String: x.small, Role: theme.Lead, Weight: theme.SemiBold, Color: x.color, Lines: 3})
	default:
		all = append(all, widgets.Text{String: x.small, Role: theme.Body, Color: l.SoftInk, Lines: 4})
	}
	return widgets.Stack{Texts: all}
}

// hold draws the countdown of the hold, or a note if the hold is over. The time shown never exceeds the registry's
// hold.
func (f *frame) hold(s kiosk.State) {
	l := f.Look
	if n, ok := f.holdNote(s); ok {
		f.message(n.Icon, n.Title, n.Sub)
		return
	}
	texts := f.holdTexts(s)
	card := f.take(f.holdHeight(s))
	f.body.CutTop(f.gap())
	f.Box(card, l.HoldGround, l.HoldLine)
	room := card.Inset(l.MM(7), f.holdPad())
	ring := f.Ring(room.CutLeft(f.ringSide()), countdown(max(s.Settings.Hold, s.Booking.Hold.Left(f.Now))))
	room.CutLeft(l.MM(6))
	room.CutTop((room.H - f.StackHeight(room.W, texts)) / 2)
	f.Stack(room, texts)
	show := func(now time.Time) {
		left := s.Booking.Hold.Left(now)
		ring.Show(float32(left)/float32(s.Settings.Hold), countdown(left))
	}
	show(f.Now)
	if f.shown() {
		f.ring = ring
		f.live = append(f.live, show)
	}
}

// holdNote returns what stands in the place of the countdown where nothing counts down: the hold is over, the visit is
// being made, or it is made.
func (f *frame) holdNote(s kiosk.State) (n widgets.Note, ok bool) {
	switch v := s.Booking.Visit; {
	case s.Booking.HoldOver:
		return widgets.Note{Icon: "clock", Title: f.t("ticket.over"), Sub: f.desk(s.Overview.Clinic)}, true
	case v == kiosk.VisitMade:
		return widgets.Note{Icon: "check", Title: f.t("ticket.visited_note"), Sub: f.t("ticket.visited_sub")}, true
	case v.Busy():
		return widgets.Note{Icon: "clock", Title: f.t("ticket.visiting"), Sub: f.t("ticket.visiting_sub")}, true
	}
	return n, false
}

// holdSub returns the text that says what to do before the hold ends.
func (e Env) holdSub(s kiosk.State) string {
	switch s.Booking.Visit {
	case kiosk.VisitRefused:
		return e.t("ticket.visit_refused")
	case kiosk.VisitUnknown:
		return e.Lang.Text("ticket.visit_unknown", map[string]any{"Code": kiosk.Code(s.Booking.Operation)})
	case kiosk.VisitNone, kiosk.VisitPending, kiosk.VisitRunning, kiosk.VisitMade:
	}
	return e.t("ticket.hold_sub")
}

// countdown formats a duration as minutes and seconds, rounded up to a whole second.
func countdown(left time.Duration) string {
	seconds := int((left + time.Second - 1) / time.Second)
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// growRing makes the countdown as large as fits into a height, but not larger than is read at a glance.
func (f *frame) growRing(s kiosk.State, height float32) {
	l := f.Look
	for side := min(l.MM(mostRingMM), f.body.W*0.4); side > f.ringSide(); side -= l.MM(2) {
		f.ringPx = side
		if f.holdHeight(s) <= height {
			return
		}
		f.ringPx = 0
	}
}

// mostRingMM is the greatest diameter of the countdown ring in millimetres.
const mostRingMM = 90

// ringSide returns the diameter of the countdown ring: the least, unless growRing found a larger one.
func (f *frame) ringSide() float32 {
	if f.ringPx > 0 {
		return f.ringPx
	}
	least := f.Look.MM(26)
	if f.roomy() {
		least = f.Look.MM(36)
	}
	return max(least, f.Look.Size(theme.Strong)*3.4, f.LeastRing("00:00")+1)
}

// holdTexts returns the texts beside the countdown.
func (f *frame) holdTexts(s kiosk.State) widgets.Stack {
	until := f.heldUntil(s.Booking.Hold.Shown, s.Booking.Ticket.Begin)
	title := widgets.Text{String: until, Role: f.factsRole(), Weight: theme.SemiBold, Color: f.Look.Hold, Lines: 2}
	sub := widgets.Text{String: f.holdSub(s), Role: theme.Body, Color: f.Look.Hold, Lines: 7}
	if f.turned {
		sub.String = "" // see holdAdvice
	}
	return widgets.Stack{Texts: []widgets.Text{title, sub}, Gap: f.Look.MM(1)}
}

// holdAdvice says what to do before the hold ends, where the card of the countdown has no room for it.
func (f *frame) holdAdvice(s kiosk.State) {
	if _, note := f.holdNote(s); !note {
		f.paragraph(widgets.Text{String: f.holdSub(s), Role: theme.Body, Color: f.Look.Ink})
		f.body.CutTop(f.gap())
	}
}

// holdHeight returns the height of what hold draws.
func (f *frame) holdHeight(s kiosk.State) float32 {
	if n, ok := f.holdNote(s); ok {
		return f.NoteHeight(f.body.W, n)
	}
	l := f.Look
	w := f.body.W - f.ringSide() - l.MM(20)
	return max(f.ringSide(), f.StackHeight(w, f.holdTexts(s))) + 2*f.holdPad()
}

// holdPad returns the space above and below the countdown.
func (f *frame) holdPad() float32 {
	if f.dense {
		return f.Look.MM(2)
	}
	return f.Look.MM(5)
}

// codeMM is the side of the ticket's QR code in millimetres.
const codeMM = 48

// codeTexts returns the texts beside the QR code.
func (f *frame) codeTexts() widgets.Stack {
	l := f.Look
	title := widgets.Text{String: f.t("ticket.photo"), Role: theme.Strong, Weight: theme.SemiBold, Color: l.Ink}
	sub := widgets.Text{String: f.t("ticket.photo_sub"), Role: theme.Body, Color: l.SoftInk}
	return widgets.Stack{Texts: []widgets.Text{title, sub}, Gap: l.MM(1)}
}

// codeHeight returns the height of what codeCard draws, 0 if nothing.
func (f *frame) codeHeight(s kiosk.State) float32 {
	failed := s.Booking.Print == kiosk.PrintFailed || s.Booking.Print == kiosk.PrintUnknown ||
		s.Booking.Print == kiosk.PrintNone && !s.Settings.Print
	if !failed || s.Booking.HoldOver || s.Booking.Ticket.GUID == uuid.Nil {
		return 0
	}
	words := f.StackHeight(f.body.W-f.Look.MM(codeMM+20), f.codeTexts())
	return max(f.Look.MM(codeMM), words) + f.Look.MM(10)
}

// codeCard draws the ticket's QR code, to be photographed, if no ticket was printed and the page has room for it.
func (f *frame) codeCard(s kiosk.State) {
	h := f.codeHeight(s)
	if h == 0 || !f.turned && f.body.H < h {
		return
	}
	l := f.Look
	card := f.take(h)
	f.Box(card, l.Card, l.Line)
	room := card.Inset(l.MM(7), l.MM(5))
	f.QR(room.CutLeft(l.MM(codeMM)), s.Booking.Ticket.GUID.String())
	room.CutLeft(l.MM(6))
	room.CutTop((room.H - f.StackHeight(room.W, f.codeTexts())) / 2)
	f.Stack(room, f.codeTexts())
}

// paper draws the state of printing. It says that the ticket is printed only if the printer has confirmed it.
func (f *frame) paper(a widgets.Area, s kiosk.State) {
	if n, ok := f.paperNote(s); ok {
		f.Note(a, n)
	}
}

// paperHeight returns the height of what paper draws.
func (f *frame) paperHeight(s kiosk.State, width float32) float32 {
	n, ok := f.paperNote(s)
	if !ok {
		return 0
	}
	return f.NoteHeight(width, n)
}

func (e Env) paperNote(s kiosk.State) (n widgets.Note, ok bool) {
	if s.Booking.HoldOver || !s.Settings.Print {
		return n, false
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
	return widgets.Note{Icon: note[0], Title: e.t(note[1]), Sub: e.t(note[1] + "_sub")}, true
}
