package schedule_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// zone returns a zone of the database of time zones.
func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Skip(err)
	}
	return z
}

// doctorOf returns a doctor, and cellOf a cell.
func doctorOf(name, speciality string) schedule.Doctor {
	return schedule.Doctor{GUID: uuid.New(), Name: name, Speciality: speciality}
}

func cellOf(begin time.Time) schedule.Cell {
	_, offset := begin.Zone()
	return schedule.Cell{GUID: uuid.New(), Begin: begin, End: begin.Add(15 * time.Minute), Offset: offset}
}

// cellsOf are cells by doctor.
type cellsOf = map[uuid.UUID][]schedule.Cell

// Doctors whose times are written in different offsets share one calendar: no day is there twice.
func TestTwoOffsetsMakeOneCalendar(t *testing.T) {
	moscow, samara := time.FixedZone("", 3*60*60), time.FixedZone("", 4*60*60)
	a, b := doctorOf("a", "1"), doctorOf("b", "1")
	early := time.Date(2026, 11, 27, 23, 30, 0, 0, moscow)
	for name, c := range map[string]struct {
		zone *time.Location // of the window
		want *time.Location
	}{
		"the clinic's zone is known":     {samara, samara},
		"the first cell's zone is taken": {nil, moscow},
	} {
		t.Run(name, func(t *testing.T) {
			given := cellsOf{
				a.GUID: {cellOf(early), cellOf(early.Add(8 * time.Hour))},
				b.GUID: {cellOf(early.Add(15 * time.Minute).In(samara)), cellOf(early.Add(9 * time.Hour).In(samara))},
			}
			got := schedule.NewCatalogue(schedule.Window{Days: 14, Zone: c.zone, Now: at(early)}, schedule.Parts{
				AsOf: early, Doctors: []schedule.Doctor{a, b}, Cells: given,
			})
			if got.Zone != c.want || got.Foreign != 2 {
				t.Errorf("zone %v, %d foreign", got.Zone, got.Foreign)
			}
			all := slices.Concat(got.Cells(a.GUID, early), got.Cells(b.GUID, early))
			slices.SortFunc(all, func(x, y schedule.Cell) int { return x.Begin.Compare(y.Begin) })
			dates := map[string]int{}
			for _, d := range schedule.Days(all, early, 14) {
				dates[d.Date.Format(time.DateOnly)]++
			}
			for date, n := range dates {
				if n != 1 {
					t.Errorf("%s is there %d times", date, n)
				}
			}
			for _, c := range all {
				if c.Begin.Location() != got.Zone || c.End.Location() != got.Zone {
					t.Errorf("%v to %v", c.Begin, c.End)
				}
			}
			if begin := given[b.GUID][0].Begin; begin.Location() != samara {
				t.Error("the source's own cells are changed")
			}
		})
	}
}

// Where no zone is known, UTC is not taken for one: servers write it without meaning it.
func TestTheZoneOfTheCells(t *testing.T) {
	vladivostok, moscow := time.FixedZone("", 10*60*60), time.FixedZone("", 3*60*60)
	for name, c := range map[string]struct {
		begins []time.Time
		want   *time.Location
	}{
		"none":           {nil, time.Local},
		"UTC alone":      {[]time.Time{monday.UTC()}, time.Local},
		"UTC is first":   {[]time.Time{monday.UTC(), monday.Add(time.Hour).In(moscow)}, moscow},
		"the first":      {[]time.Time{monday.Add(time.Hour).In(moscow), monday.In(vladivostok)}, vladivostok},
		"both at a time": {[]time.Time{monday.In(vladivostok), monday.In(moscow)}, moscow},
	} {
		cells := cellsOf{}
		for _, begin := range c.begins {
			cells[uuid.New()] = []schedule.Cell{cellOf(begin)}
		}
		got := schedule.NewCatalogue(schedule.Window{Days: 14, Now: at(monday)}, schedule.Parts{Cells: cells})
		if got.Zone != c.want {
			t.Errorf("%s: %v, want %v", name, got.Zone, c.want)
		}
	}
}

// Today is the clinic's: a cell after its midnight is not of today, whatever the computer's zone is.
func TestTodayEndsAtTheClinicsMidnight(t *testing.T) {
	vladivostok := time.FixedZone("", 10*60*60)
	d := doctorOf("a", "1")
	evening := time.Date(2026, 11, 27, 20, 0, 0, 0, vladivostok)
	cells := cellsOf{d.GUID: {
		cellOf(evening.Add(time.Hour)), cellOf(evening.Add(239 * time.Minute)), cellOf(evening.Add(4 * time.Hour)),
	}}
	for _, z := range []*time.Location{vladivostok, nil} {
		c := schedule.NewCatalogue(
			schedule.Window{Days: 14, Zone: z, Now: at(evening)},
			schedule.Parts{AsOf: evening, Doctors: []schedule.Doctor{d}, Cells: cells},
		)
		for _, now := range []time.Time{evening, evening.UTC(), evening.In(here)} {
			if _, _, today := c.Nearest(now); today != 2 {
				t.Errorf("zone %v, at %v: %d today", z, now, today)
			}
		}
	}
}

