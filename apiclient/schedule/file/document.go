package file

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
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

// under returns the problem with its path from further out.
func (p *problem) under(path ...any) *problem {
	return &problem{append(path, p.path...), p.problem, p.want}
}

func newProblem(what, want string, path ...any) *problem { return &problem{path, what, want} }

// reader reads a document part by part.
type reader struct {
	file    string
	data    []byte
	decoder *json.Decoder
	window  schedule.Window
	from    time.Time // after the days that are offered in any zone: the catalogue leaves out the rest
	head    document  // without the doctors
	seen    map[string]bool
	doctors []schedule.Doctor
	places  []place        // of each doctor
	list    []documentCell // the memory of the cells that are being decoded
	cells   map[uuid.UUID][]schedule.Cell
	guids   []uuid.UUID // of all cells, also those that are left out
}

// place is where a doctor stands.
type place struct {
	offset int64 // in the document
	cell   int   // number of his first cell in reader.guids
}

// leastCell is the least length of a cell in bytes: its names with a GUID and two instants.
const leastCell = 100

// anyZone is longer than the difference between any two zones.
const anyZone = 27 * time.Hour

// parseDocument reads a document. It leaves out cells long after the days that are offered. Its errors
// are *Error.
func parseDocument(file string, data []byte, w schedule.Window) (*schedule.Catalogue, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, &Error{File: file, Problem: "is not written in UTF-8", Want: "save it as UTF-8"}
	}
	now := w.Current()
	r := &reader{
		file: file, data: data, decoder: json.NewDecoder(bytes.NewReader(data)),
		window: w, from: w.End(now).Add(anyZone),
		seen: map[string]bool{}, cells: map[uuid.UUID][]schedule.Cell{},
		guids: make([]uuid.UUID, 0, min(bytes.Count(data, []byte("{")), len(data)/leastCell)),
	}
	r.decoder.DisallowUnknownFields()
	if err := r.readAll(); err != nil {
		return nil, err
	}
	exported, err := r.validate()
	if err != nil {
		return nil, err
	}
	var specialities []schedule.Speciality
	for _, s := range r.head.Specialities {
		specialities = append(specialities, schedule.Speciality(s))
	}
	if exported.After(now) {
		exported = now // the writer's clock is ahead of ours
	}
	return schedule.NewCatalogue(w, schedule.Parts{
		AsOf: exported, Clinic: schedule.Clinic(r.head.Clinic), Specialities: specialities, Doctors: r.doctors,
		Cells: r.cells,
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
		at := place{from, len(r.guids)}
		d, err := r.nextDoctor()
		if err != nil {
			return r.decodeError(from, err, where)
		}
		if err := r.add(d); err != nil {
			return r.errorAtPath(from, err, where)
		}
		r.places = append(r.places, at)
	}
	from = r.decoder.InputOffset()
	if _, err := r.decoder.Token(); err != nil {
		return r.decodeError(from, err, "doctors")
	}
	return nil
}

// maxKeptCells bounds reader.list, which is cleared for each doctor. A doctor has about 600 cells in two weeks.
const maxKeptCells = 4096

// nextDoctor decodes a doctor. His cells are valid until the next call, which decodes into the same memory.
func (r *reader) nextDoctor() (documentDoctor, error) {
	clear(r.list) // else a cell without a room would have that of an earlier doctor's cell
	d := documentDoctor{Cells: r.list[:0]}
	err := r.decoder.Decode(&d)
	if n := cap(d.Cells); n > 0 && n <= maxKeptCells {
		r.list = d.Cells[:n]
	}
	return d, err
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
	if bad := lost("name", r.head.Clinic.Name, "phone", r.head.Clinic.Phone); bad != nil {
		return exported, r.errorAtPath(0, bad.under("clinic"), "")
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
		if bad := lost("code", s.Code, "name", s.Name); bad != nil {
			return exported, r.errorAtPath(0, bad.under("specialities", i), "")
		}
		codes[s.Code] = true
	}
	for i, d := range r.doctors {
		if !codes[d.Speciality] {
			bad := newProblem("is not among the specialities", "write the code of one of them", "speciality")
			return exported, r.errorAtPath(r.places[i].offset, bad, fmt.Sprintf("doctors[%d]", i))
		}
	}
	return exported, r.checkGUIDs()
}
