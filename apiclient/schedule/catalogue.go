package schedule

import (
	"cmp"
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
// use. Its methods need no network, and none of them iterates over all cells.
type Catalogue struct {
	AsOf         time.Time      // when the source knew it: the time of the request, or the one that a document names
	Zone         *time.Location // in which its times are told: the clinic's, else that of its cells, else time.Local
	Foreign      int            // cells whose offset on the wire is neither UTC's nor that of Zone
	Clinic       Clinic
	Dropped      []Dropped    // what is not offered, for the technician
	specialities []Speciality // by name
	names        map[string]string
	doctors      []Doctor             // by name
	ofSpeciality map[string][]Doctor  // by name
	cells        map[uuid.UUID][]Cell // by time
}

// Parts are what a source has read, for a catalogue.
type Parts struct {
	AsOf         time.Time // see Catalogue
	Clinic       Clinic
	Specialities []Speciality
	Doctors      []Doctor
	Cells        map[uuid.UUID][]Cell    // by doctor
	Read         map[uuid.UUID]time.Time // when the cells of a doctor were read, if that was before AsOf
	Dropped      []Dropped
}

// NewCatalogue returns a catalogue of the days of the window. It sorts the specialities and doctors by name,
// and the cells of each doctor by time. All times are told in the clinic's zone.
func NewCatalogue(w Window, p Parts) *Catalogue {
	specialities, doctors, cells := p.Specialities, p.Doctors, p.Cells
	slices.SortFunc(specialities, func(a, b Speciality) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(doctors, func(a, b Doctor) int { return cmp.Compare(a.Name, b.Name) })
	for guid, list := range cells {
		cells[guid] = inOrder(list)
	}
	k := &Catalogue{
		AsOf: p.AsOf, Zone: w.Zone, Clinic: p.Clinic, Dropped: p.Dropped, specialities: specialities,
		names: make(map[string]string, len(specialities)), doctors: doctors, ofSpeciality: map[string][]Doctor{},
		cells: cells,
	}
	for _, list := range cells {
		for _, cell := range list {
			if _, told := cell.Begin.Zone(); cell.Offset != 0 && cell.Offset != told {
				k.Foreign++
			}
		}
	}
	for _, s := range specialities {
		k.names[s.Code] = s.Name
	}
	for _, d := range doctors {
		k.ofSpeciality[d.Speciality] = append(k.ofSpeciality[d.Speciality], d)
	}
	return k
}

// inOrder returns the cells sorted by time. It copies them before sorting, because a source may keep the
// slice.
func inOrder(list []Cell) []Cell {
	byTime := func(a, b Cell) int { return a.Begin.Compare(b.Begin) }
	if slices.IsSortedFunc(list, byTime) {
		return list
	}
	list = slices.Clone(list)
	slices.SortFunc(list, byTime)
	return list
}

// Offer is the number of free cells, and the nearest of them.
type Offer struct {
	Free    int
	Nearest time.Time // zero when nothing is free
}

// SpecialityOffer is a speciality with its free cells.
type SpecialityOffer struct {
	Speciality
	Offer
}

// DoctorOffer is a doctor with his free cells.
type DoctorOffer struct {
	Doctor
	SpecialityName string
	Offer
}

// Specialities returns the specialities with a doctor for an age, and what is free from now on. Those with
// free cells are first, then sorted by name.
func (c *Catalogue) Specialities(age apiclient.AgeCategory, now time.Time) []SpecialityOffer {
	offers := map[string]Offer{}
	for _, d := range c.doctors {
		if c.sees(d, age) {
			offers[d.Speciality] = offers[d.Speciality].add(c.offer(d.GUID, now))
		}
	}
	var all []SpecialityOffer
	for _, s := range c.specialities {
		if o, ok := offers[s.Code]; ok {
			all = append(all, SpecialityOffer{s, o})
		}
	}
	slices.SortStableFunc(all, func(a, b SpecialityOffer) int { return fullLast(a.Free, b.Free) })
	return all
}

// Doctors returns the doctors of a speciality for an age. Those with free cells are first, then sorted by
// name.
func (c *Catalogue) Doctors(speciality string, age apiclient.AgeCategory, now time.Time) []DoctorOffer {
	var all []DoctorOffer
	for _, d := range c.ofSpeciality[speciality] {
		if c.sees(d, age) {
			all = append(all, DoctorOffer{d, c.names[speciality], c.offer(d.GUID, now)})
		}
	}
	slices.SortStableFunc(all, func(a, b DoctorOffer) int { return fullLast(a.Free, b.Free) })
	return all
}

// Count returns the numbers of doctors and of cells that are free from now on.
func (c *Catalogue) Count(now time.Time) (doctors, cells int) {
	for _, d := range c.doctors {
		cells += c.offer(d.GUID, now).Free
	}
	return len(c.doctors), cells
}

// Cells returns a doctor's free cells from now on, sorted by time.
func (c *Catalogue) Cells(doctor uuid.UUID, now time.Time) []Cell {
	return future(c.cells[doctor], now)
}

// Nearest returns the next free cell of all doctors with its doctor, and how many cells are free on the day
// of now.
func (c *Catalogue) Nearest(now time.Time) (cell Cell, doctor Doctor, today int) {
	y, m, d := now.Date()
	midnight := time.Date(y, m, d+1, 0, 0, 0, 0, now.Location())
	for _, doc := range c.doctors {
		list := future(c.cells[doc.GUID], now)
		if len(list) == 0 {
			continue
		}
		if cell.Begin.IsZero() || list[0].Begin.Before(cell.Begin) {
			cell, doctor = list[0], doc
		}
		n, _ := slices.BinarySearchFunc(list, midnight, func(c Cell, t time.Time) int { return c.Begin.Compare(t) })
		today += n
	}
	return cell, doctor, today
}

// SpecialityOf returns the name of a doctor's speciality.
func (c *Catalogue) SpecialityOf(d Doctor) string { return c.names[d.Speciality] }

// WithDoctor returns a copy of the catalogue in which one doctor's cells are replaced.
func (c *Catalogue) WithDoctor(guid uuid.UUID, fresh []Cell) *Catalogue {
	next := *c
	next.cells = make(map[uuid.UUID][]Cell, len(c.cells)+1)
	maps.Copy(next.cells, c.cells)
	next.cells[guid] = inOrder(fresh)
	return &next
}

func (c *Catalogue) sees(d Doctor, age apiclient.AgeCategory) bool {
	if c.Clinic.Children && age == apiclient.Adult {
		return false
	}
	return len(d.Ages) == 0 || slices.Contains(d.Ages, age)
}

func (c *Catalogue) offer(doctor uuid.UUID, now time.Time) Offer {
	list := future(c.cells[doctor], now)
	if len(list) == 0 {
		return Offer{}
	}
	return Offer{len(list), list[0].Begin}
}

// add returns the sum of two offers.
func (o Offer) add(p Offer) Offer {
	if o.Free == 0 || p.Free > 0 && p.Nearest.Before(o.Nearest) {
		o.Nearest = p.Nearest
	}
	o.Free += p.Free
	return o
}

// future returns the cells that begin at now or later. The list must be sorted by time.
func future(list []Cell, now time.Time) []Cell {
	i, _ := slices.BinarySearchFunc(list, now, func(c Cell, t time.Time) int { return c.Begin.Compare(t) })
	return list[i:]
}

// fullLast compares numbers of free cells: zero is after all others.
func fullLast(a, b int) int {
	return cmp.Compare(min(1, b), min(1, a))
}
