package schedule

import "time"

// Day is a calendar day with its cells.
type Day struct {
	Date  time.Time // the day's first instant, in the time zone of the cells
	Cells []Cell    // in the order of time; nil: none
}

// Days groups cells, which must be sorted by time and in one time zone, into calendar days of that zone. The
// first day is the day of now, and cells that begin before it are part of it. The last day is that of the
// last cell, or the day most-1 days after the first; cells after that are left out. Days between without
// cells are returned empty. Without cells Days returns nil.
func Days(cells []Cell, now time.Time, most int) (list []Day) {
	if len(cells) == 0 {
		return nil
	}
	now = now.In(cells[0].Begin.Location())
	for n := range most {
		d := Day{Date: dayStart(now, n)}
		next := dayStart(now, n+1)
		end := 0
		for end < len(cells) && cells[end].Begin.Before(next) {
			end++
		}
		if end > 0 {
			d.Cells = cells[:end:end]
		}
		list, cells = append(list, d), cells[end:]
		if len(cells) == 0 {
			break
		}
	}
	return list
}
