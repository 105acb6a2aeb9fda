package schedule

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// TestOnly holds that a terminal offers its own rooms, a cell's before its doctor's, and counts nothing else.
func TestOnly(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	at := func(minutes int, room string) Cell {
		begin := now.Add(time.Duration(minutes) * time.Minute)
		return Cell{GUID: uuid.New(), Begin: begin, End: begin.Add(time.Minute), Room: room}
	}
	here, away, moved := uuid.New(), uuid.New(), uuid.New()
	c := NewCatalogue(Window{Days: 14, Zone: time.UTC, Now: func() time.Time { return now }}, Parts{
		AsOf: now, Specialities: []Speciality{{"1", "Терапия"}, {"2", "Хирургия"}, {"3", "ЛОР"}},
		Doctors: []Doctor{
			{GUID: here, Name: "А", Speciality: "1", Room: "201"},
			{GUID: here, Name: "А", Speciality: "3", Room: "201"},
			{GUID: away, Name: "Б", Speciality: "2", Room: "301"},
			{GUID: moved, Name: "В", Speciality: "1", Room: "302"},
		},
		Cells: map[uuid.UUID][]Cell{
			here: {at(10, ""), at(20, "301"), at(20, "")}, away: {at(1, "")}, moved: {at(30, "201"), at(40, "")},
		},
	})
	part := c.Only(func(room string, _ int) bool { return room == "201" })
	if doctors, cells := part.Count(now); doctors != 2 || cells != 3 {
		t.Errorf("%d doctors with %d cells are offered, want 2 with 3", doctors, cells)
	}
	list := part.Specialities(apiclient.Adult, now)
	if len(list) != 2 || list[0].Name != "ЛОР" || list[0].Free != 2 || list[1].Free != 3 {
		t.Errorf("the specialities are %+v", list)
	}
	if cell, doctor, today := part.Nearest(now); doctor.GUID != here || today != 3 || cell.Room != "" {
		t.Errorf("the nearest is %+v of %s, %d today", cell, doctor.Name, today)
	}
	if cells := part.Cells(moved, now); len(cells) != 1 || cells[0].Room != "201" {
		t.Errorf("the cells of a doctor who moves are %+v", cells)
	}
	if doctors, cells := c.Count(now); doctors != 3 || cells != 5 {
		t.Errorf("the catalogue itself has %d doctors with %d cells", doctors, cells)
	}
}
