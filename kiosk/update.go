package kiosk

import "time"

// Update is the visit's whole logic: what a state becomes when something happens at an instant, and what is then to be done in the world.
// An event that does not belong to the state (a late answer, a tap on a screen that has just gone) changes nothing. The instant stands
// beside the event, not in each of them, because every event has one.
func Update(s State, now time.Time, e Event) (State, []Command) {
	if byPatient(e) {
		s.Touched, s.Warning = now, false
	}
	switch e := e.(type) {
	case Tick:
		return tick(s, now)
	case ServiceChanged:
		return serviceChanged(s, e)
	case OverviewChanged:
		s.Overview = e.Overview
		return s, nil
	case Recovered:
		return recovered(s, now, e)
	case Slept:
		return slept(s, e), nil
	case ClockMeasured:
		return clockMeasured(s, now, e)
	case SetView:
		s.View = e.View
		return s, nil
	case Touch:
		return s, nil
	case Home:
		return goHome(s, now)
	case Back:
		return goBack(s, now)
	case Recorded:
		return recorded(s, e)
	case Answered:
		return answered(s, now, e)
	case Rechecked:
		return rechecked(s, now, e)
	case PrintEnded:
		return printEnded(s, now, e)
	case PrintCopy:
		return printCopy(s, now)
	case Confirm:
		return confirm(s, now, e)
	case ReserveCell:
		return reserveCell(s, now, e)
	default:
		return choose(s, e)
	}
}

// byPatient tells whether the event shows that somebody stands before the screen.
func byPatient(e Event) bool {
	switch e.(type) {
	case Start, ChooseAge, ChooseSpeciality, ChooseDoctor, ChooseAnyDoctor, ChooseDay, ChooseCell, Confirm, PrintCopy, Back, Home, Touch, ChangeAge, ChangeDoctor, SetView:
		return true
	}
	return false
}

// serviceChanged closes the terminal on the screens where nothing is at stake; a patient who is on the way is told where he stands when
// it matters, and a booking that is made is never taken from the screen.
func serviceChanged(s State, e ServiceChanged) (State, []Command) {
	s.Service = e.Service
	switch s.Step {
	case StepWelcome:
		if e.Service.Down != "" {
			s.Step = StepClosed
		}
	case StepAge, StepSpeciality, StepDoctor, StepTime, StepCheck:
		if e.Service.Down != "" {
			s = wipe(s)
		}
	case StepClosed:
		if e.Service.Down == "" {
			s.Step = StepWelcome
		}
	}
	return s, nil
}

// wipe forgets all that belongs to a visit and shows the first screen.
func wipe(s State) State {
	next := Begin(s.Settings)
	next.Service, next.Overview, next.Offers, next.Leaving = s.Service, s.Overview, s.Offers, s.Leaving
	next.Clock, next.Unjudged, next.Reconciling = s.Clock, s.Unjudged, s.Reconciling
	next.Touched = s.Touched
	switch {
	case len(next.Offers) > 0:
		next.Step = StepOffer
	case next.Service.Down == "":
		next.Step = StepWelcome
	}
	return next
}

// goHome ends the visit. While the registry is being asked there is no way home: the answer, which comes within a bounded time, may be a
// booking that the patient has to see.
func goHome(s State, now time.Time) (State, []Command) {
	switch s.Step {
	case StepReserving:
		return s, nil
	case StepTicket, StepUnconfirmed:
		return leaveBooking(s)
	case StepOffer:
		return declineOffer(s, now)
	}
	return wipe(s), nil
}

// goBack goes one question back. From where an answer was given there is no way back to the question, only home.
func goBack(s State, now time.Time) (State, []Command) {
	s.Notice = NoticeNone
	switch s.Step {
	case StepSpeciality:
		s.Step, s.Loading = StepAge, false
	case StepDoctor:
		s.Step, s.Loading = StepSpeciality, false
	case StepTime:
		s.Step, s.Loading = StepDoctor, false
	case StepCheck, StepUnreachable:
		if s.Cell.Begin.IsZero() {
			return goHome(s, now)
		}
		s.Step, s.Booking = StepTime, Booking{}
		if s.Any {
			s.Doctor = anyDoctor(s)
		}
	default:
		return goHome(s, now)
	}
	return s, nil
}

// tick lets time do its work: a hold runs out, a wait ends, an idle screen asks and then goes home, and what a crash left unknown is looked at.
func tick(s State, now time.Time) (State, []Command) {
	s, looks := reconcile(s, now)
	s, commands := tickScreen(s, now)
	return s, append(looks, commands...)
}

func tickScreen(s State, now time.Time) (State, []Command) {
	if s.Step == StepReserving {
		return waitOver(s, now)
	}
	if s.Step == StepOffer {
		return offersExpire(s, now)
	}
	if s.Step == StepTicket && !s.Booking.HoldOver && s.Booking.Hold.Left(now) == 0 {
		s.Booking.HoldOver = true
		s.Touched = now // the news deserve their own time on the screen
	}
	if !canIdle(s) {
		return s, nil
	}
	idle := now.Sub(s.Touched)
	if idle >= s.Settings.Idle+s.Settings.Warning {
		return goHome(s, now)
	}
	s.Warning = idle >= s.Settings.Idle && s.Step != StepWelcome && s.Step != StepClosed
	return s, nil
}

// canIdle tells whether the screen may be taken from a patient who does not move. A number without paper stays as long as the registry
// holds it, and a print in progress is waited for.
func canIdle(s State) bool {
	switch s.Step {
	case StepClosed, StepWelcome:
		return s.View != s.Settings.View
	case StepTicket:
		if s.Booking.Print.Busy() {
			return false
		}
		return s.Booking.Print == PrintDone || s.Booking.HoldOver
	case StepUnconfirmed:
		return !s.Booking.Print.Busy()
	}
	return true
}