// The last day that is offered ends at its midnight, also where a zone changes its offset in that night, and
// the lists, the counts and the calendar agree about it.
func TestTheLastDayEndsAtItsMidnight(t *testing.T) {
	for _, c := range []struct {
		zone, now string
		days      int
		last      string // instant in UTC of the last minute that is offered
	}{
		{"Europe/Berlin", "2026-03-28 12:00", 2, "2026-03-29T21:59:00Z"},
		{"Europe/Berlin", "2026-10-24 12:00", 2, "2026-10-25T22:59:00Z"},
		{"Asia/Beirut", "2022-03-26 12:00", 1, "2022-03-26T21:59:00Z"},       // 27 March begins at 01:00
		{"Asia/Beirut", "2022-10-29 12:00", 1, "2022-10-29T21:59:00Z"},       // 23:00 to 24:00 is twice
		{"America/Asuncion", "2023-09-30 12:00", 1, "2023-10-01T03:59:00Z"},  // 1 October begins at 01:00
		{"America/Sao_Paulo", "2018-11-03 12:00", 1, "2018-11-04T02:59:00Z"}, // 4 November begins at 01:00
		{"America/Sao_Paulo", "2018-02-17 12:00", 1, "2018-02-18T02:59:00Z"}, // 23:00 to 24:00 is twice
		{"America/Havana", "2022-11-05 12:00", 1, "2022-11-06T03:59:00Z"},    // 00:00 to 01:00 is twice
		{"Asia/Yekaterinburg", "2026-11-27 12:00", 0, "2026-11-27T18:59:00Z"},
	} {
		t.Run(c.zone+" "+c.now, func(t *testing.T) {
			now := instant(t, zone(t, c.zone), c.now)
			last, err := time.Parse(time.RFC3339, c.last)
			if err != nil {
				t.Fatal(err)
			}
			d := doctorOf("a", "1")
			w := schedule.Window{Days: c.days, Zone: now.Location(), Now: at(now.UTC())}
			last = last.In(now.Location())
			cells := []schedule.Cell{cellOf(last), cellOf(last.Add(time.Minute))}
			read := func() *schedule.Catalogue {
				return schedule.NewCatalogue(w, schedule.Parts{
					AsOf: now, Specialities: []schedule.Speciality{{Code: "1", Name: "x"}}, Doctors: []schedule.Doctor{d},
					Cells: cellsOf{d.GUID: cells},
				})
			}
			known := read()
			w.Zone = nil
			for what, k := range map[string]*schedule.Catalogue{
				"read as a whole": known, "one doctor": known.WithDoctor(d.GUID, schedule.Reading{AsOf: now, Cells: cells}),
				"in the zone of the cells": read(),
			} {
				list := k.Cells(d.GUID, now)
				if len(list) != 1 || !list[0].Begin.Equal(last) {
					t.Fatalf("%s: offered %v, want %v alone", what, list, last)
				}
				_, count := k.Count(now)
				free := k.Specialities(apiclient.Adult, now)[0].Free
				days := schedule.Days(list, now, max(1, c.days))
				if count != 1 || free != 1 || len(days[len(days)-1].Cells) != 1 {
					t.Errorf("%s: %d and %d counted, the calendar has %v", what, count, free, words(days))
				}
			}
		})
	}
}

// A doctor of two specialities is listed under both and counted once.
func TestADoctorOfTwoSpecialities(t *testing.T) {
	d := doctorOf("a", "1")
	other := d
	other.Speciality = "2"
	c := schedule.NewCatalogue(window(at(monday)), schedule.Parts{
		AsOf: monday, Specialities: []schedule.Speciality{{Code: "1", Name: "x"}, {Code: "2", Name: "y"}},
		Doctors: []schedule.Doctor{d, other, d},
		Cells:   cellsOf{d.GUID: {cellOf(monday.Add(time.Hour)), cellOf(monday.Add(2 * time.Hour))}},
	})
	if doctors, cells := c.Count(monday); doctors != 1 || cells != 2 {
		t.Errorf("%d doctors with %d cells", doctors, cells)
	}
	if _, _, today := c.Nearest(monday); today != 2 {
		t.Errorf("%d today", today)
	}
	for _, s := range c.Specialities(apiclient.Adult, monday) {
		if list := c.Doctors(s.Code, apiclient.Adult, monday); s.Free != 2 || len(list) != 1 || list[0].Free != 2 {
			t.Errorf("%+v: %+v", s, list)
		}
	}
}

