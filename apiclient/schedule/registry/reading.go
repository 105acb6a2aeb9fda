package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// maxParallel is how many pages are read concurrently: the registry serves a whole region.
const maxParallel = 4

// reading is one reading of the registry's timetable. A page that cannot be read costs what it holds: its
// last good reading is offered while that is younger than Window.MaxAge, else it is left out, and both are
// counted. A busy registry is not asked further, nor is one to which the line is down. What ends the whole
// reading is the terminal's access being denied, a limit, and a first page that does not come.
type reading struct {
	registry *Source
	asOf     time.Time
	pages    *round
	breaker  breaker
	used     schedule.Budget
	dropped  schedule.Tally

	specialities []schedule.Speciality
	doctors      []schedule.Doctor
	people       []person // each doctor once
	cells        map[uuid.UUID][]schedule.Cell
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

func newReading(r *Source) *reading {
	return &reading{
		registry: r, asOf: r.window.Current(), pages: r.pages.begin(),
		cells: map[uuid.UUID][]schedule.Cell{}, read: map[uuid.UUID]time.Time{},
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
func (g *reading) catalogue(ctx context.Context) (*schedule.Catalogue, error) {
	first := g.get(ctx, specialitiesKey, g.registry.specialities())
	if err := g.noBeginning(first); err != nil {
		return nil, whole("the list of specialities", err)
	}
	list, _ := first.value.([]entry[speciality]) // of this key
	if first.cause != nil {
		g.dropped.AddError(schedule.OldReading, specialitiesKey, first.cause)
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
	p := schedule.Parts{
		AsOf: g.asOf, Clinic: clinic, Specialities: g.specialities, Doctors: g.doctors, Cells: g.cells,
		Read: g.read, Dropped: g.dropped.Dropped(),
	}
	if errors.As(stopped, &busy) {
		p.RetryAfter = busy.RetryAfter
	}
	return schedule.NewCatalogue(g.registry.window, p), nil
}

// whole returns the error of a whole reading, which came at a kind of pages.
func whole(at string, err error) error {
	var limit *schedule.LimitError
	if errors.As(err, &limit) {
		return limit // it says all
	}
	return fmt.Errorf("schedule: %s: %w", at, err)
}

// noBeginning returns why the reading cannot begin, if the first page did not come.
func (g *reading) noBeginning(first found) error {
	_, fatal := g.breaker.state()
	switch {
	case fatal != nil:
		return fatal
	case first.cause != nil && (!first.ok || lineDown(first.cause) || unwilling(first.cause)):
		return first.cause
	}
	return nil
}

// get reads a page. If that fails, it returns the last good reading, if that is young enough.
func (g *reading) get(ctx context.Context, key string, p request) found {
	last, known := g.pages.last(key)
	stopped, _ := g.breaker.state()
	err := stopped
	if err == nil {
		var fresh page
		fresh, err = readPage(ctx, g.registry, last, p, &g.used)
		g.breaker.judge(ctx, err)
		if err == nil {
			g.pages.use(key, fresh)
			return found{page: fresh, ok: true}
		}
	}
	if asked := stopped == nil; asked || g.pages.failed[key] {
		g.pages.fail(key)
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

// nothingLeft returns an error if there are parts and none of them can be offered. A timetable that is empty
// is none.
func (g *reading) nothingLeft(specialities int, stopped error) error {
	unread := g.lost(schedule.SpecialityUnread, schedule.DoctorUnread)
	unnamed := g.lost(
		schedule.SpecialityUnnamed, schedule.DoctorNoGUID, schedule.DoctorUnnamed, schedule.ResourceUnreadable,
	)
	cells := g.lost(schedule.CellNoGUID, schedule.CellNoBeginning, schedule.CellUnreadable)
	empty := noCells(g.cells)
	switch {
	case specialities > 0 && len(g.doctors) == 0 && unread+unnamed > 0, empty && cells > 0:
	case empty && g.dropped.Count(schedule.CellOutsideOfTheDays) > 0:
	default:
		return nil
	}
	var err error = &schedule.NothingLeftError{Dropped: g.dropped.Dropped()}
	if unread == 0 && unnamed+cells > 0 {
		err = fmt.Errorf("%w; the names of the properties are set in schedule.registry.fields", err)
	}
	if cause := cmp.Or(stopped, g.breaker.first); cause != nil {
		err = fmt.Errorf("%w; the first failure: %w", err, cause)
	}
	return err
}

// lost returns how many parts were dropped for some reasons.
func (g *reading) lost(reasons ...schedule.Reason) (n int) {
	for _, r := range reasons {
		n += g.dropped.Count(r)
	}
	return n
}

// noCells reports whether no doctor has a cell.
func noCells(cells map[uuid.UUID][]schedule.Cell) bool {
	for _, list := range cells {
		if len(list) > 0 {
			return false
		}
	}
	return true
}
