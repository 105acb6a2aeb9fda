package kiosk

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// The question for day and time.

type (
	// ChooseDay is a tap on a day of the strip. Index is its place in State.Days.
	ChooseDay struct{ Index int }
	// ChooseCell is a tap on a time.
	ChooseCell struct{ GUID uuid.UUID }
	// DaysListed answers [ListDays].
	DaysListed struct {
		Doctor uuid.UUID
		List   []Day
	}
	// AnyDaysListed answers [ListAnyDays].
	AnyDaysListed struct {
		Speciality string
		List       []Day
	}
)

func (ChooseDay) scope() scope     { return tap }
func (ChooseCell) scope() scope    { return tap }
func (DaysListed) scope() scope    { return answer }
func (AnyDaysListed) scope() scope { return answer }

func enterTime(s *State) []Command {
	s.Cell = Cell{}
	s.Days, s.Day, s.Loading = nil, -1, true
	if s.Any {
		return []Command{ListAnyDays{Age: s.Age, Speciality: s.Speciality.Code}}
	}
	return []Command{ListDays{Doctor: s.Doctor.GUID}}
}

func onTime(s *State, e Event) []Command {
	switch e := e.(type) {
	case DaysListed:
		if !s.Any && s.Doctor.GUID == e.Doctor {
			openDays(s, e.List)
		}
		return nil
	case AnyDaysListed:
		if s.Any && s.Speciality.Code == e.Speciality {
			openDays(s, e.List)
		}
		return nil
	case ChooseDay:
		if e.Index >= 0 && e.Index < len(s.Days) && len(s.Days[e.Index].Cells) > 0 {
			s.Day = e.Index
		}
		return nil
	case ChooseCell:
		return chooseCell(s, e)
	default:
		return nil
	}
}

// openDays keeps the day that the patient was looking at where it still has a free cell, and otherwise turns to the
// nearest day that has one.
func openDays(s *State, list []Day) {
	wanted := s.Cell.Begin
	s.Days, s.Loading = list, false
	s.Day = slices.IndexFunc(list, func(d Day) bool { return len(d.Cells) > 0 && !dayEnds(d).Before(wanted) })
	if s.Day < 0 {
		s.Day = slices.IndexFunc(list, func(d Day) bool { return len(d.Cells) > 0 })
	}
}

// dayEnds returns the midnight after the day.
func dayEnds(d Day) time.Time { return d.Date.AddDate(0, 0, 1) }

func chooseCell(s *State, e ChooseCell) []Command {
	if s.Day < 0 {
		return nil
	}
	cells := s.Days[s.Day].Cells
	i := slices.IndexFunc(cells, func(c Cell) bool { return c.GUID == e.GUID })
	if i < 0 {
		return nil
	}
	if s.Any {
		d := doctorOf(s, cells[i].Doctor)
		if d < 0 {
			return nil
		}
		s.Doctor = s.Doctors[d]
	}
	s.Cell = cells[i]
	s.ageFollows(s.Cell.Begin)
	return onward(s)
}
