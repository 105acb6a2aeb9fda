package file_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"infomat/apiclient/schedule/file"
)

// threeDoctors is a document in which only the first doctor's cells have a room. The end of the last doctor's
// cell is for the test to write.
const threeDoctors = `{"version": 1, "exported": "2026-11-25T07:30:00+03:00",
"specialities": [{"code": "1", "name": "Терапевт"}],
"doctors": [
{"guid": "00000000-0000-4000-8000-000000000001", "name": "А", "speciality": "1", "cells": [
{"guid": "00000000-0000-4000-8000-000000000011", "begin": "2026-11-25T09:00:00+03:00",
"end": "2026-11-25T09:15:00+03:00", "room": "205", "floor": 2},
{"guid": "00000000-0000-4000-8000-000000000012", "begin": "2026-11-25T10:00:00+03:00",
"end": "2026-11-25T10:15:00+03:00", "room": "206", "floor": 3}]},
{"guid": "00000000-0000-4000-8000-000000000002", "name": "Б", "speciality": "1"},
{"guid": "00000000-0000-4000-8000-000000000003", "name": "В", "speciality": "1", "cells": [
{"guid": "00000000-0000-4000-8000-000000000013", "begin": "2026-11-25T09:00:00+03:00"END}]}
]}`

// A cell has nothing of an earlier doctor's cell: what its object does not name is missing.
func TestACellHasNothingOfAnEarlierOne(t *testing.T) {
	name := filepath.Join(t.TempDir(), "timetable.json")
	rewrite(t, name, strings.Replace(threeDoctors, "END", `, "end": "2026-11-25T09:15:00+03:00"`, 1))
	c, err := file.New(name, window(at(morning))).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rooms := map[string]string{"А": "205 206", "Б": "", "В": ""}
	for _, d := range c.Doctors("1", "ADULT", morning) {
		var got []string
		for _, cell := range c.Cells(d.GUID, morning) {
			got = append(got, cell.Room)
		}
		if strings.Join(got, " ") != rooms[d.Name] {
			t.Errorf("the rooms of %s are %q, want %q", d.Name, got, rooms[d.Name])
		}
		delete(rooms, d.Name)
	}
	if len(rooms) > 0 {
		t.Errorf("doctors are missing: %v", rooms)
	}
	rewrite(t, name, strings.Replace(threeDoctors, "END", "", 1))
	_, err = file.New(name, window(at(morning))).Catalogue(t.Context())
	var bad *file.Error
	if !errors.As(err, &bad) || bad.Where != "doctors[2].cells[0].end" {
		t.Errorf("a cell without an end: %v", err)
	}
}

// A GUID of another doctor's cell is found, also in a cell after the days that are offered.
func TestAGUIDOfAnotherDoctorsCell(t *testing.T) {
	name := filepath.Join(t.TempDir(), "timetable.json")
	for _, day := range []string{"2026-11-25", "2027-11-25"} {
		text := strings.Replace(threeDoctors, "END", `, "end": "`+day+`T09:15:00+03:00"`, 1)
		text = strings.Replace(text, `13", "begin": "2026-11-25`, `12", "begin": "`+day, 1)
		rewrite(t, name, text)
		_, err := file.New(name, window(at(morning))).Catalogue(t.Context())
		var bad *file.Error
		if !errors.As(err, &bad) || bad.Where != "doctors[2].cells[0].guid" || bad.Line != 11 {
			t.Errorf("%s: %v", day, err)
		}
	}
}
