package schedule_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

var ages = []apiclient.AgeCategory{apiclient.Child, apiclient.Teen, apiclient.Adult}

// plain computes the answers of a catalogue cell by cell. Its doctors are in the order of their names.
type plain struct {
	schedule.Parts
	now time.Time
}

// free returns a doctor's cells from now on: of several at one time the first of the source.
func (p plain) free(doctor uuid.UUID) (list []schedule.Cell) {
	for _, c := range p.Cells[doctor] {
		same := func(other schedule.Cell) bool { return other.Begin.Equal(c.Begin) }
		if !c.Begin.Before(p.now) && !slices.ContainsFunc(list, same) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b schedule.Cell) int { return a.Begin.Compare(b.Begin) })
	return list
}

// people returns each doctor once.
func (p plain) people() (list []schedule.Doctor) {
	for _, d := range p.Doctors {
		if !slices.ContainsFunc(list, func(other schedule.Doctor) bool { return other.GUID == d.GUID }) {
			list = append(list, d)
		}
	}
	return list
}

func (p plain) specialities(age apiclient.AgeCategory) []schedule.SpecialityOffer {
	var free, full []schedule.SpecialityOffer
	for _, s := range p.Specialities {
		offer, listed := schedule.SpecialityOffer{Speciality: s}, false
		for _, d := range p.Doctors {
			if d.Speciality != s.Code || p.Clinic.Children && age == apiclient.Adult ||
				len(d.Ages) > 0 && !slices.Contains(d.Ages, age) {
				continue
			}
			listed = true
			for _, c := range p.free(d.GUID) {
				if offer.Free == 0 || c.Begin.Before(offer.Nearest) {
					offer.Nearest = c.Begin
				}
				offer.Free++
			}
		}
		switch {
		case offer.Free > 0:
			free = append(free, offer)
		case listed:
			full = append(full, offer)
		}
	}
	return append(free, full...)
}

func (p plain) nearest() (cell schedule.Cell, doctor schedule.Doctor, today int) {
	y, m, d := p.now.Date()
	for _, who := range p.people() {
		for _, c := range p.free(who.GUID) {
			if cell.Begin.IsZero() || c.Begin.Before(cell.Begin) {
				cell, doctor = c, who
			}
			if cy, cm, cd := c.Begin.Date(); cy == y && cm == m && cd == d {
				today++
			}
		}
	}
	return cell, doctor, today
}

func (p plain) count() (doctors, cells int) {
	for _, d := range p.people() {
		cells += len(p.free(d.GUID))
	}
	return len(p.people()), cells
}

// check compares all answers of a catalogue.
func (p plain) check(t *testing.T, c *schedule.Catalogue) {
	t.Helper()
	for _, age := range ages {
		got, want := c.Specialities(age, p.now), p.specialities(age)
		if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("at %v for %s:\n%v, want\n%v", p.now, age, got, want)
		}
	}
	cell, doctor, today := c.Nearest(p.now)
	if wantCell, want, n := p.nearest(); cell != wantCell || !reflect.DeepEqual(doctor, want) || today != n {
		t.Fatalf("at %v: %v of %s, %d today, want %v of %s, %d", p.now, cell, doctor.Name, today, wantCell, want.Name, n)
	}
	doctors, cells := c.Count(p.now)
	if wantDoctors, want := p.count(); doctors != wantDoctors || cells != want {
		t.Fatalf("at %v: %d doctors with %d cells, want %d with %d", p.now, doctors, cells, wantDoctors, want)
	}
}

// randomParts returns a small clinic in which much coincides: doctors begin at the same times, are listed under
// several specialities, with the same ages or others, and some have no cells.
func randomParts(random *rand.Rand) schedule.Parts {
	p := schedule.Parts{AsOf: monday, Clinic: schedule.Clinic{Children: random.IntN(4) == 0}, Cells: cellsOf{}}
	for i := range random.IntN(5) {
		p.Specialities = append(p.Specialities, schedule.Speciality{Code: fmt.Sprint(i), Name: fmt.Sprintf("С%d", i)})
	}
	for i := range random.IntN(8) {
		d := doctorOf(fmt.Sprintf("Д%d", i), "")
		for range 1 + random.IntN(3) {
			d.Speciality = fmt.Sprint(random.IntN(6)) // also one that is not in the list
			d.Ages = ages[random.IntN(3):][:random.IntN(2)]
			same := func(other schedule.Doctor) bool { return other.GUID == d.GUID && other.Speciality == d.Speciality }
			if !slices.ContainsFunc(p.Doctors, same) {
				p.Doctors = append(p.Doctors, d)
			}
		}
		p.Cells[d.GUID] = randomCells(random)
	}
	p.Cells[uuid.New()] = randomCells(random) // of a doctor who is not in the list
	return p
}

func randomCells(random *rand.Rand) (cells []schedule.Cell) {
	for range random.IntN(12) {
		cells = append(cells, cellOf(monday.Add(time.Duration(random.IntN(4*24)-24)*time.Hour)))
	}
	return cells
}

