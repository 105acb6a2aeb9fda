package kiosk

import "time"

// Step is a screen of the visit. Each has a row in the table of steps and a file with its rules.
type Step int

// The steps of a visit, in the order in which a patient meets them. The questions follow one another in this order.
const (
	StepWelcome      Step = iota
	StepWho               // whether the patient says who he is, where a site wants that
	StepPolicy            // the number of his policy
	StepBirth             // his birth date
	StepIdentifying       // the registry is asked who he is
	StepUnidentified      // it does not know, or could not be asked
	StepAge               // who is the patient: child, teen, adult
	StepSpeciality        //
	StepDoctor            //
	StepTime              // day and time
	StepCheck             // the last look at what was chosen
	StepReserving         // the registry is being asked
	StepTicket            // reserved: number, room, countdown, paper
	StepRefused           // the registry refused
	StepUnconfirmed       // whether the cell is reserved is unknown
	StepUnreachable       // certainly nothing was reserved
	StepClosed            // booking is out of service
	StepOffer             // after a restart: a held booking without a certain ticket
	stepCount
)

// step is the rules of one step.
type step struct {
	name     string
	progress progress
	closes   bool // the visit ends here when booking goes out of service
	idle     idleness
	back     way // where «Назад» leads
	home     way // where «В начало», «Готово» and a patient who has left lead
	tick     passing
	personal bool // the patient's own data are on the screen: a shorter idle time
}

var steps = [stepCount]step{
	StepWelcome: {name: "welcome", closes: true, idle: whenViewed, back: toRest, home: toRest},
	StepWho:     {name: "who", closes: true, idle: whenTouched, back: identityBack, home: toRest, personal: true},
	StepPolicy:  {name: "policy", closes: true, idle: whenTouched, back: identityBack, home: toRest, personal: true},
	StepBirth:   {name: "birth", closes: true, idle: whenTouched, back: identityBack, home: toRest, personal: true},
	StepIdentifying: {
		name: "identifying", idle: never, back: nowhere, home: nowhere,
	},
	StepUnidentified: {
		name: "unidentified", closes: true, idle: whenTouched, back: identityBack, home: toRest, personal: true,
	},
	StepAge: {name: "age", progress: question, closes: true, idle: whenTouched, back: toQuestion, home: toRest},
	StepSpeciality: {
		name: "speciality", progress: question, closes: true, idle: whenTouched, back: toQuestion, home: toRest,
	},
	StepDoctor: {name: "doctor", progress: question, closes: true, idle: whenTouched, back: toQuestion, home: toRest},
	StepTime:   {name: "time", progress: question, closes: true, idle: whenTouched, back: toQuestion, home: toRest},
	StepCheck: {
		name: "check", progress: question, closes: true, idle: whenTouched, back: toOtherTimes, home: toRest,
	},
	StepReserving: {name: "reserving", progress: waiting, idle: never, back: nowhere, home: nowhere, tick: asksAgain},
	StepTicket: {
		name: "ticket", progress: arrived, idle: whenHoldOver, back: fromBooking, home: fromBooking, tick: holds,
	},
	StepRefused:     {name: "refused", idle: whenTouched, back: toRest, home: toRest},
	StepUnconfirmed: {name: "unconfirmed", idle: whenPrinted, back: fromBooking, home: fromBooking},
	StepUnreachable: {name: "unreachable", idle: whenTouched, back: toOtherTimes, home: toRest},
	StepClosed:      {name: "closed", idle: whenViewed, back: toRest, home: toRest},
	StepOffer:       {name: "offer", idle: never, back: declining, home: declining, tick: offers},
}

// on hands an event to the step on the screen, which is the only one that can take it.
func on(s *State, now time.Time, e Event) []Command {
	switch s.Step {
	case StepWelcome:
		return onWelcome(s, now, e)
	case StepWho:
		return onWho(s, e)
	case StepPolicy:
		return onPolicy(s, now, e)
	case StepBirth:
		return onBirth(s, now, e)
	case StepUnidentified:
		return onUnidentified(s, now, e)
	case StepAge:
		return onAge(s, e)
	case StepSpeciality:
		return onSpeciality(s, e)
	case StepDoctor:
		return onDoctor(s, e)
	case StepTime:
		return onTime(s, e)
	case StepCheck, StepUnreachable:
		return onCheck(s, now, e)
	case StepReserving:
		return onReserving(s, now, e)
	case StepTicket, StepUnconfirmed:
		return onTicket(s, e)
	case StepRefused:
		return onRefused(s, e)
	case StepOffer:
		return onOffer(s, now, e)
	case StepClosed, StepIdentifying, stepCount:
	}
	return nil
}

