package schedule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// documentVersion is the version of the document's form that is read.
const documentVersion = 1

// document is the timetable as one JSON document: docs/timetable.schema.json. The doctors are read one by one, so that the whole never stands in memory
// twice.
type document struct {
	Version      int                  `json:"version"`
	Exported     string               `json:"exported"`
	Clinic       documentClinic       `json:"clinic"`
	Specialities []documentSpeciality `json:"specialities"`
	Doctors      []documentDoctor     `json:"doctors"`
}

type documentClinic struct {
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Children bool   `json:"children"`
}

type documentSpeciality struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type documentDoctor struct {
	GUID       string                  `json:"guid"`
	Name       string                  `json:"name"`
	Post       string                  `json:"post"`
	Speciality string                  `json:"speciality"`
	Room       string                  `json:"room"`
	Floor      int                     `json:"floor"`
	District   string                  `json:"district"`
	Ages       []apiclient.AgeCategory `json:"ages"`
	Cells      []documentCell          `json:"cells"`
}

type documentCell struct {
	GUID  string `json:"guid"`
	Begin string `json:"begin"`
	End   string `json:"end"`
	Room  string `json:"room"`
	Floor int    `json:"floor"`
}

// problem is what is wrong somewhere in a part of the document, before it is known on which line.
type problem struct {
	path          []any // names and indexes, from the part on
	problem, want string
}

func (p *problem) Error() string { return p.problem + "; " + p.want }

func wrong(what, want string, path ...any) *problem { return &problem{path, what, want} }

// reader reads a document part by part.
type reader struct {
	file    string
	data    []byte
	decoder *json.Decoder
	from    time.Time // the first instant that is out of reach
	head    document  // without the doctors
	seen    map[string]bool
	doctors []Doctor
	places  []int64 // where each doctor begins
	cells   map[uuid.UUID][]Cell
	guids   map[uuid.UUID]struct{} // of all cells
}

// parseDocument reads a document. Cells that are further away than the days that are offered are left out.
func parseDocument(file string, data []byte, now time.Time, days int) (*Catalogue, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, &FileError{File: file, Problem: "is not written in UTF-8", Want: "save it as UTF-8"}
	}
	y, m, d := now.Date()
	r := &reader{
		file: file, data: data, decoder: json.NewDecoder(bytes.NewReader(data)), from: time.Date(y, m, d+days, 0, 0, 0, 0, now.Location()),
		seen: map[string]bool{}, cells: map[uuid.UUID][]Cell{}, guids: map[uuid.UUID]struct{}{},
	}
	r.decoder.DisallowUnknownFields()
	if err := r.whole(); err != nil {
		return nil, err
	}
	exported, err := r.check()
	if err != nil {
		return nil, err
	}
	var specialities []Speciality
	for _, s := range r.head.Specialities {
		specialities = append(specialities, Speciality(s))
	}
	if exported.After(now) {
		exported = now // the writer's clock is ahead of ours; that makes nothing younger than now
	}
	return NewCatalogue(exported, Clinic(r.head.Clinic), specialities, r.doctors, r.cells), nil
}

// whole reads the outermost object.
func (r *reader) whole() error {
	if token, err := r.decoder.Token(); err != nil || token != json.Delim('{') {
		return r.broken(0, err, "")
	}
	for r.decoder.More() {
		start := r.decoder.InputOffset()
		token, err := r.decoder.Token()
		if err != nil {
			return r.broken(start, err, "")
		}
		name, _ := token.(string) // a key is one
		if r.seen[name] {
			return r.at(start+1, "", "has a name twice", "keep one of the two")
		}
		r.seen[name] = true
		if err := r.part(name, start); err != nil {
			return err
		}
	}
	if _, err := r.decoder.Token(); err != nil {
		return r.broken(r.decoder.InputOffset(), err, "")
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return r.at(r.decoder.InputOffset(), "", "goes on behind its end", "write one object into one file")
	}
	return nil
}

// part reads what stands under one of the outermost names.
func (r *reader) part(name string, start int64) error {
	into := map[string]any{
		"version": &r.head.Version, "exported": &r.head.Exported, "clinic": &r.head.Clinic, "specialities": &r.head.Specialities,
	}[name]
	switch {
	case name == "doctors":
		return r.allDoctors()
	case into == nil:
		return r.at(start+1, "", strange(name), "the names are: version, exported, clinic, specialities, doctors")
	}
	from := r.decoder.InputOffset()
	if err := r.decoder.Decode(into); err != nil {
		return r.broken(from, err, name)
	}
	return nil
}

