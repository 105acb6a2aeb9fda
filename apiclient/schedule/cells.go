package schedule

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// zoneOf returns the zone of the cell that is the first in time. Cells in UTC do not count, because servers
// write it without meaning a zone. Without others it returns time.Local.
func zoneOf(cells map[uuid.UUID][]Cell) *time.Location {
	var first time.Time
	var least int
	for _, list := range cells {
		for _, c := range list {
			_, offset := c.Begin.Zone()
			if offset == 0 {
				continue
			}
			order := c.Begin.Compare(first)
			if first.IsZero() || order < 0 || order == 0 && offset < least { // does not depend on the map's order
				first, least = c.Begin, offset
			}
		}
	}
	if first.IsZero() {
		return time.Local
	}
	return first.Location()
}

// unique returns the doctors without those who are twice in one speciality.
func unique(doctors []Doctor) []Doctor {
	type entry struct {
		guid       uuid.UUID
		speciality string
	}
	known := make(map[entry]bool, len(doctors))
	return slices.DeleteFunc(doctors, func(d Doctor) bool {
		e := entry{d.GUID, d.Speciality}
		twice := known[e]
		known[e] = true
		return twice
	})
}

// shelve keeps a doctor's cells.
func (c *Catalogue) shelve(doctor uuid.UUID, list []Cell) {
	list = inOrder(inZone(list, c.Zone))
	last, _ := slices.BinarySearchFunc(list, c.end, func(c Cell, t time.Time) int { return c.Begin.Compare(t) })
	shown, spare := onePerTime(list[:last:last])
	c.cells[doctor] = shown
	delete(c.spare, doctor)
	if len(spare) > 0 {
		c.spare[doctor] = spare
	}
}

// inZone returns the cells with their times in a zone, in a copy if it changes any.
func inZone(list []Cell, zone *time.Location) []Cell {
	foreign := func(c Cell) bool { return c.Begin.Location() != zone }
	if !slices.ContainsFunc(list, foreign) {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i].Begin = apiclient.InZone(list[i].Begin, zone)
		list[i].End = apiclient.InZone(list[i].End, zone)
	}
	return list
}

// inOrder returns the cells sorted by time, in a copy if it changes their order.
func inOrder(list []Cell) []Cell {
	byTime := func(a, b Cell) int { return a.Begin.Compare(b.Begin) }
	if slices.IsSortedFunc(list, byTime) {
		return list
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, byTime)
	return list
}

// onePerTime splits sorted cells into the first one of each time and the others.
func onePerTime(list []Cell) (shown, spare []Cell) {
	again := func(i int) bool { return i > 0 && list[i].Begin.Equal(list[i-1].Begin) }
	for i := range list {
		switch {
		case again(i) && spare == nil:
			shown, spare = slices.Clone(list[:i]), []Cell{list[i]}
		case again(i):
			spare = append(spare, list[i])
		case spare != nil:
			shown = append(shown, list[i])
		}
	}
	if spare == nil {
		return list, nil
	}
	return shown, spare
}

// foreign counts the cells whose offset on the wire is neither UTC's nor that of the zone at that time.
func (c *Catalogue) foreign() (n int) {
	for _, cells := range []map[uuid.UUID][]Cell{c.cells, c.spare} {
		for _, list := range cells {
			for _, cell := range list {
				if _, told := cell.Begin.Zone(); cell.Offset != 0 && cell.Offset != told {
					n++
				}
			}
		}
	}
	return n
}
