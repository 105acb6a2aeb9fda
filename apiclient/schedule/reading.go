package schedule

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// maxParallel is how many pages are read concurrently: the registry serves a whole region.
const maxParallel = 4

// reading is one reading of the registry's timetable. A page that cannot be read costs what it holds: its
// last good reading is offered while that is younger than Window.MaxAge, else it is left out, and both are
// counted. A busy registry is not asked further, nor is one to which the line is down. What ends the whole
// reading is the terminal's access being denied, a limit, and a first page that does not come.
type reading struct {
	registry *Registry
	asOf     time.Time
	pages    *round
	breaker  breaker
	used     budget
	dropped  tally

	specialities []Speciality
	doctors      []Doctor
	people       []person // each doctor once
	cells        map[uuid.UUID][]Cell
	read         map[uuid.UUID]time.Time // of old readings
}

// person is a doctor whose schedule is read, and his first position in the lists.
type person struct {
	guid  uuid.UUID
	place string
}

// found is a page, or why there is none.
type found struct {
	page
	ok    bool  // there is a page
	cause error // why it was not read now; nil: it was
}

func newReading(r *Registry) *reading {
	return &reading{
		registry: r, asOf: r.window.now(), pages: r.pages.begin(),
		cells: map[uuid.UUID][]Cell{}, read: map[uuid.UUID]time.Time{},
	}
}

// The keys of the pages.
const (
	clinicKey       = "clinic"
	specialitiesKey = "specialities"
)

func doctorsKey(code string) string       { return "doctors/" + code }
func scheduleKey(doctor uuid.UUID) string { return "schedule/" + doctor.String() }

// catalogue reads everything.
func (g *reading) catalogue(ctx context.Context) (*Catalogue, error) {
	first := g.get(ctx, specialitiesKey, g.registry.specialities())
	if err := g.noBeginning(first); err != nil {
		return nil, whole("the list of specialities", err)
	}
	list, _ := first.value.([]entry[speciality]) // of this key
	if first.cause != nil {
		g.dropped.addError(OldReading, specialitiesKey, first.cause)
	}
	places, err := g.takeSpecialities(list)
	if err == nil {
		err = g.takeDoctors(ctx, places)
	}
	if err == nil {
		err = g.takeCells(ctx)
	}
	if err != nil {
		return nil, err
	}
	clinic := g.clinic(ctx)
	stopped, fatal := g.breaker.state()
	if fatal != nil {
		return nil, whole("the clinic", fatal)
	}
	if err := g.nothingLeft(len(list), stopped); err != nil {
		return nil, err
	}
	g.pages.end()
	var busy *apiclient.BusyError
	p := Parts{
		AsOf: g.asOf, Clinic: clinic, Specialities: g.specialities, Doctors: g.doctors, Cells: g.cells,
		Read: g.read, Dropped: g.dropped.dropped(),
	}
	if errors.As(stopped, &busy) {
		p.RetryAfter = busy.RetryAfter
	}
	return NewCatalogue(g.registry.window, p), nil
}

// whole returns the error of a whole reading, which came at a kind of pages.
func whole(at string, err error) error {
	var limit *LimitError
	if errors.As(err, &limit) {
		return limit // it says all
	}
	return fmt.Errorf("schedule: %s: %w", at, err)
}

// noBeginning returns why the reading cannot begin, if the first page did not come.
func (g *reading) noBeginning(first found) error {
	var busy *apiclient.BusyError
	_, fatal := g.breaker.state()
	switch {
	case fatal != nil:
		return fatal
	case first.cause != nil && (!first.ok || lineDown(first.cause) || errors.As(first.cause, &busy)):
		return first.cause
	}
	return nil
}

// get reads a page. If that fails, it returns the last good reading, if that is young enough.
func (g *reading) get(ctx context.Context, key string, p registryPage) found {
	last, known := g.pages.last(key)
	err, _ := g.breaker.state()
	if err == nil {
		var fresh page
		fresh, err = readPage(ctx, g.registry, last, p, &g.used)
		g.breaker.judge(ctx, err)
		if err == nil {
			g.pages.use(key, fresh)
			return found{page: fresh, ok: true}
		}
	}
	limit := g.registry.window.MaxAge
	if !known || limit <= 0 || g.asOf.Sub(last.read) > limit {
		return found{cause: err}
	}
	g.pages.use(key, last)
	return found{page: last, ok: true, cause: err}
}

