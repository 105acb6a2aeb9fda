package kiosk

import "time"

// State is everything the state machine knows. It is a value: [Update] takes one and returns the next.
type State struct {
	Terminal
	Visit
}

// Terminal is what outlives a visit.
type Terminal struct {
	Settings Settings
	Service  Service
	Overview Overview
	Offers   []Offer   // after a restart: held bookings without a certain ticket; the first is on the screen
	Leaving  []Leaving // prints that were still running when their patient left
	Stopping bool      // the program is about to end: no booking begins any more

	Clock       RegistryClock // as measured last
	Unjudged    []Record      // after a restart: bookings whose hold can be judged only by the registry's clock
	Reconciling []Reconciling // after a restart: bookings with an unknown end whose cell is being re-read

	Failures []time.Time // when nobody was found for a policy and a birth date, the newest last
}

// Settings do not change while the program runs.
type Settings struct {
	Hold     time.Duration // how long the registry is asked to keep the cell
	Idle     time.Duration // from the last touch to the question whether the patient is still there
	Warning  time.Duration // from that question to the end of the visit
	Patience time.Duration // how long a patient waits for a registry that answers "later"
	Print    bool          // false: bookings get no paper
	View     View          // how the screen looks before a patient changes it

	Identify  Identify
	MakeVisit bool // the hold of a patient who is known becomes a visit
	Scanner   bool // there is something that reads codes
}

// Begin returns the state of a terminal that has just been switched on.
func Begin(s Settings) State {
	t := Terminal{Settings: s, Service: Service{Down: ReasonStarting}}
	return State{t, newVisit(t, time.Time{})}
}

// newVisit returns a visit that nobody has begun, on the screen that a terminal in this condition shows. touched is
// the last sign of life of whoever stood there before.
func newVisit(t Terminal, touched time.Time) Visit {
	v := Visit{Step: StepClosed, View: t.Settings.View, Touched: touched, Day: -1}
	switch {
	case len(t.Offers) > 0:
		v.Step = StepOffer
	case t.Service.Down == "":
		v.Step = StepWelcome
	}
	return v
}

// leave ends the visit.
func leave(s *State) []Command {
	s.Person.Wipe()
	s.Visit = newVisit(s.Terminal, s.Touched)
	return nil
}

// atRest reports whether nobody is in the middle of something.
func atRest(s *State) bool { return s.Step == StepWelcome || s.Step == StepClosed }
