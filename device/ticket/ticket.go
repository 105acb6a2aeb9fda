package ticket

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Ticket is the facts, as the registry tells them: Layout cleans them. A blank one is not printed.
type Ticket struct {
	Clinic      string
	Num         string // as Number has it
	Room        string // as Room has it
	Floor       int    // 0: none
	Doctor      string // several, as Doctor has them
	Post        string
	Speciality  string
	District    string
	Begin       time.Time // shown in its own offset
	HoldUntil   time.Time
	GUID        uuid.UUID // ticketGuid; the QR code
	Issued      time.Time
	Code        string // of the operation, as people read it to each other
	Copy        bool   // printed again: marked so
	Visited     bool   // the visit is made: nothing has to be done before a time
	InDoubt     bool   // whether the visit is made is unknown; the hold stands
	Way         string // to the room, as the clinic tells it
	Bring       string // what to know before the visit, as the clinic tells it
	Unconfirmed bool   // not a ticket but the slip of a result that nobody knows
}

// Words returns a text of the language files with its data filled in. The ids that a ticket uses stand in the
// table [paper].
type Words func(id string, data map[string]any) string

// Layout sets a ticket, or the slip, in lines of a width.
func Layout(t Ticket, columns int, words Words) Document { return Form{}.builtIn(t, columns, words) }

// cleaned returns the facts fit to be printed.
func cleaned(t Ticket) Ticket {
	t.Clinic, t.Num, t.Doctor, t.District = Clean(t.Clinic), Number(t.Num), Doctor(t.Doctor), District(t.District)
	t.Post, t.Speciality, t.Code = named(Clean(t.Post)), named(Clean(t.Speciality)), Clean(t.Code)
	t.Room, t.Floor = Room(t.Room, t.Floor)
	t.Way, t.Bring = Clean(t.Way), CleanLong(t.Bring)
	return t
}

// builtIn is the ticket that every terminal has.
func (f Form) builtIn(t Ticket, columns int, words Words) Document {
	t = cleaned(t)
	d := &Document{columns: columns}
	d.head(f, t, words)
	if t.Unconfirmed {
		d.slip(t, words)
	} else {
		d.ticket(t, words)
	}
	for line := range strings.Lines(f.Footer) {
		d.add(Line{Text: Clean(line), Align: Centre})
	}
	d.add(
		Line{
			Text:  words("paper.issued", map[string]any{"Time": t.Issued.Format("02.01.2006 15:04"), "Code": t.Code}),
			Align: Centre,
			Small: true,
		},
	)
	return *d
}

// copyMark is what tells a copy from afar.
func copyMark(words Words) Line {
	return Line{Text: words("paper.copy", nil), Align: Centre, Bold: true, Inverse: true, Size: 2}
}

// head is what stands above the number.
func (d *Document) head(f Form, t Ticket, words Words) {
	if t.Copy {
		d.add(copyMark(words))
	}
	if f.Logo != nil {
		d.Lines = append(d.Lines, Line{Picture: f.Logo})
	}
	d.add(Line{Text: t.Clinic, Align: Centre, Bold: true})
	for line := range strings.Lines(f.Header) {
		d.add(Line{Text: Clean(line), Align: Centre})
	}
	if len(d.Lines) > 0 {
		d.rule()
	}
}

func (d *Document) ticket(t Ticket, words Words) {
	d.add(Line{Text: words("paper.num", map[string]any{"Num": t.Num}), Align: Centre, Size: 2, Bold: true})
	if t.Room != "" {
		d.add(Line{Text: words("paper.room", map[string]any{"Room": t.Room}), Align: Centre, Size: 2, Bold: true})
	} else {
		d.add(Line{Text: words("paper.ask_room", nil), Align: Centre, Bold: true})
	}
	d.place(t, words)
	d.rule()
	d.when(t, words)
	d.who(t, words)
	d.gap()
	d.next(t, words)
	if t.Bring != "" {
		d.gap()
		d.add(Line{Text: words("paper.bring", nil), Align: Centre, Bold: true})
		d.add(Line{Text: t.Bring, Align: Centre})
	}
	if t.GUID != uuid.Nil {
		d.gap()
		d.Lines = append(d.Lines, Line{QR: t.GUID.String(), Align: Centre})
		d.gap()
	}
}

// next says what the patient has to do.
func (d *Document) next(t Ticket, words Words) {
	if t.Visited {
		d.add(Line{Text: words("paper.visited", nil), Align: Centre, Bold: true})
		d.add(Line{Text: words("paper.visited_next", nil), Align: Centre})
		return
	}
	if t.InDoubt {
		d.add(Line{Text: words("paper.in_doubt", nil), Align: Centre})
	}
	d.add(Line{Text: words("paper.hold", map[string]any{"Time": t.HoldUntil.Format("15:04")}), Align: Centre, Bold: true})
	d.add(Line{Text: words("paper.next", nil), Align: Centre})
}

// place is the floor and the way to the room. A way that tells the floor stands for both.
func (d *Document) place(t Ticket, words Words) {
	floor := ""
	if t.Floor != 0 {
		floor = words("paper.floor", map[string]any{"Floor": t.Floor})
	}
	if !strings.Contains(strings.ToLower(t.Way), strings.ToLower(floor)) {
		d.add(Line{Text: floor, Align: Centre})
	}
	d.add(Line{Text: t.Way, Align: Centre})
}

func (d *Document) slip(t Ticket, words Words) {
	d.add(Line{Text: words("paper.no_ticket", nil), Align: Centre, Size: 2, Bold: true})
	d.add(Line{Text: words("paper.unconfirmed", nil), Align: Centre, Bold: true})
	d.add(Line{Text: words("paper.unconfirmed_sub", nil), Align: Centre})
	d.gap()
	d.add(Line{Text: words("paper.code", nil), Align: Centre})
	d.add(Line{Text: t.Code, Align: Centre, Size: 2, Bold: true})
	d.rule()
	d.when(t, words)
	d.who(t, words)
	d.gap()
}

// when is the day and time of the appointment.
func (d *Document) when(t Ticket, words Words) {
	if t.Begin.IsZero() {
		return
	}
	d.add(Line{Text: words("paper.when", map[string]any{
		"Weekday": weekday(t.Begin, words), "Day": t.Begin.Day(), "Month": month(t.Begin, words),
		"Time": t.Begin.Format("15:04"),
	}), Align: Centre, Bold: true})
}

func weekday(at time.Time, words Words) string {
	return words(fmt.Sprintf("date.weekday.%d", at.Weekday()), nil)
}

func month(at time.Time, words Words) string {
	return words(fmt.Sprintf("date.month.%d", at.Month()), nil)
}

// who is the doctor, the post, the speciality where it is another word than the post, and the district. What the
// doctor's line says already is not said again.
func (d *Document) who(t Ticket, words Words) {
	d.addNames(t.Doctor)
	said := parts(t.Doctor)
	for _, s := range []string{t.Post, t.Speciality} {
		if !slices.ContainsFunc(said, func(other string) bool { return strings.EqualFold(s, other) }) {
			d.add(Line{Text: s, Align: Centre})
		}
		said = append(said, s)
	}
	if t.District != "" {
		d.add(Line{Text: words("paper.district", map[string]any{"District": t.District}), Align: Centre})
	}
}

// Void is what is printed below what a print that broke off may have left on the paper, so that nobody
// takes it for a ticket.
func Void(columns int, words Words) Document {
	d := &Document{columns: columns}
	d.rule()
	d.add(Line{Text: words("paper.void", nil), Align: Centre, Bold: true})
	d.rule()
	return *d
}
