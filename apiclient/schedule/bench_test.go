package schedule_test

import (
	"testing"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/schedtest"
)

// BenchmarkQuestions calls the methods of a loaded catalogue as the screens do.
func BenchmarkQuestions(b *testing.B) {
	parts := schedtest.Large()
	doctor := parts.Doctors[250].GUID
	c := schedule.NewCatalogue(schedtest.LargeWindow, parts)
	noon := schedtest.LargeNow.AddDate(0, 0, 3).Add(5 * time.Hour)
	c.Count(noon) // the first question sorts; a store asks it when it loads the catalogue
	for name, ask := range map[string]func() bool{
		"specialities": func() bool {
			return len(c.Specialities(apiclient.Adult, noon)) == schedtest.LargeSpecialities
		},
		"doctors-of-a-speciality": func() bool { return len(c.Doctors("7", apiclient.Adult, noon)) > 0 },
		"cells-of-a-day": func() bool {
			return ofDay(c.Cells(doctor, noon), noon.AddDate(0, 0, 1)) == schedtest.LargeCells
		},
		"nearest":                  func() bool { _, _, today := c.Nearest(noon); return today > 0 },
		"count":                    func() bool { _, n := c.Count(noon); return n > 0 },
		"one-doctor-s-fresh-cells": func() bool { return c.WithDoctor(doctor, schedule.Reading{}) != nil },
	} {
		b.Run("of="+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !ask() {
					b.Fatal("a wrong answer")
				}
			}
		})
	}
}

// ofDay counts a day's cells as the screens group them.
func ofDay(cells []schedule.Cell, date time.Time) (n int) {
	y, m, d := date.Date()
	for _, c := range cells {
		if cy, cm, cd := c.Begin.Date(); cy == y && cm == m && cd == d {
			n++
		}
	}
	return n
}
