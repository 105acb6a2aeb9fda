package kiosk

import (
	"slices"
	"time"
)

// Who the patient is: policy, birth date, and what the registry says to them. A terminal whose site has not turned this
// on never comes here.

// Identify says whether patients are asked who they are.
type Identify int

// The values of the setting.
const (
	IdentifyNone     Identify = iota // nobody is asked
	IdentifyOptional                 // who does not want to say goes on without
	IdentifyRequired
)

type (
	// EnterPolicy is a tap on «Ввести номер», also after a try that has failed.
	EnterPolicy struct{}
	// SkipPolicy is a tap on «Продолжить без полиса».
	SkipPolicy struct{}
	// Digit is a tap on a key of the keypad.
	Digit struct{ Digit byte }
	// Erase is a tap on the key that takes the last digit away.
	Erase struct{}
	// Entered is a tap on «Дальше» below the keypad.
	Entered struct{}
	// AskAgain is a tap on «Повторить» where the registry could not be asked.
	AskAgain struct{}
	// PolicyRead is a code with the number of a policy, from whatever reads codes. The bytes are taken over and
	// overwritten, on whatever screen they come.
	PolicyRead struct{ Number []byte }
	// CodeUnreadable is a code without one.
	CodeUnreadable struct{}
	// Identified answers [IdentifyPatient].
	Identified struct {
		Person *Person
		Result Recognition
	}
)

func (EnterPolicy) scope() scope    { return tap }
func (SkipPolicy) scope() scope     { return tap }
func (Digit) scope() scope          { return tap }
func (Erase) scope() scope          { return tap }
func (Entered) scope() scope        { return tap }
func (AskAgain) scope() scope       { return tap }
func (PolicyRead) scope() scope     { return terminal }
func (CodeUnreadable) scope() scope { return terminal }
func (Identified) scope() scope     { return terminal }

// Recognition is what the registry says to policy and birth date.
type Recognition struct {
	Kind RecognitionKind
	Text string // the registry's message where it is meant for the patient: never logged, never journaled
}

// RecognitionKind is what a recognition came to.
type RecognitionKind int

// The kinds. Each but the first has its own next step.
const (
	RecognisedDown    RecognitionKind = iota // the registry could not be asked
	RecognisedKnown                          // the person has a token
	RecognisedNobody                         // nobody has this policy and this birth date
	RecognisedSeveral                        // several people have
	RecognisedNoCard                         // he has no card in this clinic
	RecognisedRefused                        // the registry refuses for another reason
)

const (
	mostTries = 3 // a visit

	// Who types other people's numbers fails often. From failuresFree failures within an hour on the terminal waits
	// before it asks, the longer the more there are.
	failuresFree  = 8
	failuresKept  = 32
	slowStep      = 3 * time.Second
	slowMost      = 30 * time.Second
	identityIdle  = 45 * time.Second // on the pages with the patient's own data
	unmaskedDigit = time.Second
)

// TriesLeft returns how often the patient may still say who he is.
func (v *Visit) TriesLeft() int { return max(0, mostTries-v.Tries) }

// Masked reports whether the digit that was typed last is hidden, too.
func (v *Visit) Masked(now time.Time) bool { return now.Sub(v.DigitAt) >= unmaskedDigit }

// asksWho reports whether there is a choice before the keypad.
func (s *Settings) asksWho() bool { return s.Identify == IdentifyOptional || s.Scanner }

// askWho begins to ask who the patient is. What was known of him is overwritten.
func askWho(s *State) []Command {
	s.forgetPerson()
	s.Person, s.Step = &Person{}, StepPolicy
	if s.Settings.asksWho() {
		s.Step = StepWho
	}
	return nil
}

// forgetPerson overwrites what is known of the patient.
func (v *Visit) forgetPerson() {
	v.Person.Wipe()
	v.Person, v.Known, v.Renewed, v.Recognition, v.Notice = nil, false, false, Recognition{}, NoticeNone
}

// withoutPolicy goes on as where nobody is asked.
func withoutPolicy(s *State) []Command {
	if s.Settings.Identify != IdentifyOptional {
		return nil
	}
	s.forgetPerson()
	return show(s, StepAge)
}

func onWho(s *State, e Event) []Command {
	switch e.(type) {
	case EnterPolicy:
		s.Notice, s.Step = NoticeNone, StepPolicy
		return nil
	case SkipPolicy:
		return withoutPolicy(s)
	default:
		return nil
	}
}

func onPolicy(s *State, now time.Time, e Event) []Command {
	s.Keys++
	switch e := e.(type) {
	case Digit:
		if e.Digit >= '0' && e.Digit <= '9' {
			s.Notice, s.DigitAt = NoticeNone, now
			s.Person.addDigit(e.Digit)
		}
		return nil
	case Erase:
		s.Person.erase()
		s.Notice, s.DigitAt = NoticeNone, time.Time{}
		return nil
	case Entered:
		s.Notice = NoticeIncomplete
		if whole, _ := s.Person.complete(); whole {
			s.Notice, s.Step = NoticeNone, StepBirth
		}
		return nil
	default:
		return nil
	}
}

