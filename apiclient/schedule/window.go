package schedule

import (
	"time"

	"infomat/apiclient"
)

// Window is which part of a timetable is offered, and how its times are told. The sources and the catalogue
// share it.
type Window struct {
	Days int              // how many days are offered, including today; less than 1 counts as 1
	Zone *time.Location   // the clinic's zone; nil: not known, see Catalogue.Zone
	Now  func() time.Time // nil: time.Now

	// MaxAge is for how long the last good reading of a part is offered when it cannot be read again. 0: not
	// at all.
	MaxAge time.Duration
}

// Current returns the current time in the clinic's zone, or in the computer's where that is not known.
func (w Window) Current() time.Time {
	now := time.Now
	if w.Now != nil {
		now = w.Now
	}
	if w.Zone == nil {
		return now()
	}
	return now().In(w.Zone)
}

// Start returns the first instant of the days that are offered, counted from the day of now.
func (w Window) Start(now time.Time) time.Time { return dayStart(now, 0) }

// LastDay returns an instant of the last day that is offered, counted from the day of now.
func (w Window) LastDay(now time.Time) time.Time { return dayStart(now, max(1, w.Days)-1) }

// End returns the first instant after the days that are offered, counted from the day of now.
func (w Window) End(now time.Time) time.Time { return dayStart(now, max(1, w.Days)) }

// dayStart returns the first instant of a day in the zone of t: of the day of t, or of a number of days after
// it. A zone may change its offset in that night, so that there is no 00:00, or that there are two.
func dayStart(t time.Time, days int) time.Time {
	y, m, d := t.Date()
	noon := time.Date(y, m, d+days, 12, 0, 0, 0, t.Location()) // normalised: a month may end between
	y, m, d = noon.Date()
	midnight := func(offset int) time.Time {
		return time.Date(y, m, d, 0, 0, -offset, 0, time.UTC).In(t.Location())
	}
	_, offset := noon.Zone()
	change, _ := noon.ZoneBounds()
	if change.IsZero() || midnight(offset).Sub(change) >= maxChange {
		return midnight(offset)
	}
	_, before := change.Add(-1).Zone()
	switch earlier := midnight(before); {
	case earlier.Before(change):
		return earlier
	case midnight(offset).Before(change):
		return change
	}
	return midnight(offset)
}

// maxChange is longer than any change of a zone's offset. Some zones have moved to the other side of the date
// line.
const maxChange = 25 * time.Hour

// Cell returns a cell with its times in the clinic's zone.
func (w Window) Cell(c Cell, begin, end apiclient.Time) Cell {
	c.Begin, c.End = begin.Told(w.Zone), end.Told(w.Zone)
	written := begin.Time
	if begin.NoOffset {
		written = c.Begin
	}
	_, c.Offset = written.Zone()
	return c
}
