package kiosk

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Offer is a booking of an earlier life of the program that is still held and has no sure paper.
type Offer struct {
	Record
	Until time.Time // the end of the hold, on the monotonic clock
	sure  bool      // it was not judged by the terminal's wall clock, which somebody may have set
}

// recovered sorts what a crash left unfinished. Nothing is printed and nothing is sent by itself: what was only intended is closed as not
// sent, what was sent without an answer is unknown and its cell is looked at, so is a print that had begun, a booking that is still held and
// has no sure paper is offered on the screen, and what has run out is done.
func recovered(s State, now time.Time, e Recovered) (State, []Command) {
	var commands []Command
	for _, r := range e.Records {
		var end Stage
		if r, end = sortUnfinished(r); end != "" {
			commands = append(commands, WriteRecord{Record{Operation: r.Operation, Stage: end, Job: r.Job}})
		}
		switch {
		case ended[end]:
		case r.Num == "":
			s.Reconciling = append(slices.Clip(s.Reconciling), lookAt(r, now.Add(s.Settings.Hold)))
		default:
			var more []Command
			s, more = judge(s, now, r, e)
			commands = append(commands, more...)
		}
	}
	return showOffers(s), commands
}

// ended are the stages after which nothing follows.
var ended = map[Stage]bool{StageDone: true, StageUnreachable: true}

// sortUnfinished gives the record with the stage that it has to take, and that stage where it is another; "": none.
func sortUnfinished(r Record) (Record, Stage) {
	was := r.Stage
	switch {
	case was == StageIntent:
		r.Stage = StageUnreachable
	case was == StageSent:
		r.Stage = StageUnknown
	case was == StagePrinting:
		r.Stage = StagePrintUnknown
	case was == StagePrinted && r.Num != "":
		r.Stage = StageDone
	}
	if r.Stage == was {
		return r, ""
	}
	return r, r.Stage
}

// judge decides whether a booking is still held. Where the program was restarted and not the machine, the machine's own clock knows exactly. After a
// restart of the machine the registry's clock decides; until it is known the terminal's own may offer a booking, where what it shows can be, but not
// close one: it may have been wrong before, or be now.
func judge(s State, now time.Time, r Record, e Recovered) (State, []Command) {
	left, sure := r.UptimeUntil-e.Uptime, r.Boot != "" && r.Boot == e.Boot
	if !sure {
		left, sure = r.HoldUntil.Sub(s.Clock.at(now)), s.Clock.Known
	}
	left = min(left, s.Settings.Hold)
	possible := sure || !now.Round(0).Before(r.At.Round(0))
	switch {
	case left > 0 && possible:
		s.Offers = append(slices.Clip(s.Offers), Offer{Record: r, Until: now.Add(left), sure: sure})
	case sure:
		return s, closing(Leaving{Operation: r.Operation})
	default:
		s.Unjudged = append(slices.Clip(s.Unjudged), r)
	}
	return s, nil
}

// showOffers puts the first offer on the screen where nobody is in the middle of something, and takes the last one away.
func showOffers(s State) State {
	switch {
	case len(s.Offers) > 0 && (s.Step == StepClosed || s.Step == StepWelcome):
		s.Step = StepOffer
	case len(s.Offers) == 0 && s.Step == StepOffer:
		return wipe(s)
	}
	return s
}

// clockMeasured judges again what was judged by the terminal's own clock, or could not be.
func clockMeasured(s State, now time.Time, e ClockMeasured) (State, []Command) {
	s.Clock = e.Clock
	again := s.Unjudged
	s.Unjudged = nil
	var offers []Offer
	for _, o := range s.Offers {
		if o.sure || !e.Clock.Known {
			offers = append(offers, o)
			continue
		}
		again = append(slices.Clip(again), o.Record)
	}
	s.Offers = offers
	var commands []Command
	for _, r := range again {
		var more []Command
		s, more = judge(s, now, r, Recovered{})
		commands = append(commands, more...)
	}
	return showOffers(s), commands
}

