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

// documentVersion is the version of the document format (docs/timetable.schema.json).
const documentVersion = 1

// document is the timetable as one JSON document: docs/timetable.schema.json. Its doctors are decoded one
// by one, so that the whole is not in memory twice.
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

// problem is an error in a part of the document whose line is not known yet.
type problem struct {
	path          []any // names and indexes, from the part on
	problem, want string
}

func (p *problem) Error() string { return p.problem + "; " + p.want }

func newProblem(what, want string, path ...any) *problem { return &problem{path, what, want} }

// reader reads a document part by part.
type reader struct {
	file    string
	data    []byte
	decoder *json.Decoder
	window  Window
	from    time.Time // after the days that are offered in any zone: the catalogue leaves out the rest
	head    document  // without the doctors
	seen    map[string]bool
	doctors []Doctor
	places  []int64 // offset of each doctor
	cells   map[uuid.UUID][]Cell
	guids   map[uuid.UUID]struct{} // of all cells
}

// parseDocument reads a document. It leaves out cells long after the days that are offered. Its errors
// are *FileError.
func parseDocument(file string, data []byte, w Window) (*Catalogue, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, &FileError{File: file, Problem: "is not written in UTF-8", Want: "save it as UTF-8"}
	}
	now := w.now()
	r := &reader{
		file: file, data: data, decoder: json.NewDecoder(bytes.NewReader(data)),
		window: w, from: w.end(now).Add(maxChange),
		seen: map[string]bool{}, cells: map[uuid.UUID][]Cell{}, guids: map[uuid.UUID]struct{}{},
	}
	r.decoder.DisallowUnknownFields()
	if err := r.readAll(); err != nil {
		return nil, err
	}
	exported, err := r.validate()
	if err != nil {
		return nil, err
	}
	var specialities []Speciality
	for _, s := range r.head.Specialities {
		specialities = append(specialities, Speciality(s))
	}
	if exported.After(now) {
		exported = now // the writer's clock is ahead of ours
	}
	return NewCatalogue(w, Parts{
		AsOf: exported, Clinic: Clinic(r.head.Clinic), Specialities: specialities, Doctors: r.doctors, Cells: r.cells,
	}), nil
}

// readAll reads the outermost object.
func (r *reader) readAll() error {
	if token, err := r.decoder.Token(); err != nil || token != json.Delim('{') {
		return r.decodeError(0, err, "")
	}
	for r.decoder.More() {
		start := r.decoder.InputOffset()
		token, err := r.decoder.Token()
		if err != nil {
			return r.decodeError(start, err, "")
		}
		name, _ := token.(string) // a key is one
		if r.seen[name] {
			return r.errorAtPath(start, newProblem("has a name twice", "keep one of them"), "")
		}
		r.seen[name] = true
		if err := r.readMember(name, start); err != nil {
			return err
		}
	}
	if _, err := r.decoder.Token(); err != nil {
		return r.decodeError(r.decoder.InputOffset(), err, "")
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return r.errorAt(r.decoder.InputOffset(), "", "has data after its end", "write one object into one file")
	}
	return nil
}

// readMember reads the value of one of the outermost names.
func (r *reader) readMember(name string, start int64) error {
	into := map[string]any{
		"version": &r.head.Version, "exported": &r.head.Exported, "clinic": &r.head.Clinic,
		"specialities": &r.head.Specialities,
	}[name]
	switch {
	case name == "doctors":
		return r.readDoctors()
	case into == nil:
		const want = "the names are: version, exported, clinic, specialities, doctors"
		return r.errorAtPath(start, newProblem(unknownName(name), want), "")
	}
	from := r.decoder.InputOffset()
	if err := r.decoder.Decode(into); err != nil {
		return r.decodeError(from, err, name)
	}
	return nil
}

func (r *reader) readDoctors() error {
	from := r.decoder.InputOffset()
	if token, err := r.decoder.Token(); err != nil || token != json.Delim('[') {
		return r.decodeError(from, err, "doctors")
	}
	for r.decoder.More() {
		from := r.decoder.InputOffset()
		where := fmt.Sprintf("doctors[%d]", len(r.doctors))
		var d documentDoctor
		if err := r.decoder.Decode(&d); err != nil {
			return r.decodeError(from, err, where)
		}
		if err := r.add(d); err != nil {
			return r.errorAtPath(from, err, where)
		}
		r.places = append(r.places, from)
	}
	from = r.decoder.InputOffset()
	if _, err := r.decoder.Token(); err != nil {
		return r.decodeError(from, err, "doctors")
	}
	return nil
}

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
	if strings.TrimSpace(d.Name) == "" {
		return newProblem("is missing", "write the doctor's name for the patient", "name")
	}
	for i, a := range d.Ages {
		if !slices.Contains([]apiclient.AgeCategory{apiclient.Child, apiclient.Teen, apiclient.Adult}, a) {
			return newProblem("is no age category", "write CHILD, TEEN or ADULT", "ages", i)
		}
	}
	cells := make([]Cell, 0, len(d.Cells))
	for i, c := range d.Cells {
		cell, bad := cellOf(c, r.window)
		if bad != nil {
			bad.path = append([]any{"cells", i}, bad.path...)
			return bad
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
	r.doctors = append(r.doctors, Doctor{
		GUID: guid, Name: d.Name, Post: d.Post, Speciality: d.Speciality, Room: d.Room, Floor: d.Floor,
		District: d.District, Ages: d.Ages,
	})
	return nil
}

func cellOf(c documentCell, w Window) (Cell, *problem) {
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
		return Cell{}, newProblem("is not after the beginning", "write when the appointment ends", "end")
	}
	cell := Cell{GUID: guid, Room: c.Room, Floor: c.Floor}
	return w.cell(cell, apiclient.Time{Time: begin}, apiclient.Time{Time: end}), nil
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

// validate checks what depends on the whole document, and returns when it was exported.
func (r *reader) validate() (exported time.Time, err error) {
	for _, name := range [...]string{"version", "exported", "specialities", "doctors"} {
		if !r.seen[name] {
			return exported, r.errorAt(0, name, "is missing", "the document needs version, exported, specialities and doctors")
		}
	}
	if r.head.Version != documentVersion {
		bad := newProblem(fmt.Sprintf("is %d", r.head.Version), "this program reads version 1", "version")
		return exported, r.errorAtPath(0, bad, "")
	}
	exported, bad := instant(r.head.Exported, "exported")
	if bad != nil {
		return exported, r.errorAtPath(0, bad, "")
	}
	codes := map[string]bool{}
	for i, s := range r.head.Specialities {
		switch {
		case s.Code == "" || codes[s.Code]:
			const want = "write a different code for each speciality"
			bad := newProblem("is missing or used twice", want, "specialities", i, "code")
			return exported, r.errorAtPath(0, bad, "")
		case strings.TrimSpace(s.Name) == "":
			bad := newProblem("is missing", "write the speciality's name for the patient", "specialities", i, "name")
			return exported, r.errorAtPath(0, bad, "")
		}
		codes[s.Code] = true
	}
	for i, d := range r.doctors {
		if !codes[d.Speciality] {
			bad := newProblem("is not among the specialities", "write the code of one of them", "speciality")
			return exported, r.errorAtPath(r.places[i], bad, fmt.Sprintf("doctors[%d]", i))
		}
	}
	return exported, nil
}
