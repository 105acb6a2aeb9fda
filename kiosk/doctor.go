package kiosk

import (
	"slices"

	"github.com/google/uuid"
)

// The question for the doctor.

type (
	// ChooseDoctor is a tap on a doctor.
	ChooseDoctor struct{ GUID uuid.UUID }
	// ChooseAnyDoctor is a tap on «Любой врач».
	ChooseAnyDoctor struct{}
	// DoctorsListed answers [ListDoctors].
	DoctorsListed struct {
		Speciality string
		List       []Doctor
	}
)

func (ChooseDoctor) scope() scope    { return tap }
func (ChooseAnyDoctor) scope() scope { return tap }
func (DoctorsListed) scope() scope   { return answer }

func enterDoctor(s *State) []Command {
	s.Doctors, s.Loading = nil, true
	return []Command{ListDoctors{Age: s.Age, Speciality: s.Speciality.Code}}
}

func onDoctor(s *State, e Event) []Command {
	switch e := e.(type) {
	case DoctorsListed:
		if s.Speciality.Code == e.Speciality {
			s.Doctors, s.Loading = e.List, false
		}
		return nil
	case ChooseDoctor:
		i := doctorOf(s, e.GUID)
		if i < 0 || s.Doctors[i].Free == 0 {
			return nil
		}
		s.Doctor, s.Any = s.Doctors[i], false
		return onward(s)
	case ChooseAnyDoctor:
		if s.Loading || !AnyDoctor(s.Doctors) {
			return nil
		}
		s.Doctor, s.Any = anyDoctor(s), true
		return onward(s)
	default:
		return nil
	}
}

// doctorOf returns the index of a doctor in State.Doctors, or -1.
func doctorOf(s *State, guid uuid.UUID) int {
	return slices.IndexFunc(s.Doctors, func(d Doctor) bool { return d.GUID == guid })
}

// AnyDoctor reports whether «Любой врач» makes sense: at least two of the doctors have free cells.
func AnyDoctor(doctors []Doctor) bool {
	return count(doctors, func(d Doctor) bool { return d.Free > 0 }) > 1
}

// anyDoctor is what is known of a doctor before a cell is chosen.
func anyDoctor(s *State) Doctor { return Doctor{Speciality: s.Speciality.Name} }