func (r *reader) allDoctors() error {
	from := r.decoder.InputOffset()
	if token, err := r.decoder.Token(); err != nil || token != json.Delim('[') {
		return r.broken(from, err, "doctors")
	}
	for r.decoder.More() {
		from := r.decoder.InputOffset()
		where := fmt.Sprintf("doctors[%d]", len(r.doctors))
		var d documentDoctor
		if err := r.decoder.Decode(&d); err != nil {
			return r.broken(from, err, where)
		}
		if err := r.add(d); err != nil {
			return r.placed(from, err, where)
		}
		r.places = append(r.places, from)
	}
	from = r.decoder.InputOffset()
	if _, err := r.decoder.Token(); err != nil {
		return r.broken(from, err, "doctors")
	}
	return nil
}

// add checks a doctor and keeps him with his cells.
func (r *reader) add(d documentDoctor) *problem {
	guid, bad := guidOf(d.GUID, "guid")
	if bad != nil {
		return bad
	}
	if _, ok := r.cells[guid]; ok {
		return wrong("stands twice", "a doctor has one entry; with two specialities he has two, with GUIDs of their own", "guid")
	}
	if strings.TrimSpace(d.Name) == "" {
		return wrong("is missing", "write the doctor's name as the patient shall read it", "name")
	}
	for i, a := range d.Ages {
		if !slices.Contains([]apiclient.AgeCategory{apiclient.Child, apiclient.Teen, apiclient.Adult}, a) {
			return wrong("is no age category", "write CHILD, TEEN or ADULT", "ages", i)
		}
	}
	cells := make([]Cell, 0, len(d.Cells))
	for i, c := range d.Cells {
		cell, bad := cellOf(c, r.from.Location())
		if bad != nil {
			bad.path = append([]any{"cells", i}, bad.path...)
			return bad
		}
		if _, ok := r.guids[cell.GUID]; ok {
			return wrong("stands twice in the document", "each cell has a GUID of its own", "cells", i, "guid")
		}
		r.guids[cell.GUID] = struct{}{}
		if cell.Begin.Before(r.from) {
			cells = append(cells, cell)
		}
	}
	r.cells[guid] = cells
	r.doctors = append(r.doctors, Doctor{
		GUID: guid, Name: d.Name, Post: d.Post, Speciality: d.Speciality, Room: d.Room, Floor: d.Floor, District: d.District, Ages: d.Ages,
	})
	return nil
}

func cellOf(c documentCell, here *time.Location) (Cell, *problem) {
	guid, bad := guidOf(c.GUID, "guid")
	if bad != nil {
		return Cell{}, bad
	}
	begin, bad := instant(c.Begin, "begin")
	if bad != nil {
		return Cell{}, bad
	}
	end, bad := instant(c.End, "end")
	if bad != nil {
		return Cell{}, bad
	}
	if !end.After(begin) {
		return Cell{}, wrong("is not after the beginning", "write when the appointment ends", "end")
	}
	return Cell{GUID: guid, Begin: onTheWall(begin, here), End: onTheWall(end, here), Room: c.Room, Floor: c.Floor}, nil
}

// onTheWall is an instant as the clinic's clock shows it. One that is told in UTC is told so for machines; any other offset is the clinic's own.
func onTheWall(t time.Time, here *time.Location) time.Time {
	if _, offset := t.Zone(); offset == 0 {
		return t.In(here)
	}
	return t
}

func guidOf(text, name string) (uuid.UUID, *problem) {
	guid, err := uuid.Parse(text)
	if err != nil || len(text) != 36 || guid == uuid.Nil {
		return guid, wrong("is no GUID", "write 8-4-4-4-12 hexadecimal digits, as the registry has it", name)
	}
	return guid, nil
}

func instant(text, name string) (time.Time, *problem) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, wrong("is no instant", "write it with its offset, such as 2026-11-25T08:45:00+03:00", name)
	}
	return t, nil
}

// check is what can be said only of the whole.
func (r *reader) check() (exported time.Time, err error) {
	for _, name := range [...]string{"version", "exported", "specialities", "doctors"} {
		if !r.seen[name] {
			return exported, r.at(0, name, "is missing", "the document needs version, exported, specialities and doctors")
		}
	}
	if r.head.Version != documentVersion {
		return exported, r.placed(0, wrong(fmt.Sprintf("is %d", r.head.Version), "this program reads version 1", "version"), "")
	}
	exported, bad := instant(r.head.Exported, "exported")
	if bad != nil {
		return exported, r.placed(0, bad, "")
	}
	codes := map[string]bool{}
	for i, s := range r.head.Specialities {
		switch {
		case s.Code == "" || codes[s.Code]:
			return exported, r.placed(0, wrong("is missing, or stands twice", "each speciality has a code of its own", "specialities", i, "code"), "")
		case strings.TrimSpace(s.Name) == "":
			return exported, r.placed(0, wrong("is missing", "write the speciality's name as the patient shall read it", "specialities", i, "name"), "")
		}
		codes[s.Code] = true
	}
	for i, d := range r.doctors {
		if !codes[d.Speciality] {
			return exported, r.placed(r.places[i], wrong("is not among the specialities", "write the code of one of them", "speciality"), fmt.Sprintf("doctors[%d]", i))
		}
	}
	return exported, nil
}