// show puts a question on the screen, prepares it, and asks for its list.
func show(s *State, question Step) []Command {
	s.Step = question
	if s.Known && question < StepCheck {
		s.Age = s.AgeToday
	}
	switch question {
	case StepSpeciality:
		return enterSpeciality(s)
	case StepDoctor:
		return enterDoctor(s)
	case StepTime:
		return enterTime(s)
	case StepCheck:
		return enterCheck(s)
	case StepAge: // has no list
	case StepWelcome, StepReserving, StepTicket, StepRefused, StepUnconfirmed, StepUnreachable, StepClosed, StepOffer,
		StepWho, StepPolicy, StepBirth, StepIdentifying, StepUnidentified, stepCount: // ask nothing
	}
	return nil
}

// progress is the place of a step on the way from the first question to the ticket.
type progress int

const (
	aside    progress = iota // stands outside the way
	question                 // asks one of the questions
	waiting                  // the last question has been asked, its answer is not there yet
	arrived                  // all questions are answered
)

// idleness is when a visit that nobody touches ends, after the question whether the patient is still there.
type idleness int

const (
	never        idleness = iota
	whenTouched           // as soon as nobody has touched the screen for the idle time
	whenViewed            // the same, where somebody has changed the view
	whenPrinted           // the same, while no print is going on
	whenHoldOver          // the same, once the ticket is printed or not held any more
)

// passing is what the passing of time does to a step, beside ending an idle visit.
type passing int

const (
	nothing   passing = iota
	asksAgain         // a busy registry is asked once more
	holds             // the hold of the ticket ends
	offers            // the hold of the offered booking ends
)

// way is where a step is left to.
type way int

const (
	nowhere      way = iota // the step stays
	toRest                  // the visit ends
	toQuestion              // the question before, or the end of the visit
	toOtherTimes            // the question for the time
	identityBack            // the page before, among those on which a patient says who he is
	fromBooking             // the visit ends; what the journal has to know of its booking is written to disk
	declining               // the offer on the screen is declined
)

// follow leaves the step on the screen.
func follow(s *State, now time.Time, w way) []Command {
	switch w {
	case toRest:
		return leave(s)
	case toQuestion:
		return previous(s)
	case toOtherTimes:
		return otherTimes(s)
	case identityBack:
		return backFromIdentity(s)
	case fromBooking:
		return leaveBooking(s)
	case declining:
		return declineOffer(s, now)
	case nowhere:
	}
	return nil
}

// Visit is what is known of the patient who stands before the terminal. It begins again with each.
type Visit struct {
	Step    Step
	View    View
	Notice  Notice
	Touched time.Time // the last sign of life of the patient
	Warning bool      // "are you still here?" is being asked

	Person      *Person // who the patient says he is; nil: nobody has asked, or he goes on without
	Known       bool    // the registry has given a token for him
	Recognition Recognition
	Tries       int       // that have failed
	Keys        int       // of the keypad that were tapped
	DigitAt     time.Time // when the last digit of the policy was typed
	AgeToday    Age       // of a patient who is known; on the day of the visit it may be another
	Renewed     bool      // his token was asked for once more

	Age          Age
	Specialities []Speciality
	Speciality   Speciality
	Doctors      []Doctor
	Doctor       Doctor
	Any          bool // any doctor of the speciality: Doctor is known once a cell is chosen
	Days         []Day
	Day          int  // index into Days; -1: none has a free cell
	Loading      bool // a list of this step is on its way
	Cell         Cell

	Booking Booking
}

// String returns the step's name as logs and the file names of pictures use it.
func (s Step) String() string {
	if s < 0 || s >= stepCount {
		return "unknown"
	}
	return steps[s].name
}

// Questions returns the steps that ask one of the questions on the way to a booking, in their order.
func Questions() []Step {
	var all []Step
	for s := range stepCount {
		if steps[s].progress == question {
			all = append(all, s)
		}
	}
	return all
}

// Answered returns how many of [Questions] are answered when the step is on the screen; -1 for a step that stands
// outside the way.
func (s Step) Answered() int {
	all := Questions()
	if s < 0 || s >= stepCount {
		return -1
	}
	switch steps[s].progress {
	case question:
		return count(all, func(q Step) bool { return q < s })
	case waiting:
		return len(all) - 1
	case arrived:
		return len(all)
	case aside:
	}
	return -1
}

func count[T any](all []T, is func(T) bool) (n int) {
	for _, x := range all {
		if is(x) {
			n++
		}
	}
	return n
}

// onward goes to the question that follows the one on the screen.
func onward(s *State) []Command {
	for next := s.Step + 1; next < stepCount; next++ {
		if steps[next].progress == question {
			return show(s, next)
		}
	}
	return nil
}

// previous goes back to the question before the one on the screen, with what was chosen there; from the first it leads
// to the welcome screen, where the same patient finds the view that he has set.
func previous(s *State) []Command {
	s.Notice, s.Loading = NoticeNone, false
	if s.Known && s.Step == StepSpeciality {
		return askWho(s)
	}
	for before := s.Step - 1; before >= 0; before-- {
		if steps[before].progress == question {
			s.Step = before
			return nil
		}
	}
	view := s.View
	commands := leave(s)
	s.View = view
	return commands
}
