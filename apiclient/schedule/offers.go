package schedule

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

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
	offers := make(map[string]Offer, len(c.specialities))
	for _, g := range c.groups {
		starts := g.from(now, c.cells)
		offer := Offer{Free: len(starts)}
		if len(starts) > 0 {
			offer.Nearest = starts[0].in(c.Zone)
		}
		for _, l := range g.listings {
			if c.sees(l.ages, age) {
				offers[l.speciality] = offers[l.speciality].add(offer)
			}
		}
	}
	all := make([]SpecialityOffer, 0, len(offers))
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
		if c.sees(d.Ages, age) {
			all = append(all, DoctorOffer{d, c.names[speciality], c.offer(d.GUID, now)})
		}
	}
	slices.SortStableFunc(all, func(a, b DoctorOffer) int { return fullLast(a.Free, b.Free) })
	return all
}

// Count returns the numbers of doctors, each counted once, and of cells that are free from now on.
func (c *Catalogue) Count(now time.Time) (doctors, cells int) {
	for _, g := range c.groups {
		cells += len(g.from(now, c.cells))
	}
	return c.people(), cells
}

// people returns the number of doctors, each counted once.
func (c *Catalogue) people() (n int) {
	for _, g := range c.groups {
		n += len(g.members)
	}
	return n
}

// Cells returns a doctor's free cells from now on, sorted by time.
func (c *Catalogue) Cells(doctor uuid.UUID, now time.Time) []Cell {
	return future(c.cells[doctor], now)
}

// Nearest returns the next free cell of all doctors with its doctor, and how many cells are free on the day
// of now in the clinic's zone.
func (c *Catalogue) Nearest(now time.Time) (cell Cell, doctor Doctor, today int) {
	tomorrow := c.tomorrow(now)
	var first *member
	var least start
	for _, g := range c.groups {
		starts := g.from(now, c.cells)
		if len(starts) == 0 {
			continue
		}
		today += before(starts, tomorrow)
		owner, order := &g.members[starts[0].owner], starts[0].compare(least)
		if first == nil || order < 0 || order == 0 && owner.number < first.number {
			first, least = owner, starts[0]
		}
	}
	if first == nil {
		return cell, doctor, today
	}
	return future(c.cells[first.GUID], now)[0], first.Doctor, today
}

// tomorrow returns the first instant after the day of now. The zone of a zero catalogue is not known.
func (c *Catalogue) tomorrow(now time.Time) time.Time {
	if c.Zone == nil {
		return dayStart(now, 1)
	}
	return dayStart(now.In(c.Zone), 1)
}

// SpecialityOf returns the name of a doctor's speciality.
func (c *Catalogue) SpecialityOf(d Doctor) string { return c.names[d.Speciality] }

// sees reports whether a doctor who sees these ages, or everybody if there are none, sees an age here.
func (c *Catalogue) sees(ages []apiclient.AgeCategory, age apiclient.AgeCategory) bool {
	if c.Clinic.Children && age == apiclient.Adult {
		return false
	}
	return len(ages) == 0 || slices.Contains(ages, age)
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
