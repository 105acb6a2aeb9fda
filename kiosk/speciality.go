package kiosk

import "slices"

// The question for the speciality.

type (
	// ChooseSpeciality is a tap on a speciality.
	ChooseSpeciality struct{ Code string }
	// SpecialitiesListed answers [ListSpecialities].
	SpecialitiesListed struct {
		Age  Age
		List []Speciality
	}
)

func (ChooseSpeciality) scope() scope   { return tap }
func (SpecialitiesListed) scope() scope { return answer }

func enterSpeciality(s *State) []Command {
	s.Specialities, s.Loading = nil, true
	return []Command{ListSpecialities{Age: s.Age}}
}

func onSpeciality(s *State, e Event) []Command {
	switch e := e.(type) {
	case SpecialitiesListed:
		if s.Age == e.Age {
			s.Specialities, s.Loading = e.List, false
		}
		return nil
	case ChooseSpeciality:
		i := slices.IndexFunc(s.Specialities, func(x Speciality) bool { return x.Code == e.Code })
		if i < 0 || s.Specialities[i].Free == 0 {
			return nil
		}
		s.Speciality = s.Specialities[i]
		return onward(s)
	default:
		return nil
	}
}