// The answers are those of a search through all cells, for random clinics and times, also after a doctor's cells
// are replaced, in the new catalogue and in the old one.
func TestTheAnswersAreThoseOfAPlainSearch(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 0))
		p := randomParts(random)
		given := p
		given.Doctors = slices.Clone(p.Doctors)
		old := schedule.NewCatalogue(window(at(monday)), given)
		asked := func() plain { // a time before, at, between and after the cells, in the clinic's zone
			now := monday.Add(time.Duration(random.IntN(5*24*60)-36*60) * time.Minute)
			if random.IntN(2) == 0 {
				now = now.Truncate(time.Hour)
			}
			return plain{p, now.In(old.Zone)}
		}
		for range 5 {
			asked().check(t, old)
		}
		if len(p.Doctors) == 0 {
			continue
		}
		before := asked()
		doctor := p.Doctors[random.IntN(len(p.Doctors))].GUID
		fresh := schedule.Reading{AsOf: monday, Cells: randomCells(random)}
		changed := old.WithDoctor(doctor, fresh)
		p.Cells = maps.Clone(given.Cells)
		p.Cells[doctor] = fresh.Cells
		for range 5 {
			asked().check(t, changed)
		}
		before.check(t, old)
	}
}

// The answers leave out the doctors whose reading is too old, and nobody else.
func TestTheAnswersWithoutOldReadings(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 1))
		p := randomParts(random)
		p.Read = map[uuid.UUID]time.Time{}
		for _, d := range p.Doctors {
			if random.IntN(3) == 0 {
				p.Read[d.GUID] = monday.Add(-time.Hour)
			}
		}
		s := &schedule.Store{Source: &parts{p}, MaxAge: 30 * time.Minute}
		if err := s.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		now := monday.Add(time.Minute)
		left := plain{p, now}
		left.Doctors = slices.DeleteFunc(slices.Clone(p.Doctors), func(d schedule.Doctor) bool {
			_, old := p.Read[d.GUID]
			return old
		})
		c, err := s.Snapshot(now)
		if stale := len(left.Doctors) == 0 && len(p.Doctors) > 0; stale != errors.Is(err, schedule.ErrStale) {
			t.Fatalf("%d of %d doctors are left: %v", len(left.Doctors), len(p.Doctors), err)
		}
		if err == nil {
			left.now = now.In(c.Zone)
			left.check(t, c)
		}
	}
}

// Of many doctors with a cell at the same time the first by name is the nearest.
func TestTheNearestOfManyAtOneTime(t *testing.T) {
	p := schedule.Parts{Cells: cellsOf{}}
	for i := range 50 {
		d := doctorOf(fmt.Sprintf("Д%02d", i), "1")
		p.Doctors = append(p.Doctors, d)
		p.Cells[d.GUID] = []schedule.Cell{cellOf(monday.Add(time.Hour)), cellOf(monday.Add(2 * time.Hour))}
	}
	c := schedule.NewCatalogue(window(at(monday)), p)
	for _, now := range []time.Time{monday, monday.Add(90 * time.Minute)} {
		if _, d, _ := c.Nearest(now); d.Name != "Д00" {
			t.Errorf("at %v: %s", now, d.Name)
		}
	}
}

// Codes of specialities are any texts: those of one doctor joined are not the code of another.
func TestCodesAreKeptApart(t *testing.T) {
	a, b, both := doctorOf("А", "1"), doctorOf("Б", "1 []} {2"), doctorOf("А", "2")
	both.GUID = a.GUID
	p := schedule.Parts{
		Specialities: []schedule.Speciality{{Code: "1", Name: "а"}, {Code: "1 []} {2", Name: "б"}, {Code: "2", Name: "в"}},
		Doctors:      []schedule.Doctor{a, both, b}, Cells: cellsOf{a.GUID: {cellOf(monday)}, b.GUID: nil},
	}
	c := schedule.NewCatalogue(window(at(monday)), p)
	p.Doctors = []schedule.Doctor{a, both, b} // the catalogue may have sorted the others
	plain{p, monday.In(c.Zone)}.check(t, c)
}

// Fractions of seconds count, and times far from ours are told apart.
func TestAnyTimesAreCompared(t *testing.T) {
	for _, now := range []time.Time{
		monday.Add(1), monday.AddDate(-700, 0, 0), monday.AddDate(700, 0, 0), monday.AddDate(-1500, 0, 0),
	} {
		a, b := doctorOf("А", "1"), doctorOf("Б", "1")
		p := schedule.Parts{
			AsOf: now, Specialities: []schedule.Speciality{{Code: "1", Name: "а"}}, Doctors: []schedule.Doctor{a, b},
			Cells: cellsOf{
				a.GUID: {cellOf(now.AddDate(-300, 0, 0)), cellOf(now.Add(-1)), cellOf(now.Add(2))},
				b.GUID: {cellOf(now.Add(-1)), cellOf(now.Add(1))},
			},
		}
		c := schedule.NewCatalogue(window(at(now)), p)
		for _, later := range []time.Duration{-2, -1, 0, 1, 2, 3} {
			plain{p, now.Add(later).In(c.Zone)}.check(t, c)
		}
	}
}
