package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
)

// takeSpecialities keeps the specialities of the list, and returns the place of each.
func (g *reading) takeSpecialities(list []entry[speciality]) (places []string, err error) {
	names := map[string]string{}
	for i, e := range list {
		code, name := e.value.SpecialityCode.text, e.value.SpecialityName.text
		if err := errors.Join(g.used.AddSpeciality(), g.used.AddText(len(code)+len(name))); err != nil {
			return nil, err
		}
		place := fmt.Sprintf("specialities[%d]", i)
		switch other, twice := names[code]; {
		case !e.readable && code == "":
			g.dropped.Add(schedule.ResourceUnreadable, place)
			continue
		case code == "" || name == "":
			g.dropped.Add(schedule.SpecialityUnnamed, place)
			continue
		case twice && other != name:
			g.dropped.Add(schedule.SpecialityInDoubt, place)
			continue
		case twice:
			continue
		}
		names[code] = name
		g.specialities = append(g.specialities, schedule.Speciality{Code: code, Name: name})
		places = append(places, place)
	}
	return places, nil
}

// takeDoctors reads the doctors of each speciality.
func (g *reading) takeDoctors(ctx context.Context, places []string) error {
	lists := make([]found, len(places))
	err := g.parallel(len(places), func(i int) {
		code := g.specialities[i].Code
		lists[i] = g.get(ctx, doctorsKey(code), g.registry.doctors(code))
		if list, ok := lists[i].value.([]entry[resource]); ok {
			g.spend(ctx, g.used.AddDoctors(len(list)), g.used.AddText(textOf(list)))
		}
	})
	if err != nil {
		return whole("the lists of doctors", err)
	}
	known := map[uuid.UUID]bool{}
	for i, f := range lists {
		g.takeList(g.specialities[i].Code, places[i], f, known)
	}
	return nil
}

// takeList keeps the doctors of a speciality; known are those who were in a list before.
func (g *reading) takeList(code, place string, f found, known map[uuid.UUID]bool) {
	if !f.ok {
		g.dropped.AddError(schedule.SpecialityUnread, place, f.cause)
		return
	}
	if f.cause != nil {
		g.dropped.AddError(schedule.OldReading, place, f.cause)
	}
	list, _ := f.value.([]entry[resource]) // of this key
	for i, e := range list {
		place := fmt.Sprintf("%s.doctors[%d]", place, i)
		if !g.accept(e, place) {
			continue
		}
		d := e.value.doctor(code)
		g.doctors = append(g.doctors, d)
		if !known[d.GUID] {
			known[d.GUID] = true
			g.people = append(g.people, person{d.GUID, place})
		}
	}
}

// accept reports whether a doctor can be offered, and counts what is wrong with him.
func (g *reading) accept(e entry[resource], place string) bool {
	d := e.value
	reason := schedule.Reason("")
	switch {
	case !e.readable:
		reason = schedule.ResourceUnreadable
	case d.Doctor.UUID == uuid.Nil:
		reason = schedule.DoctorNoGUID
	case d.DoctorName.text == "":
		reason = schedule.DoctorUnnamed
	}
	if reason != "" {
		g.dropped.Add(reason, place)
		return false
	}
	if d.Post.bad || d.Room.bad || d.District.bad {
		g.dropped.Add(schedule.ResourceUnreadable, place) // only the text is left out
	}
	if len(d.Ages) > 0 && len(agesOf(d.Ages)) == 0 {
		g.dropped.Add(schedule.DoctorAges, place)
	}
	return true
}

// takeCells reads the schedules.
func (g *reading) takeCells(ctx context.Context) error {
	schedules := make([]found, len(g.people))
	order := g.order()
	err := g.parallel(len(order), func(n int) {
		i := order[n]
		doctor := g.people[i].guid
		schedules[i] = g.get(ctx, scheduleKey(doctor), g.registry.schedule(doctor, g.asOf))
		if o, ok := schedules[i].value.(offered); ok {
			g.spend(ctx, g.used.AddCells(len(o.cells)), g.used.AddText(o.text))
		}
	})
	if err != nil {
		return whole("the schedules", err)
	}
	seen := map[uuid.UUID]struct{}{}
	for i, p := range g.people {
		g.takeSchedule(p, schedules[i], seen)
	}
	g.doctors = slices.DeleteFunc(g.doctors, func(d schedule.Doctor) bool { _, ok := g.cells[d.GUID]; return !ok })
	return nil
}

// order returns the indexes of the doctors in the order in which they are asked for: those without a last
// reading first, then those with the oldest. So a registry that is soon busy is read as a whole by several readings.
// Those whose page did not come in the reading before are spread among the others, one in maxParallel: so pages that
// never come are no failures in a row, after which nothing more would be asked for.
func (g *reading) order() []int {
	read := make([]time.Time, len(g.people))
	var good, failed []int
	for i, p := range g.people {
		key := scheduleKey(p.guid)
		last, _ := g.pages.last(key)
		read[i] = last.read
		if g.pages.failed[key] {
			failed = append(failed, i)
		} else {
			good = append(good, i)
		}
	}
	oldestFirst := func(a, b int) int { return read[a].Compare(read[b]) }
	slices.SortStableFunc(good, oldestFirst)
	slices.SortStableFunc(failed, oldestFirst)
	indexes := make([]int, 0, len(g.people))
	for len(good) > 0 && len(failed) > 0 {
		n := min(maxParallel-1, len(good))
		indexes = append(append(indexes, failed[0]), good[:n]...)
		failed, good = failed[1:], good[n:]
	}
	return slices.Concat(indexes, good, failed)
}

// takeSchedule keeps the cells of a doctor without those that were seen at another.
func (g *reading) takeSchedule(p person, f found, seen map[uuid.UUID]struct{}) {
	if !f.ok {
		g.dropped.AddError(schedule.DoctorUnread, p.place, f.cause)
		return
	}
	o, _ := f.value.(offered) // of this key
	g.dropped.AddAt(p.place, o.dropped)
	if f.cause != nil {
		g.dropped.AddError(schedule.OldReading, p.place, f.cause)
		g.read[p.guid] = f.read
	}
	end := g.registry.window.End(g.asOf)
	begins := func(c schedule.Cell, t time.Time) int { return c.Begin.Compare(t) }
	within, _ := slices.BinarySearchFunc(o.cells, end, begins)
	if n := len(o.cells) - within; n > 0 && f.cause == nil {
		g.dropped.AddAll(schedule.Dropped{Reason: schedule.CellOutsideOfTheDays, Count: n, Places: []string{p.place}})
	}
	list := o.cells[:within]
	twice := func(c schedule.Cell) bool { _, ok := seen[c.GUID]; return ok }
	if slices.ContainsFunc(list, twice) {
		list = slices.DeleteFunc(slices.Clone(list), twice)
		g.dropped.AddAll(schedule.Dropped{Reason: schedule.CellTwice, Count: within - len(list), Places: []string{p.place}})
	}
	for _, c := range list {
		seen[c.GUID] = struct{}{}
	}
	g.cells[p.guid] = list
}
