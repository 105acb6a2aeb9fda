package kiosk

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// choose handles the taps that lead from the welcome screen to the check, and the lists that answer them.
func choose(s State, e Event) (State, []Command) {
	switch e := e.(type) {
	case Start:
		return start(s)
	case ChooseAge:
		return chooseAge(s, e)
	case ChooseSpeciality:
		return chooseSpeciality(s, e)
	case ChooseDoctor:
		return chooseDoctor(s, e)
	case ChooseAnyDoctor:
		return chooseAnyDoctor(s)
	case ChooseDay:
		return chooseDay(s, e)
	case ChooseCell:
		return chooseCell(s, e)
	case ChangeAge:
		return changeAge(s)
	case ChangeDoctor:
		return changeDoctor(s)
	case SpecialitiesListed:
		return specialitiesListed(s, e)
	case DoctorsListed:
		return doctorsListed(s, e)
	case DaysListed:
		return daysListed(s, e)
	case AnyDaysListed:
		return anyDaysListed(s, e)
	}
	return s, nil
}

func start(s State) (State, []Command) {
	if s.Step == StepWelcome {
		s.Step = StepAge
	}
	return s, nil
}

func chooseAge(s State, e ChooseAge) (State, []Command) {
	if s.Step != StepAge || !e.Age.Valid() {
		return s, nil
	}
	s.Step, s.Age, s.Specialities, s.Loading = StepSpeciality, e.Age, nil, true
	return s, []Command{ListSpecialities{Age: s.Age}}
}

func specialitiesListed(s State, e SpecialitiesListed) (State, []Command) {
	if s.Step != StepSpeciality || s.Age != e.Age {
		return s, nil
	}
	s.Specialities, s.Loading = e.List, false
	return s, nil
}

func chooseSpeciality(s State, e ChooseSpeciality) (State, []Command) {
	i := slices.IndexFunc(s.Specialities, func(x Speciality) bool { return x.Code == e.Code })
	if s.Step != StepSpeciality || i < 0 || s.Specialities[i].Free == 0 {
		return s, nil
	}
	s.Speciality = s.Specialities[i]
	return toDoctors(s)
}

func toDoctors(s State) (State, []Command) {
	s.Step, s.Doctors, s.Loading = StepDoctor, nil, true
	return s, []Command{ListDoctors{Age: s.Age, Speciality: s.Speciality.Code}}
}

func doctorsListed(s State, e DoctorsListed) (State, []Command) {
	if s.Step != StepDoctor || s.Speciality.Code != e.Speciality {
		return s, nil
	}
	s.Doctors, s.Loading = e.List, false
	return s, nil
}

func chooseDoctor(s State, e ChooseDoctor) (State, []Command) {
	i := slices.IndexFunc(s.Doctors, func(x Doctor) bool { return x.GUID == e.GUID })
	if s.Step != StepDoctor || i < 0 || s.Doctors[i].Free == 0 {
		return s, nil
	}
	s.Doctor, s.Any = s.Doctors[i], false
	return toDays(s), []Command{ListDays{Doctor: e.GUID}}
}

// chooseAnyDoctor takes whoever of the speciality is free. Which doctor it is shows with the cell.
func chooseAnyDoctor(s State) (State, []Command) {
	if s.Step != StepDoctor || s.Loading || !AnyDoctor(s.Doctors) {
		return s, nil
	}
	s.Doctor, s.Any = anyDoctor(s), true
	return toDays(s), []Command{ListAnyDays{Age: s.Age, Speciality: s.Speciality.Code}}
}

// AnyDoctor tells whether it makes sense to offer whoever is free: at least two of the doctors have to be.
func AnyDoctor(doctors []Doctor) bool {
	free := 0
	for _, d := range doctors {
		if d.Free > 0 {
			free++
		}
	}
	return free > 1
}

// anyDoctor is what is known of a doctor before a cell is chosen.
func anyDoctor(s State) Doctor { return Doctor{Speciality: s.Speciality.Name} }

func toDays(s State) State {
	s.Cell = Cell{}
	s.Step, s.Days, s.Day, s.Loading = StepTime, nil, -1, true
	return s
}

func daysListed(s State, e DaysListed) (State, []Command) {
	if s.Step != StepTime || s.Any || s.Doctor.GUID != e.Doctor {
		return s, nil
	}
	return openDays(s, e.List), nil
}

func anyDaysListed(s State, e AnyDaysListed) (State, []Command) {
	if s.Step != StepTime || !s.Any || s.Speciality.Code != e.Speciality {
		return s, nil
	}
	return openDays(s, e.List), nil
}

// openDays keeps the day that the patient was looking at where it still has a free cell, else turns to the nearest that has one.
func openDays(s State, list []Day) State {
	wanted := s.Cell.Begin
	s.Days, s.Loading = list, false
	s.Day = slices.IndexFunc(s.Days, func(d Day) bool { return len(d.Cells) > 0 && !dayEnds(d).Before(wanted) })
	if s.Day < 0 {
		s.Day = slices.IndexFunc(s.Days, func(d Day) bool { return len(d.Cells) > 0 })
	}
	return s
}

// dayEnds is the midnight after the day.
func dayEnds(d Day) time.Time { return d.Date.AddDate(0, 0, 1) }

func chooseDay(s State, e ChooseDay) (State, []Command) {
	if s.Step != StepTime || e.Index < 0 || e.Index >= len(s.Days) || len(s.Days[e.Index].Cells) == 0 {
		return s, nil
	}
	s.Day = e.Index
	return s, nil
}

func chooseCell(s State, e ChooseCell) (State, []Command) {
	if s.Step != StepTime || s.Day < 0 {
		return s, nil
	}
	cell, ok := findCell(s.Days[s.Day], e.GUID)
	if !ok {
		return s, nil
	}
	if s.Any {
		i := slices.IndexFunc(s.Doctors, func(d Doctor) bool { return d.GUID == cell.Doctor })
		if i < 0 {
			return s, nil
		}
		s.Doctor = s.Doctors[i]
	}
	s.Step, s.Cell, s.Notice, s.Booking = StepCheck, cell, NoticeNone, Booking{}
	return s, nil
}

func findCell(d Day, guid uuid.UUID) (Cell, bool) {
	i := slices.IndexFunc(d.Cells, func(c Cell) bool { return c.GUID == guid })
	if i < 0 {
		return Cell{}, false
	}
	return d.Cells[i], true
}

func changeAge(s State) (State, []Command) {
	if s.Step != StepRefused {
		return s, nil
	}
	s.Step, s.Booking = StepAge, Booking{}
	return s, nil
}

func changeDoctor(s State) (State, []Command) {
	if s.Step != StepRefused || s.Speciality.Code == "" {
		return s, nil
	}
	s.Booking = Booking{}
	return toDoctors(s)
}