// parallel calls do for the numbers below n, maxParallel at a time. After the end of the whole reading it
// calls it no more.
func (g *reading) parallel(n int, do func(i int)) error {
	var work sync.WaitGroup
	room := make(chan struct{}, maxParallel)
	for i := range n {
		room <- struct{}{}
		if _, fatal := g.breaker.state(); fatal != nil {
			break
		}
		work.Go(func() {
			defer func() { <-room }()
			do(i)
		})
	}
	work.Wait()
	_, fatal := g.breaker.state()
	return fatal
}

// spend ends the reading if a limit is reached: at once, before more of it is in memory.
func (g *reading) spend(ctx context.Context, limits ...error) {
	if err := errors.Join(limits...); err != nil {
		g.breaker.judge(ctx, err)
	}
}

// takeSpecialities keeps the specialities of the list, and returns the place of each.
func (g *reading) takeSpecialities(list []entry[speciality]) (places []string, err error) {
	names := map[string]string{}
	for i, e := range list {
		code, name := e.value.SpecialityCode.text, e.value.SpecialityName.text
		if err := errors.Join(g.used.speciality(), g.used.addText(len(code)+len(name))); err != nil {
			return nil, err
		}
		place := fmt.Sprintf("specialities[%d]", i)
		switch other, twice := names[code]; {
		case !e.readable && code == "":
			g.dropped.add(ResourceUnreadable, place)
			continue
		case code == "" || name == "":
			g.dropped.add(SpecialityUnnamed, place)
			continue
		case twice && other != name:
			g.dropped.add(SpecialityInDoubt, place)
			continue
		case twice:
			continue
		}
		names[code] = name
		g.specialities = append(g.specialities, Speciality{code, name})
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
			text := 0
			for _, e := range list {
				text += e.value.text()
			}
			g.spend(ctx, g.used.addDoctors(len(list)), g.used.addText(text))
		}
	})
	if err != nil {
		return whole("the lists of doctors", err)
	}
	known := map[uuid.UUID]bool{}
	for i, f := range lists {
		if !f.ok {
			g.dropped.addError(SpecialityUnread, places[i], f.cause)
			continue
		}
		if f.cause != nil {
			g.dropped.addError(OldReading, places[i], f.cause)
		}
		list, _ := f.value.([]entry[resource]) // of this key
		for j, e := range list {
			place := fmt.Sprintf("%s.doctors[%d]", places[i], j)
			if !g.accept(e, place) {
				continue
			}
			d := e.value.doctor(g.specialities[i].Code)
			g.doctors = append(g.doctors, d)
			if !known[d.GUID] {
				known[d.GUID] = true
				g.people = append(g.people, person{d.GUID, place})
			}
		}
	}
	return nil
}

// accept reports whether a doctor can be offered, and counts what is wrong with him.
func (g *reading) accept(e entry[resource], place string) bool {
	d := e.value
	reason := Reason("")
	switch {
	case !e.readable:
		reason = ResourceUnreadable
	case d.Doctor.UUID == uuid.Nil:
		reason = DoctorNoGUID
	case d.DoctorName.text == "":
		reason = DoctorUnnamed
	}
	if reason != "" {
		g.dropped.add(reason, place)
		return false
	}
	if d.Post.bad || d.Room.bad || d.District.bad {
		g.dropped.add(ResourceUnreadable, place) // only the text is left out
	}
	if len(d.Ages) > 0 && len(agesOf(d.Ages)) == 0 {
		g.dropped.add(DoctorAges, place)
	}
	return true
}

// takeCells reads the schedules. Doctors without a last reading are first, then those with the oldest, so
// that a registry that is soon busy is read as a whole by several readings.
func (g *reading) takeCells(ctx context.Context) error {
	schedules := make([]found, len(g.people))
	order := make([]int, len(g.people))
	read := make([]time.Time, len(g.people))
	for i, p := range g.people {
		last, _ := g.pages.last(scheduleKey(p.guid))
		order[i], read[i] = i, last.read
	}
	slices.SortStableFunc(order, func(a, b int) int { return read[a].Compare(read[b]) })
	err := g.parallel(len(order), func(n int) {
		i := order[n]
		doctor := g.people[i].guid
		schedules[i] = g.get(ctx, scheduleKey(doctor), g.registry.schedule(doctor, g.asOf))
		if o, ok := schedules[i].value.(offered); ok {
			g.spend(ctx, g.used.addCells(len(o.cells)), g.used.addText(o.text))
		}
	})
	if err != nil {
		return whole("the schedules", err)
	}
	seen := map[uuid.UUID]struct{}{}
	for i, p := range g.people {
		g.takeSchedule(p, schedules[i], seen)
	}
	g.doctors = slices.DeleteFunc(g.doctors, func(d Doctor) bool { _, ok := g.cells[d.GUID]; return !ok })
	return nil
}

