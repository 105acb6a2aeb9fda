package kiosk

import (
	"slices"
	"time"
)

// The offer of a booking that an earlier life of the program left held and without a certain ticket.

// Offer is a booking that is still held. Nothing is printed before a person asks.
type Offer struct {
	Record
	Until time.Time // the end of the hold, on the monotonic clock
	sure  bool      // the hold was not judged by the terminal's wall clock, which may have been set
}

// PerhapsPrinted reports whether a ticket may have come out; false: certainly none did. A copy that failed says
// nothing about the first print.
func (o Offer) PerhapsPrinted() bool {
	return o.Stage == StagePrintUnknown || o.Stage == StagePrintFailed && o.Copy
}

func onOffer(s *State, now time.Time, e Event) []Command {
	switch e.(type) {
	case PrintCopy:
		return acceptOffer(s, now)
	default:
		return nil
	}
}

// acceptOffer makes the offered booking the visit's own and prints it.
func acceptOffer(s *State, now time.Time) []Command {
	o := s.Offers[0]
	s.Offers = s.Offers[1:]
	s.Step, s.Age = StepTicket, o.Age
	s.Booking = Booking{
		Operation: o.Operation, RetryOf: o.RetryOf, Stage: StageConfirmed,
		Hold: Hold{From: now, Until: o.Until, Shown: o.HoldUntil},
		Ticket: Ticket{
			Clinic: s.Overview.Clinic.Name, Num: o.Num, Room: o.Room, Floor: o.Floor, Begin: o.Begin, GUID: o.Record.Ticket,
		},
		Visit: o.VisitState(),
		Job:   o.Job,
		Jobs:  jobsBefore(o.Record),
	}
	return beginPrint(s)
}

// jobsBefore is 1 where a print may have left paper, so that the next is marked as a copy.
func jobsBefore(r Record) int {
	if isNil(r.Job) {
		return 0
	}
	return 1
}

func declineOffer(s *State, now time.Time) []Command {
	end := done(s.Offers[0].Operation, "")
	s.Offers = s.Offers[1:]
	s.Touched = now
	leave(s)
	return []Command{end}
}

// offersExpire closes the offer on the screen when its hold has run out.
func offersExpire(s *State, now time.Time) []Command {
	if now.Before(s.Offers[0].Until) {
		return nil
	}
	return declineOffer(s, now)
}

// showOffers puts the first offer on the screen where nobody is in the middle of something, and takes the last away.
func showOffers(s *State) {
	switch {
	case len(s.Offers) > 0 && atRest(s):
		s.Step = StepOffer
	case len(s.Offers) == 0 && s.Step == StepOffer:
		leave(s)
	}
}

// judge decides whether a booking is still held. Where only the program was restarted, the computer's boot clock knows
// exactly. After a restart of the computer the registry's clock decides; until it is known, the terminal's wall clock
// may offer a booking where what it shows is possible, but not close one: it may be wrong, then or now.
func judge(s *State, now time.Time, r Record, e Recovered) []Command {
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
		return []Command{done(r.Operation, "")}
	default:
		s.Unjudged = append(slices.Clip(s.Unjudged), r)
	}
	return nil
}

// clockMeasured judges again what was judged by the terminal's own clock, or could not be judged.
func clockMeasured(s *State, now time.Time, e ClockMeasured) []Command {
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
		more := judge(s, now, r, Recovered{})
		commands = append(commands, more...)
	}
	showOffers(s)
	return commands
}
