package screens

import (
	"infomat/kiosk"
	"infomat/ui/focus"
	"infomat/ui/speech/ears"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// refusal describes how to present a refusal of the registry.
type refusal struct {
	id   string
	icon string
	age  bool // offer another age category
	doc  bool // offer another doctor
}

// refusals holds the presentation of each meaning.
//
//exhaustive:enforce
var refusals = map[kiosk.Meaning]refusal{
	kiosk.MeaningCellTaken: {id: "taken", icon: "clock"},
	kiosk.MeaningChildren:  {id: "children", icon: "child", age: true},
	kiosk.MeaningForbidden: {id: "forbidden", icon: "door"},
	kiosk.MeaningAlready:   {id: "already", icon: "check"},
	kiosk.MeaningAgeLimit:  {id: "age_limit", icon: "person", age: true, doc: true},
	kiosk.MeaningAccess:    {id: "access", icon: "no-connection"},
	kiosk.MeaningBusy:      {id: "busy", icon: "clock"},
	kiosk.MeaningPatient:   {id: "patient", icon: "policy"},
	kiosk.MeaningOurFault:  {id: "general", icon: "warning"},
	kiosk.MeaningOther:     {id: "general", icon: "warning"},
}

// refused shows that the registry refused the booking: the registry's own text if it is meant for patients,
// otherwise a text of the language file, and what the patient can do next.
func refused(e Env, s kiosk.State) Page {
	r := refusals[s.Booking.Refusal.Meaning]
	f := newFrame(
		e,
		s,
		question{title: e.t("refused." + r.id), sub: e.t("refused.nothing"), icon: r.icon, foot: []choice{e.home()}},
	)
	text := s.Booking.Refusal.Text
	if text == "" {
		text = f.t("refused." + r.id + "_sub")
	}
	f.textCard("info", text)
	f.nextSteps(r, s)
	return f.page()
}

// textCard draws a longer text with an icon in a card of its own.
func (f *frame) textCard(icon, text string) {
	l := f.Look
	if f.dense {
		f.paragraph(widgets.Text{String: text, Role: theme.Body, Weight: theme.Medium, Color: l.Ink})
		f.body.CutTop(f.gap())
		return
	}
	t := widgets.Text{String: text, Role: theme.Strong, Weight: theme.Medium, Color: l.Ink, Lines: 9}
	side := l.MM(19)
	w := f.body.W - side - l.MM(20)
	h := max(side, f.Height(w, t)) + l.MM(14)
	card := f.take(h)
	f.body.CutTop(l.MM(theme.GapMM))
	f.Box(card, l.Card, l.Line)
	room := card.Inset(l.MM(7), l.MM(7))
	square := room.CutLeft(side)
	square.H = side
	f.Box(square, l.Tint, nil)
	f.Icon(square.Inset(side*0.23, side*0.23), icon, l.Accent)
	room.CutLeft(l.MM(6))
	f.Text(room, t)
}

// nextSteps draws a card for each change that may help, or the way to the registration desk if there is none.
func (f *frame) nextSteps(r refusal, s kiosk.State) {
	var list []widgets.Card
	if r.doc && s.Speciality.Code != "" {
		list = append(list, f.step("change.doctor", "person", kiosk.ChangeDoctor{}))
	}
	if r.age && !s.Known { // the age of a patient who is known is what it is
		list = append(list, f.step("change.age", "child", kiosk.ChangeAge{}))
	}
	if len(list) == 0 {
		f.message("door", f.t("desk.title"), f.desk(s.Overview.Clinic))
		return
	}
	f.cards(list, 34)
}

// step returns a card that sends an event.
func (f *frame) step(id, icon string, event kiosk.Event) widgets.Card {
	return widgets.Card{
		Target: widgets.Target{ID: id, Style: widgets.Plain, OnTap: f.tap(event)},
		Icon:   icon, Title: f.t(id), Sub: f.t(id + "_sub"),
	}
}

// unconfirmed shows that the result of the booking is unknown, with the code by which the registration desk can
// look it up.
func unconfirmed(e Env, s kiosk.State) Page {
	foot := []choice{{id: "nav.home", label: e.t("ticket.done"), style: widgets.Filled, event: kiosk.Home{}}}
	if s.Settings.Print {
		foot = append([]choice{e.copyChoice(s, "unconfirmed.again")}, foot...)
	}
	f := newFrame(
		e,
		s,
		question{title: e.t("unconfirmed.title"), sub: e.t("unconfirmed.sub"), subLast: true, icon: "question", foot: foot},
	)
	l := f.Look
	caption := widgets.Text{String: f.t("unconfirmed.code"), Role: theme.Small, Color: l.Hold, Lines: 3}
	pad := l.MM(6)
	if f.dense {
		pad = l.MM(2)
	}
	card := f.take(f.Height(f.body.W-l.MM(18), caption) + l.Size(theme.Hero)*1.3 + 2*pad + l.MM(1))
	f.body.CutTop(f.gap())
	f.Box(card, l.HoldGround, l.HoldLine)
	room := card.Inset(l.MM(9), pad)
	room.CutTop(f.Text(room, caption))
	code := kiosk.Code(s.Booking.Operation)
	f.Text(
		room,
		widgets.Text{
			String: code, Aloud: ears.Spelled(code), Role: theme.Hero, Weight: theme.Bold, Color: l.Hold, Lines: 1,
		},
	)
	if f.turned {
		f.denseSub()
	}
	f.message("door", f.t("desk.title"), f.desk(s.Overview.Clinic))
	f.slip(s)
	return f.page()
}

// slip shows the state of printing the slip.
func (f *frame) slip(s kiosk.State) {
	switch s.Booking.Print {
	case kiosk.PrintDone:
		f.message("check", f.t("unconfirmed.slip"), f.t("unconfirmed.slip_sub"))
	case kiosk.PrintPending, kiosk.PrintRunning:
		f.message("printer", f.t("unconfirmed.printing"), f.t("unconfirmed.printing_sub"))
	default:
		f.message("info", f.t("unconfirmed.remember"), "")
	}
}

// unreachable shows that nothing was reserved and that the patient can safely try again.
func unreachable(e Env, s kiosk.State) Page {
	again := choice{
		id: "retry", label: e.t("unreachable.retry"), style: widgets.Filled, part: focus.Act,
		event: kiosk.Confirm{Operation: newOperation()},
	}
	f := newFrame(e, s, question{
		title: e.t("unreachable.title"), sub: e.t("unreachable.sub"), icon: "no-connection", foot: []choice{e.home(), again},
	})
	f.message("no-connection", f.t("unreachable.nothing"), f.t("unreachable.nothing_sub"))
	f.message("door", f.t("desk.title"), f.desk(s.Overview.Clinic))
	return f.page()
}

// closedIcons holds the icon for each reason why booking is closed.
//
//exhaustive:enforce
var closedIcons = map[kiosk.Reason]string{
	kiosk.ReasonStarting:  "clock",
	kiosk.ReasonTimetable: "clock",
	kiosk.ReasonRegistry:  "no-connection",
	kiosk.ReasonAccess:    "no-connection",
	kiosk.ReasonJournal:   "warning",
	kiosk.ReasonByHand:    "door",
	kiosk.ReasonRepair:    "door",
	kiosk.ReasonNoPaper:   "printer-off",
	kiosk.ReasonNoClinic:  "door",
}

// closed shows why booking is closed and where to go instead.
func closed(e Env, s kiosk.State) Page {
	reason := s.Service.Down
	if reason == "" {
		reason = kiosk.ReasonStarting
	}
	f := newFrame(
		e,
		s,
		question{
			title: e.t("closed.title." + string(reason)),
			sub:   e.t("closed.sub." + string(reason)),
			icon:  closedIcons[reason],
		},
	)
	f.message("door", f.t("desk.title"), f.desk(s.Overview.Clinic))
	return f.page()
}

// offer shows a booking from before a restart whose ticket may not have been printed. The text says that no ticket
// was printed only if that is certain.
func offer(e Env, s kiosk.State) Page {
	r := s.Offers[0]
	title, sub := e.t("offer.title"), e.t("offer.sub")
	if r.PerhapsPrinted() {
		title, sub = e.t("offer.perhaps"), e.t("offer.perhaps_sub")
	}
	f := newFrame(e, s, question{title: title, sub: sub, foot: []choice{
		{id: "nav.home", label: e.t("offer.no"), event: kiosk.Home{}},
		{id: "copy", icon: "printer", label: e.t("offer.print"), style: widgets.Filled, event: kiosk.PrintCopy{}},
	}})
	until, what := f.heldUntil(r.HoldUntil, r.Begin), f.t("ticket.hold_sub")
	if r.VisitState() == kiosk.VisitMade {
		until, what = f.t("ticket.visited"), f.t("ticket.visited_sub")
	}
	rest := f.NoteHeight(f.body.W, widgets.Note{Icon: "clock", Title: until, Sub: what}) + e.Look.MM(2*theme.GapMM)
	if f.turned {
		rest = 0 // it is on a page of its own
	}
	f.numbers(kiosk.Ticket{Num: r.Num, Room: r.Room, Floor: r.Floor, Begin: r.Begin}, rest)
	f.message("clock", until, what)
	if f.turned {
		f.visitCard(kiosk.Ticket{Begin: r.Begin})
	}
	return f.page()
}
