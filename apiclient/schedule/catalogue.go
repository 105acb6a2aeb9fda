package schedule

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// Clinic is what a source knows of the clinic. Blank fields are not known.
type Clinic struct {
	Name     string
	Phone    string
	Children bool // a children's clinic: adults are not booked
}

// Doctor is a resource with its own timetable.
type Doctor struct {
	GUID       uuid.UUID
	Name       string
	Post       string
	Speciality string // its code
	Room       string
	Floor      int // 0: none
	District   string
	Ages       []apiclient.AgeCategory // whom the doctor sees; empty: everybody
}

// Speciality is a medical speciality.
type Speciality struct {
	Code string
	Name string
}

// Cell is a free cell.
type Cell struct {
	GUID  uuid.UUID
	Begin time.Time // in the clinic's zone, as End
	End   time.Time
	Room  string
	Floor int

	// Offset is the offset of Begin as the source has written it, in seconds east of UTC, for comparing.
	Offset int
}

// CellState is what a re-read of a cell has found.
type CellState int

// The states of a cell.
const (
	CellUnknown CellState = iota
	CellFree
	CellTaken
)

// Catalogue is a timetable as the source knew it at one instant. It is immutable and safe for concurrent
// use. Its methods need no network, and none of them iterates over all cells. They show a doctor's cells at
// one time once, in lists and in counts.
type Catalogue struct {
	AsOf       time.Time      // when the source knew it: the time of the request, or the one that a document names
	Zone       *time.Location // in which its times are told: the clinic's, else that of its cells, else time.Local
	Foreign    int            // cells whose offset on the wire is neither UTC's nor that of Zone
	RetryAfter time.Duration  // how long a busy server asked to wait before the next reading; 0: not at all
	Clinic     Clinic
	Dropped    []Dropped // what is not offered, for the technician

	specialities []Speciality // by name
	names        map[string]string
	doctors      []Doctor             // by name; one in several specialities is here once for each of them
	people       []Doctor             // by name; each doctor once
	ofSpeciality map[string][]Doctor  // by name
	cells        map[uuid.UUID][]Cell // by time; one for each time
	spare        map[uuid.UUID][]Cell // further cells at times that cells has
	end          time.Time            // the first instant after the days that are offered
	read         map[uuid.UUID]time.Time
	oldest       time.Time // AsOf or, if that is earlier, the earliest time of read
}

// Parts are what a source has read, for a catalogue.
type Parts struct {
	AsOf         time.Time // see Catalogue
	RetryAfter   time.Duration
	Clinic       Clinic
	Specialities []Speciality
	Doctors      []Doctor                // one in several specialities: an entry with the same GUID for each
	Cells        map[uuid.UUID][]Cell    // by doctor
	Read         map[uuid.UUID]time.Time // when the cells of a doctor were read, if that was before AsOf
	Dropped      []Dropped
}

// NewCatalogue returns a catalogue of the days of the window. It sorts the specialities and doctors by name,
// and the cells of each doctor by time. All times are told in one zone. Cells after the days of the window
// are left out. The lists of cells are not changed, because a source may keep them.
func NewCatalogue(w Window, p Parts) *Catalogue {
	zone := w.Zone
	if zone == nil {
		zone = zoneOf(p.Cells)
	}
	c := &Catalogue{
		AsOf: p.AsOf, Zone: zone, RetryAfter: p.RetryAfter, Clinic: p.Clinic, Dropped: p.Dropped,
		specialities: p.Specialities, names: make(map[string]string, len(p.Specialities)),
		doctors: unique(p.Doctors), ofSpeciality: map[string][]Doctor{},
		cells: make(map[uuid.UUID][]Cell, len(p.Cells)), spare: map[uuid.UUID][]Cell{},
		end: w.End(w.Current().In(zone)), read: p.Read,
	}
	byName(c.specialities, func(s Speciality) string { return s.Name })
	byName(c.doctors, func(d Doctor) string { return d.Name })
	for doctor, list := range p.Cells {
		c.shelve(doctor, list)
	}
	c.Foreign = c.foreign()
	for _, s := range c.specialities {
		c.names[s.Code] = s.Name
	}
	known := make(map[uuid.UUID]bool, len(c.doctors))
	for _, d := range c.doctors {
		c.ofSpeciality[d.Speciality] = append(c.ofSpeciality[d.Speciality], d)
		if !known[d.GUID] {
			known[d.GUID] = true
			c.people = append(c.people, d)
		}
	}
	c.age()
	return c
}

// Oldest returns when the oldest part of the catalogue was read.
func (c *Catalogue) Oldest() time.Time { return c.oldest }

// age sets the time of the oldest part.
func (c *Catalogue) age() {
	c.oldest = c.AsOf
	for _, at := range c.read {
		if at.Before(c.oldest) {
			c.oldest = at
		}
	}
}

// ReadAt returns when a doctor's cells were read.
func (c *Catalogue) ReadAt(doctor uuid.UUID) time.Time {
	if at, ok := c.read[doctor]; ok {
		return at
	}
	return c.AsOf
}

// Reading returns a doctor's cells as the catalogue was made of them: also those that have begun, and all at one
// time. They are not sorted.
func (c *Catalogue) Reading(doctor uuid.UUID) Reading {
	cells := c.cells[doctor]
	if spare := c.spare[doctor]; len(spare) > 0 {
		cells = slices.Concat(cells, spare)
	}
	return Reading{c.ReadAt(doctor), cells}
}

// WithDoctor returns a copy of the catalogue in which one doctor's cells are replaced.
func (c *Catalogue) WithDoctor(doctor uuid.UUID, fresh Reading) *Catalogue {
	next := *c
	next.cells, next.spare, next.read = cloned(c.cells), cloned(c.spare), cloned(c.read)
	next.shelve(doctor, fresh.Cells)
	next.read[doctor] = fresh.AsOf
	next.age()
	return &next
}

// since returns the catalogue without the doctors whose cells were read before an instant.
func (c *Catalogue) since(at time.Time) *Catalogue {
	if !c.oldest.Before(at) {
		return c
	}
	old := func(d Doctor) bool { return c.ReadAt(d.GUID).Before(at) }
	next := *c
	next.doctors = slices.DeleteFunc(slices.Clone(c.doctors), old)
	next.people = slices.DeleteFunc(slices.Clone(c.people), old)
	next.ofSpeciality = make(map[string][]Doctor, len(c.ofSpeciality))
	for code, list := range c.ofSpeciality {
		next.ofSpeciality[code] = slices.DeleteFunc(slices.Clone(list), old)
	}
	next.cells, next.spare, next.read = cloned(c.cells), cloned(c.spare), cloned(c.read)
	for doctor, read := range c.read {
		if read.Before(at) {
			delete(next.cells, doctor)
			delete(next.spare, doctor)
			delete(next.read, doctor)
		}
	}
	next.age()
	return &next
}

// cloned returns a copy of a map, with room for one more.
func cloned[K comparable, V any](m map[K]V) map[K]V {
	next := make(map[K]V, len(m)+1)
	maps.Copy(next, m)
	return next
}