// takeSchedule keeps the cells of a doctor without those that were seen at another.
func (g *reading) takeSchedule(p person, f found, seen map[uuid.UUID]struct{}) {
	if !f.ok {
		g.dropped.addError(DoctorUnread, p.place, f.cause)
		return
	}
	o, _ := f.value.(offered) // of this key
	g.dropped.addAt(p.place, o.dropped)
	if f.cause != nil {
		g.dropped.addError(OldReading, p.place, f.cause)
		g.read[p.guid] = f.read
	}
	end := g.registry.window.end(g.asOf)
	within, _ := slices.BinarySearchFunc(o.cells, end, func(c Cell, t time.Time) int { return c.Begin.Compare(t) })
	if n := len(o.cells) - within; n > 0 && f.cause == nil {
		g.dropped.addAll(Dropped{Reason: CellOutsideOfTheDays, Count: n, Places: []string{p.place}})
	}
	list := o.cells[:within]
	twice := func(c Cell) bool { _, ok := seen[c.GUID]; return ok }
	if slices.ContainsFunc(list, twice) {
		list = slices.DeleteFunc(slices.Clone(list), twice)
		g.dropped.addAll(Dropped{Reason: CellTwice, Count: within - len(list), Places: []string{p.place}})
	}
	for _, c := range list {
		seen[c.GUID] = struct{}{}
	}
	g.cells[p.guid] = list
}

// clinic reads the clinic. What cannot be read stays as it was read last, however long ago: whether it is a
// clinic for children does not change.
func (g *reading) clinic(ctx context.Context) Clinic {
	f := g.get(ctx, clinicKey, g.registry.clinicPage())
	last, known := g.pages.last(clinicKey)
	before, _ := last.value.(clinicPage)
	now, fresh := f.value.(clinicPage)
	if !fresh {
		if !known {
			g.dropped.addError(ClinicUnread, clinicKey, f.cause)
			return Clinic{}
		}
		now = before
		g.pages.use(clinicKey, last)
	}
	if now.Children.bad && !before.Children.known {
		g.dropped.add(ClinicUnread, clinicKey)
	}
	if !now.Children.known && before.Children.known {
		now.Children = before.Children
		f.value = now
		g.pages.use(clinicKey, f.page)
	}
	return Clinic{Name: now.Name.text, Phone: now.Phone.text, Children: now.Children.is}
}

// nothingLeft returns an error if there are parts and none of them can be offered. A timetable that is empty
// is none.
func (g *reading) nothingLeft(specialities int, stopped error) error {
	unread := g.dropped.count(SpecialityUnread) + g.dropped.count(DoctorUnread)
	unnamed := g.dropped.count(SpecialityUnnamed) + g.dropped.count(DoctorNoGUID) + g.dropped.count(DoctorUnnamed) +
		g.dropped.count(ResourceUnreadable)
	cells := g.dropped.count(CellNoGUID) + g.dropped.count(CellNoBeginning) + g.dropped.count(CellUnreadable)
	empty := noCells(g.cells)
	switch {
	case specialities > 0 && len(g.doctors) == 0 && unread+unnamed > 0, empty && cells > 0:
	case empty && g.dropped.count(CellOutsideOfTheDays) > 0:
	default:
		return nil
	}
	var err error = &NothingLeftError{g.dropped.dropped()}
	if unread == 0 && unnamed+cells > 0 {
		err = fmt.Errorf("%w; the names of the properties are set in schedule.registry.fields", err)
	}
	if cause := cmp.Or(stopped, g.breaker.first); cause != nil {
		err = fmt.Errorf("%w; the first failure: %w", err, cause)
	}
	return err
}

// noCells reports whether no doctor has a cell.
func noCells(cells map[uuid.UUID][]Cell) bool {
	for _, list := range cells {
		if len(list) > 0 {
			return false
		}
	}
	return true
}
