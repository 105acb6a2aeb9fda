package kiosk

// The question for whom the appointment is.

// ChooseAge is a tap on an age category.
type ChooseAge struct{ Age Age }

func (ChooseAge) scope() scope { return tap }

func onAge(s *State, e Event) []Command {
	switch e := e.(type) {
	case ChooseAge:
		if !e.Age.Valid() {
			return nil
		}
		s.Age = e.Age
		return onward(s)
	default:
		return nil
	}
}
