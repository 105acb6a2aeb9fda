package schedule

import (
	"time"

	"infomat/apiclient"
)

// Window is which part of a timetable is offered, and how its times are told. The sources and the catalogue
// share it.
type Window struct {
	Days int              // how many days are offered, including today; at least 1
	Zone *time.Location   // the clinic's zone; nil: not known, times stay in the offset of the source
	Now  func() time.Time // nil: time.Now

	// MaxAge is for how long the last good reading of a part is offered when it cannot be read again. 0: not
	// at all.
	MaxAge time.Duration
}

// now returns the current time in the clinic's zone, or in the computer's where that is not known.
func (w Window) now() time.Time {
	now := time.Now
	if w.Now != nil {
		now = w.Now
	}
	if w.Zone == nil {
		return now()
	}
	return now().In(w.Zone)
}

// end returns the first instant after the days that are offered, counted from the day of now.
func (w Window) end(now time.Time) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m, d+w.Days, 0, 0, 0, 0, now.Location())
}

// cell returns a cell with its times in the clinic's zone.
func (w Window) cell(c Cell, begin, end apiclient.Time) Cell {
	c.Begin, c.End = begin.Told(w.Zone), end.Told(w.Zone)
	written := begin.Time
	if begin.NoOffset {
		written = c.Begin
	}
	_, c.Offset = written.Zone()
	return c
}
