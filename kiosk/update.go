package kiosk

import (
	"slices"
	"time"
)

// Update is the whole logic of the visit: what a state becomes when something happens at an instant, and what is then
// to be done in the world. An event that does not belong to the state (a late answer, a tap on a screen that has just
// gone) changes nothing but the last sign of life.
//
// The functions below change a copy of the state in place. What its slices hold is never changed, because earlier
// states share it.
func Update(s State, now time.Time, e Event) (State, []Command) {
	if e.scope() == tap {
		s.touch(now)
	}
	commands := react(&s, now, e)
	return s, commands
}

// react is the one switch over all events. It handles those that concern the terminal, whatever is on the screen; the
// others belong to the step on the screen.
func react(s *State, now time.Time, e Event) []Command {
	switch e := e.(type) {
	case Back:
		s.touch(now)
		return follow(s, now, steps[s.Step].back)
	case Home:
		s.touch(now)
		return follow(s, now, steps[s.Step].home)
	case Touch:
		s.touch(now)
		return nil
	case SetView:
		s.touch(now)
		s.View = e.View
		return nil
	case Tick:
		return passes(s, now)
	case ServiceChanged:
		return serviceChanged(s, e)
	case OverviewChanged:
		s.Overview = e.Overview
		return nil
	case Recovered:
		return recovered(s, now, e)
	case Slept:
		return slept(s, e)
	case ClockMeasured:
		return clockMeasured(s, now, e)
	case Stopping:
		s.Stopping = true
		return nil
	case Recorded:
		return recorded(s, e)
	case Rechecked:
		return reread(s, now, e)
	case PrintEnded:
		return printEnded(s, now, e)
	case PolicyRead:
		return policyRead(s, now, e)
	case CodeUnreadable:
		return codeUnreadable(s, now)
	case Identified:
		return identified(s, now, e)
	case VisitAnswered:
		return visitAnswered(s, now, e)
	default: // one of a step
		return on(s, now, e)
	}
}

// touch notes that somebody stands before the screen.
func (v *Visit) touch(now time.Time) { v.Touched, v.Warning = now, false }

// serviceChanged closes the terminal on the screens where nothing is at stake. A patient who is further on learns what
// happened from the answer; a booking that is made is never taken from the screen.
func serviceChanged(s *State, e ServiceChanged) []Command {
	s.Service = e.Service
	up := e.Service.Down == ""
	switch {
	case s.Step == StepClosed && up:
		s.Step = StepWelcome
	case s.Step == StepWelcome && !up:
		s.Step = StepClosed
	case steps[s.Step].closes && !up:
		return leave(s)
	}
	return nil
}

// passes lets time do its work: a hold or a wait ends, an idle patient is asked and then his visit ends, and the cells
// are re-read whose state a crash left unknown.
func passes(s *State, now time.Time) []Command {
	commands := reconcile(s, now)
	switch steps[s.Step].tick {
	case asksAgain:
		commands = append(commands, askAgain(s, now)...)
	case holds:
		holdExpires(s, now)
	case offers:
		commands = append(commands, offersExpire(s, now)...)
	case nothing:
	}
	return append(commands, idle(s, now)...)
}

// idle asks a patient who does not move whether he is still there, and then ends his visit. A screen at rest asks
// nobody.
func idle(s *State, now time.Time) []Command {
	if !mayIdle(s) {
		return nil
	}
	quiet := now.Sub(s.Touched)
	most := s.Settings.Idle
	if steps[s.Step].personal {
		most = min(most, identityIdle)
	}
	if quiet >= most+s.Settings.Warning {
		return follow(s, now, steps[s.Step].home)
	}
	s.Warning = quiet >= most && !atRest(s)
	return nil
}

// mayIdle reports whether the screen may be taken from a patient who does not move. A number without paper stays as
// long as the registry holds it, and a print in progress is waited for.
func mayIdle(s *State) bool {
	switch b := &s.Booking; steps[s.Step].idle {
	case whenViewed:
		return s.View != s.Settings.View
	case whenTouched:
		return true
	case whenPrinted:
		return !b.Print.Busy()
	case whenHoldOver:
		return b.Print == PrintDone || (b.HoldOver || b.LongShown) && !b.Print.Busy() && !b.Visit.Busy()
	case never:
	}
	return false
}

// slept takes the time that the computer was asleep off everything that ends at an instant.
func slept(s *State, e Slept) []Command {
	back := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(-e.For)
		}
	}
	b := &s.Booking
	for _, t := range []*time.Time{&s.Touched, &b.Asked, &b.WaitUntil, &b.Hold.From, &b.Hold.Until, &s.DigitAt} {
		back(t)
	}
	s.Failures = slices.Clone(s.Failures)
	for i := range s.Failures {
		back(&s.Failures[i])
	}
	s.Offers, s.Reconciling = slices.Clone(s.Offers), slices.Clone(s.Reconciling)
	for i := range s.Offers {
		back(&s.Offers[i].Until)
	}
	for i := range s.Reconciling {
		back(&s.Reconciling[i].until)
		back(&s.Reconciling[i].next)
	}
	return nil
}
