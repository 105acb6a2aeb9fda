package schedule_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
)

// cellsAt returns cells that begin at the given times; each has its beginning as its room.
func cellsAt(t *testing.T, where *time.Location, begins ...string) (cells []schedule.Cell) {
	t.Helper()
	for _, text := range begins {
		cells = append(cells, schedule.Cell{GUID: uuid.New(), Begin: instant(t, where, text), Room: text})
	}
	return cells
}

func instant(t *testing.T, where *time.Location, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, where)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// words writes days as their dates, each with the beginnings of its cells.
func words(days []schedule.Day) (list []string) {
	for _, d := range days {
		text := d.Date.Format(time.DateTime + " -0700")
		for _, c := range d.Cells {
			text += " " + c.Room
		}
		list = append(list, strings.Replace(text, " 00:00:00", "", 1))
	}
	return list
}

func TestDays(t *testing.T) {
	moscow := time.FixedZone("", 3*60*60)
	vladivostok := time.FixedZone("", 10*60*60)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	for name, c := range map[string]struct {
		where  *time.Location // of the cells
		begins []string
		now    time.Time
		most   int
		want   []string
	}{
		"no cells": {moscow, nil, instant(t, moscow, "2026-11-27 10:00"), 14, nil},
		"no days":  {moscow, []string{"2026-11-27 10:00"}, instant(t, moscow, "2026-11-27 10:00"), 0, nil},
		"one day": {
			moscow,
			[]string{"2026-11-27 10:00", "2026-11-27 10:15"},
			instant(t, moscow, "2026-11-27 09:00"), 14,
			[]string{"2026-11-27 +0300 2026-11-27 10:00 2026-11-27 10:15"},
		},
		"empty days before and between": {
			moscow,
			[]string{"2026-11-29 10:00", "2026-12-01 08:00"},
			instant(t, moscow, "2026-11-28 09:00"), 14,
			[]string{
				"2026-11-28 +0300", "2026-11-29 +0300 2026-11-29 10:00", "2026-11-30 +0300", "2026-12-01 +0300 2026-12-01 08:00",
			},
		},
		"midnight belongs to the day that begins": {
			moscow,
			[]string{"2026-11-27 23:59", "2026-11-28 00:00"},
			instant(t, moscow, "2026-11-27 09:00"), 14,
			[]string{"2026-11-27 +0300 2026-11-27 23:59", "2026-11-28 +0300 2026-11-28 00:00"},
		},
		"cells beyond the last day are left out": {
			moscow,
			[]string{"2026-11-27 10:00", "2026-11-28 23:59", "2026-11-29 00:00"},
			instant(t, moscow, "2026-11-27 09:00"), 2,
			[]string{"2026-11-27 +0300 2026-11-27 10:00", "2026-11-28 +0300 2026-11-28 23:59"},
		},
		"all cells beyond the last day": {
			moscow,
			[]string{"2026-11-29 10:00"},
			instant(t, moscow, "2026-11-27 09:00"), 2,
			[]string{"2026-11-27 +0300", "2026-11-28 +0300"},
		},
		"what began before today": {
			moscow,
			[]string{"2026-11-26 10:00", "2026-11-27 10:00"},
			instant(t, moscow, "2026-11-27 11:00"), 14,
			[]string{"2026-11-27 +0300 2026-11-26 10:00 2026-11-27 10:00"},
		},
		"today is the cells' today": { // at 20:00 in Moscow it is 03:00 of the next day in Vladivostok
			vladivostok,
			[]string{"2026-11-28 08:00"},
			instant(t, moscow, "2026-11-27 20:00"), 14,
			[]string{"2026-11-28 +1000 2026-11-28 08:00"},
		},
		"over the year's end": {
			moscow,
			[]string{"2027-01-01 08:00"},
			instant(t, moscow, "2026-12-31 20:00"), 14,
			[]string{"2026-12-31 +0300", "2027-01-01 +0300 2027-01-01 08:00"},
		},
		"a day of 25 hours": {
			berlin,
			[]string{"2026-10-25 23:30", "2026-10-26 00:00"},
			instant(t, berlin, "2026-10-25 00:30"), 14,
			[]string{"2026-10-25 +0200 2026-10-25 23:30", "2026-10-26 +0100 2026-10-26 00:00"},
		},
		"a day of 23 hours": {
			berlin,
			[]string{"2026-03-29 23:30", "2026-03-30 00:30"},
			instant(t, berlin, "2026-03-29 00:30"), 14,
			[]string{"2026-03-29 +0100 2026-03-29 23:30", "2026-03-30 +0200 2026-03-30 00:30"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := words(schedule.Days(cellsAt(t, c.where, c.begins...), c.now, c.most)); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// The days share the memory of the cells; appending to one day must not write into the next.
func TestDaysDoNotOverlap(t *testing.T) {
	where := time.FixedZone("", 3*60*60)
	cells := cellsAt(t, where, "2026-11-27 10:00", "2026-11-28 10:00", "2026-11-30 10:00")
	days := schedule.Days(cells, instant(t, where, "2026-11-27 09:00"), 14)
	if days[2].Cells != nil {
		t.Errorf("a day without cells has %#v", days[2].Cells)
	}
	_ = append(days[0].Cells, schedule.Cell{Room: "another"})
	if got := days[1].Cells[0]; got != cells[1] {
		t.Errorf("the second day now has %+v", got)
	}
}