// slept takes the time that the machine was asleep off everything that ends at an instant.
func slept(s State, e Slept) State {
	back := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(-e.For)
		}
	}
	for _, t := range []*time.Time{&s.Touched, &s.Booking.Asked, &s.Booking.WaitUntil, &s.Booking.Hold.From, &s.Booking.Hold.Until} {
		back(t)
	}
	s.Offers, s.Reconciling = slices.Clone(s.Offers), slices.Clone(s.Reconciling)
	for i := range s.Offers {
		back(&s.Offers[i].Until)
	}
	for i := range s.Reconciling {
		back(&s.Reconciling[i].until)
		back(&s.Reconciling[i].next)
	}
	return s
}

// acceptOffer turns the offered booking into the visit's own and prints it.
func acceptOffer(s State, now time.Time) (State, []Command) {
	o := s.Offers[0]
	s.Offers = s.Offers[1:]
	s.Step, s.Age = StepTicket, o.Age
	s.Booking = Booking{
		Operation: o.Operation, RetryOf: o.RetryOf, Stage: StageConfirmed,
		Hold:   Hold{From: now, Until: o.Until, Shown: o.HoldUntil},
		Ticket: Ticket{Clinic: s.Overview.Clinic.Name, Num: o.Num, Room: o.Room, Floor: o.Floor, Begin: o.Begin, GUID: o.Record.Ticket},
		Job:    o.Job,
		Jobs:   jobsBefore(o.Record),
	}
	return beginPrint(s)
}

// jobsBefore is 1 where a print may have left paper behind, so that the next is marked as a copy.
func jobsBefore(r Record) int {
	if isNil(r.Job) {
		return 0
	}
	return 1
}

func declineOffer(s State, now time.Time) (State, []Command) {
	left := Leaving{Operation: s.Offers[0].Operation}
	s.Offers = s.Offers[1:]
	s.Touched = now
	return wipe(s), closing(left)
}

// offersExpire closes the offers whose hold has run out.
func offersExpire(s State, now time.Time) (State, []Command) {
	if now.Before(s.Offers[0].Until) {
		return s, nil
	}
	return declineOffer(s, now)
}

// Reconciling is a booking of an earlier life whose end is unknown, while its cell is looked at.
type Reconciling struct {
	Operation uuid.UUID
	cell      Cell
	until     time.Time // from then on the registry cannot hold it any more
	next      time.Time // when to look; zero: at once
	looking   bool
}

func lookAt(r Record, until time.Time) Reconciling {
	return Reconciling{Operation: r.Operation, cell: Cell{GUID: r.Cell, Doctor: r.Doctor, Begin: r.Begin}, until: until}
}

// lookAgainAfter is the pause after a look that told nothing.
const lookAgainAfter = 15 * time.Second

func reconcilingOf(s State, operation uuid.UUID) int {
	return slices.IndexFunc(s.Reconciling, func(r Reconciling) bool { return r.Operation == operation })
}

// reconcile has the cells looked at whose turn it is. Of one whose doctor is not known nothing can be found out.
func reconcile(s State, now time.Time) (State, []Command) {
	if len(s.Reconciling) == 0 {
		return s, nil
	}
	var commands []Command
	var rest []Reconciling
	for _, r := range s.Reconciling {
		if isNil(r.cell.Doctor) {
			commands = append(commands, found(r.Operation, FindingUnread))
			continue
		}
		if !r.looking && !now.Before(r.next) {
			r.looking = true
			commands = append(commands, Recheck{Operation: r.Operation, Cell: r.cell})
		}
		rest = append(rest, r)
	}
	s.Reconciling = rest
	return s, commands
}

// reconciled writes down what the look at a cell has told. One that told nothing is repeated for as long as the registry can hold the cell.
func reconciled(s State, now time.Time, i int, c CellState) (State, []Command) {
	r := s.Reconciling[i]
	s.Reconciling = slices.Clone(s.Reconciling)
	if c == CellUnknown && now.Before(r.until) {
		s.Reconciling[i].looking, s.Reconciling[i].next = false, now.Add(lookAgainAfter)
		return s, nil
	}
	s.Reconciling = slices.Delete(s.Reconciling, i, i+1)
	return s, []Command{found(r.Operation, findings[c])}
}
