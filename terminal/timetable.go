package terminal

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/device/ticket"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/guide"
)

// timetable is the store as the visit needs it.
type timetable struct {
	store  *schedule.Store
	clinic config.Clinic
	days   int // how many days are shown, at most
	guide  func() *guide.Guide
	log    *slog.Logger

	offered offered
}

// catalogue returns what this terminal offers of the newest timetable that is not too old, or nil.
func (t *timetable) catalogue() *schedule.Catalogue {
	c, err := t.store.Snapshot(time.Now())
	if err != nil {
		return nil // the watch has closed booking, and shows why
	}
	if t.guide == nil {
		return c
	}
	return t.offered.offer(c, t.guide())
}

// bring returns what the clinic tells those who come to a speciality, by the name that is on their ticket. The guide
// may know the speciality by its code alone.
func (t *timetable) bring(speciality, language string) string {
	g := t.guide()
	if text := g.Bring("", speciality, language); text != "" || g == nil {
		return text
	}
	c := t.catalogue()
	if c == nil {
		return ""
	}
	for _, age := range [...]apiclient.AgeCategory{apiclient.Adult, apiclient.Teen, apiclient.Child} {
		for _, s := range c.Specialities(age, time.Now()) {
			if strings.EqualFold(ticket.Clean(s.Name), speciality) {
				if text := g.Bring(s.Code, s.Name, language); text != "" {
					return text
				}
			}
		}
	}
	return ""
}

// Specialities lists the specialities of an age.
func (t *timetable) Specialities(_ context.Context, age kiosk.Age) (list []kiosk.Speciality) {
	c := t.catalogue()
	if c == nil {
		return nil
	}
	for _, s := range c.Specialities(apiclient.AgeCategory(age), time.Now()) {
		list = append(list, kiosk.Speciality{
			Code: s.Code, Name: ticket.Clean(s.Name), Free: s.Free, Nearest: s.Nearest,
		})
	}
	return list
}

// Doctors lists the doctors of a speciality.
func (t *timetable) Doctors(_ context.Context, age kiosk.Age, speciality string) (list []kiosk.Doctor) {
	c := t.catalogue()
	if c == nil {
		return nil
	}
	for _, d := range c.Doctors(speciality, apiclient.AgeCategory(age), time.Now()) {
		room, floor := ticket.Room(d.Room, d.Floor)
		list = append(list, kiosk.Doctor{
			GUID: d.GUID, Name: ticket.Doctor(d.Name), Post: ticket.Clean(d.Post),
			Speciality: ticket.Clean(d.SpecialityName), Room: room, Floor: floor,
			District: ticket.District(d.District), Free: d.Free, Nearest: d.Nearest,
		})
	}
	return list
}

// Days returns a doctor's days. With fresh they are read again first; where that fails, what was read before is
// returned.
func (t *timetable) Days(ctx context.Context, doctor uuid.UUID, fresh bool) []kiosk.Day {
	if fresh {
		if err := t.store.RefreshDoctor(ctx, doctor); err != nil {
			t.log.Warn("a doctor's timetable could not be read anew", "error", err)
		}
	}
	c := t.catalogue()
	if c == nil {
		return nil
	}
	now := time.Now()
	var list []kiosk.Day
	for _, d := range schedule.Days(c.Cells(doctor, now), now, t.days) {
		day := kiosk.Day{Date: d.Date}
		for _, c := range d.Cells {
			room, floor := ticket.Room(c.Room, c.Floor)
			day.Cells = append(day.Cells, kiosk.Cell{
				GUID: c.GUID, Begin: c.Begin, End: c.End, Room: room, Floor: floor, Doctor: doctor,
			})
		}
		list = append(list, day)
	}
	return list
}

// recheckWithin bounds the fresh look at a cell.
const recheckWithin = 10 * time.Second

var cellStates = map[schedule.CellState]kiosk.CellState{
	schedule.CellFree: kiosk.CellFree, schedule.CellTaken: kiosk.CellTaken, schedule.CellUnknown: kiosk.CellUnread,
}

// Recheck reads a cell again.
func (t *timetable) Recheck(ctx context.Context, c kiosk.Cell) kiosk.CellState {
	state, _ := t.cellState(ctx, c) // the error is logged
	return state
}

// cellState reads a cell again.
func (t *timetable) cellState(ctx context.Context, c kiosk.Cell) (kiosk.CellState, error) {
	ctx, cancel := context.WithTimeout(ctx, recheckWithin)
	defer cancel()
	state, err := t.store.Source.CellState(ctx, c.Doctor, c.GUID, c.Begin)
	if err != nil {
		t.log.Warn("the cell could not be read anew", "cell", c.GUID, "error", err)
	}
	return cellStates[state], err
}

// overview returns what the welcome screen shows.
func (t *timetable) overview(now time.Time) kiosk.Overview {
	o := kiosk.Overview{Clinic: kiosk.Clinic{
		Name: ticket.Clean(t.clinic.Name), Desk: ticket.Clean(t.clinic.Desk),
	}, Zone: t.clinic.Location()}
	c := t.catalogue()
	if c == nil {
		return o
	}
	o.Zone = c.Zone
	if name := ticket.Clean(c.Clinic.Name); name != "" {
		o.Clinic.Name = name
	}
	o.Clinic.Phone = ticket.Clean(c.Clinic.Phone)
	cell, doctor, today := c.Nearest(now)
	o.FreeToday = today
	if !cell.Begin.IsZero() {
		room, _ := ticket.Room(doctor.Room, doctor.Floor)
		o.Nearest = kiosk.Opening{Speciality: ticket.Clean(c.SpecialityOf(doctor)), Begin: cell.Begin, Room: room}
	}
	return o
}

// overviewEvery is how often the welcome screen's facts are computed.
const overviewEvery = 500 * time.Millisecond

// tellOverview keeps the welcome screen's facts fresh until ctx ends. Send reports whether the state machine took them.
func (t *timetable) tellOverview(ctx context.Context, send func(kiosk.Event) bool) {
	var told kiosk.Overview
	for {
		if now := t.overview(time.Now()); now != told && send(kiosk.OverviewChanged{Overview: now}) {
			told = now
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(overviewEvery):
		}
	}
}