// A doctor's list shows a time once. The next cell of that time is there when the first has gone.
func TestATimeIsShownOnce(t *testing.T) {
	d := doctorOf("a", "1")
	eight := monday.Add(time.Hour)
	first, second, third, later := cellOf(eight), cellOf(eight), cellOf(eight.UTC()), cellOf(eight.Add(time.Hour))
	source := &parts{schedule.Parts{
		AsOf: monday, Specialities: []schedule.Speciality{{Code: "1", Name: "x"}}, Doctors: []schedule.Doctor{d},
		Cells: cellsOf{d.GUID: {later, first, second, third}},
	}}
	s := &schedule.Store{Source: source}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]uuid.UUID{
		{first.GUID, later.GUID}, {second.GUID, later.GUID}, {third.GUID, later.GUID}, {later.GUID},
	} {
		c, err := s.Snapshot(monday)
		if err != nil {
			t.Fatal(err)
		}
		var got []uuid.UUID
		for _, cell := range c.Cells(d.GUID, monday) {
			got = append(got, cell.GUID)
		}
		_, count := c.Count(monday)
		_, _, today := c.Nearest(monday)
		if !reflect.DeepEqual(got, want) || count != len(want) || today != len(want) {
			t.Errorf("%v with %d counted and %d today, want %v", got, count, today, want)
		}
		s.Gone(got[0], monday)
	}
}

// Of many cells at one time the first of the source is shown, also where they have to be sorted.
func TestTheFirstCellOfATimeIsShown(t *testing.T) {
	d := doctorOf("a", "1")
	var cells []schedule.Cell
	for range 50 {
		cells = append(cells, cellOf(monday.Add(2*time.Hour)), cellOf(monday.Add(time.Hour)))
	}
	c := schedule.NewCatalogue(window(at(monday)), schedule.Parts{Cells: cellsOf{d.GUID: cells}})
	if got := c.Cells(d.GUID, monday); len(got) != 2 || got[0].GUID != cells[1].GUID || got[1].GUID != cells[0].GUID {
		t.Errorf("%+v", got)
	}
}

// parts is a source of given parts.
type parts struct{ schedule.Parts }

func (p *parts) Catalogue(context.Context) (*schedule.Catalogue, error) {
	return schedule.NewCatalogue(window(at(p.AsOf)), p.Parts), nil
}

func (p *parts) Cells(_ context.Context, doctor uuid.UUID) (schedule.Reading, error) {
	return schedule.Reading{AsOf: p.AsOf, Cells: p.Parts.Cells[doctor]}, nil
}

func (p *parts) CellState(context.Context, uuid.UUID, uuid.UUID, time.Time) (schedule.CellState, error) {
	return schedule.CellUnknown, nil
}

// Names are sorted as in a Russian dictionary, and numbers by their value.
func TestNamesAreSortedAsInADictionary(t *testing.T) {
	want := []string{"Абрамов", "абрикосов", "Елкина", "Ёлкина", "Емелин", "Кабинет 2", "Кабинет 10", "Яковлев", "Smith"}
	var doctors []schedule.Doctor
	var specialities []schedule.Speciality
	for i := range want {
		name := want[(i*4)%len(want)] // another order
		doctors = append(doctors, doctorOf(name, "1"))
		specialities = append(specialities, schedule.Speciality{Code: fmt.Sprint(i), Name: name})
	}
	for i := range specialities {
		doctors = append(doctors, doctorOf("x", specialities[i].Code))
	}
	doctors = slices.DeleteFunc(doctors, func(d schedule.Doctor) bool { return d.Name == "x" && d.Speciality == "1" })
	c := schedule.NewCatalogue(window(at(monday)), schedule.Parts{Specialities: specialities, Doctors: doctors})
	var names, titles []string
	for _, d := range c.Doctors("1", apiclient.Adult, monday) {
		names = append(names, d.Name)
	}
	for _, s := range c.Specialities(apiclient.Adult, monday) {
		titles = append(titles, s.Name)
	}
	sorted := slices.Concat(want[8:], want[:8]) // Latin letters are before Cyrillic ones
	if !reflect.DeepEqual(names, sorted) && !reflect.DeepEqual(names, want) || !reflect.DeepEqual(titles, names) {
		t.Errorf("doctors %q\nspecialities %q", names, titles)
	}
}
