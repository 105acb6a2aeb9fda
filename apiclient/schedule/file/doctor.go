package file

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// add checks a doctor and adds him with his cells.
func (r *reader) add(d documentDoctor) *problem {
	guid, bad := guidOf(d.GUID, "guid")
	if bad != nil {
		return bad
	}
	if _, ok := r.cells[guid]; ok {
		const want = "write each doctor once; a doctor with two specialities needs two entries with different GUIDs"
		return newProblem("is used twice", want, "guid")
	}
	if bad := lost("name", d.Name, "post", d.Post, "room", d.Room, "district", d.District); bad != nil {
		return bad
	}
	if strings.TrimSpace(d.Name) == "" {
		return newProblem("is missing", "write the doctor's name for the patient", "name")
	}
	for i, a := range d.Ages {
		if !slices.Contains([]apiclient.AgeCategory{apiclient.Child, apiclient.Teen, apiclient.Adult}, a) {
			return newProblem("is no age category", "write CHILD, TEEN or ADULT", "ages", i)
		}
	}
	cells := make([]schedule.Cell, 0, len(d.Cells))
	for i, c := range d.Cells {
		cell, bad := cellOf(c, r.window)
		if bad != nil {
			return bad.under("cells", i)
		}
		before := len(r.guids)
		if r.guids[cell.GUID] = struct{}{}; len(r.guids) == before {
			return newProblem("is used twice in the document", "write a different GUID for each cell", "cells", i, "guid")
		}
		if cell.Begin.Before(r.from) {
			cells = append(cells, cell)
		}
	}
	r.cells[guid] = cells
	r.doctors = append(r.doctors, schedule.Doctor{
		GUID: guid, Name: d.Name, Post: d.Post, Speciality: d.Speciality, Room: d.Room, Floor: d.Floor,
		District: d.District, Ages: d.Ages,
	})
	return nil
}

func cellOf(c documentCell, w schedule.Window) (schedule.Cell, *problem) {
	guid, bad := guidOf(c.GUID, "guid")
	if bad != nil {
		return schedule.Cell{}, bad
	}
	begin, bad := instant(c.Begin, "begin")
	if bad != nil {
		return schedule.Cell{}, bad
	}
	end, bad := instant(c.End, "end")
	if bad != nil {
		return schedule.Cell{}, bad
	}
	if !end.After(begin) {
		return schedule.Cell{}, newProblem("is not after the beginning", "write when the appointment ends", "end")
	}
	if bad := lost("room", c.Room); bad != nil {
		return schedule.Cell{}, bad
	}
	cell := schedule.Cell{GUID: guid, Room: c.Room, Floor: c.Floor}
	return w.Cell(cell, apiclient.Time{Time: begin}, apiclient.Time{Time: end}), nil
}

// lost returns a problem for the first text that has lost characters: U+FFFD stands for bytes that were none, and
// what is left is another name. Names and texts alternate.
func lost(namesAndTexts ...string) *problem {
	for i := 0; i < len(namesAndTexts); i += 2 {
		if strings.ContainsRune(namesAndTexts[i+1], utf8.RuneError) {
			return newProblem("has lost characters (U+FFFD)", "write the text from where it is whole", namesAndTexts[i])
		}
	}
	return nil
}

func guidOf(text, name string) (uuid.UUID, *problem) {
	guid, err := uuid.Parse(text)
	if err != nil || len(text) != 36 || guid == uuid.Nil {
		return guid, newProblem("is no GUID", "write the registry's GUID as 8-4-4-4-12 hexadecimal digits", name)
	}
	return guid, nil
}

func instant(text, name string) (time.Time, *problem) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, newProblem("is no instant", "write it with its offset, such as 2026-11-25T08:45:00+03:00", name)
	}
	return t, nil
}