func onBirth(s *State, now time.Time, e Event) []Command {
	s.Keys++
	switch e := e.(type) {
	case Digit:
		s.Notice = NoticeImpossible
		if e.Digit >= '0' && e.Digit <= '9' && s.Person.addBirth(e.Digit, s.Overview.Told(now)) {
			s.Notice = NoticeNone
		}
		return nil
	case Erase:
		s.Notice = NoticeNone
		s.Person.eraseBirth()
		return nil
	case Entered:
		return identify(s, now)
	default:
		return nil
	}
}

// identify asks the registry, later where somebody seems to guess.
func identify(s *State, now time.Time) []Command {
	if number, birth := s.Person.complete(); !number || !birth {
		s.Notice = NoticeIncomplete
		return nil
	}
	s.Step, s.Warning, s.Notice = StepIdentifying, false, NoticeNone
	return []Command{IdentifyPatient{Person: s.Person, After: s.slowness(now)}}
}

// slowness is how long the terminal waits before it asks.
func (t *Terminal) slowness(now time.Time) time.Duration {
	n := count(t.Failures, func(at time.Time) bool { return now.Sub(at) < time.Hour })
	return min(slowMost, time.Duration(max(0, n-failuresFree+1))*slowStep)
}

// identified goes on with what the registry says. An answer for somebody who has left is dropped, and its token with
// him: see Person.Keep.
func identified(s *State, now time.Time, e Identified) []Command {
	if e.Person == nil || e.Person != s.Person {
		return nil
	}
	switch {
	case s.Step == StepIdentifying:
		return recognised(s, now, e.Result)
	case s.Step == StepReserving && s.Booking.Renewing:
		return renewedForHold(s, now, e.Result)
	case s.Step == StepTicket && s.Booking.Renewing:
		return renewedForVisit(s, e.Result)
	}
	return nil
}

func recognised(s *State, now time.Time, r Recognition) []Command {
	s.touch(now)
	s.Recognition = r
	if r.Kind == RecognisedKnown {
		age, ok := s.Person.ageOn(s.Overview.Told(now))
		if !ok {
			return askWho(s)
		}
		s.Known, s.Age, s.AgeToday, s.Step = true, age, age, StepAge
		return onward(s)
	}
	s.Step = StepUnidentified
	if r.Kind != RecognisedDown {
		s.Tries++
		s.Person.Wipe()
	}
	if r.Kind == RecognisedNobody {
		s.Failures = append(slices.Clone(s.Failures[max(0, len(s.Failures)-failuresKept+1):]), now)
	}
	return nil
}

func onUnidentified(s *State, now time.Time, e Event) []Command {
	switch e.(type) {
	case EnterPolicy:
		if s.TriesLeft() > 0 {
			s.forgetPerson()
			s.Person, s.Step = &Person{}, StepPolicy
		}
		return nil
	case AskAgain:
		if s.Recognition.Kind == RecognisedDown {
			return identify(s, now)
		}
		return nil
	case SkipPolicy:
		return withoutPolicy(s)
	default:
		return nil
	}
}

// policyRead takes the number of a code, where somebody is being asked for it or nobody has begun.
func policyRead(s *State, now time.Time, e PolicyRead) []Command {
	defer clear(e.Number)
	if s.Settings.Identify == IdentifyNone {
		return nil
	}
	switch s.Step {
	case StepWelcome:
		askWho(s)
	case StepWho, StepPolicy:
	case StepUnidentified:
		if s.TriesLeft() == 0 {
			return nil
		}
		askWho(s)
	default:
		return nil
	}
	s.touch(now)
	s.Person.forgetBirth()
	if !s.Person.setNumber(e.Number) {
		s.Notice = NoticeCodeUnread
		return nil
	}
	s.Notice, s.Step = NoticeNone, StepBirth
	return nil
}

// codeUnreadable says so where a code is waited for.
func codeUnreadable(s *State, now time.Time) []Command {
	if s.Step == StepWho || s.Step == StepPolicy {
		s.touch(now)
		s.Notice = NoticeCodeUnread
	}
	return nil
}

// backFromIdentity goes one page back on the way on which a patient says who he is.
func backFromIdentity(s *State) []Command {
	s.Notice = NoticeNone
	switch {
	case s.Step == StepBirth:
		s.Person.forgetBirth()
		s.Step = StepPolicy
		return nil
	case s.Step == StepPolicy && s.Settings.asksWho():
		return askWho(s)
	}
	view := s.View
	commands := leave(s)
	s.View = view
	return commands
}

// ageFollows sets the category of a patient who is known by his age on the day of the visit, in the clinic's zone.
func (s *State) ageFollows(begin time.Time) {
	if !s.Known {
		return
	}
	if age, ok := s.Person.ageOn(s.Overview.Told(begin)); ok {
		s.Age = age
	}
}
