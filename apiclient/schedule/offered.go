package schedule

import (
	"maps"
	"slices"

	"github.com/google/uuid"
)

// Only returns the catalogue of the rooms that a terminal offers. Offers is asked for the room of each cell: its own,
// or else its doctor's. A doctor without a cell stays where the doctor's own room is offered.
func (c *Catalogue) Only(offers func(room string, floor int) bool) *Catalogue {
	next := *c
	next.ofSpeciality = make(map[string][]Doctor, len(c.ofSpeciality))
	next.cells, next.spare = make(map[uuid.UUID][]Cell, len(c.cells)), map[uuid.UUID][]Cell{}
	var doctors []Doctor
	for _, code := range slices.Sorted(maps.Keys(c.ofSpeciality)) {
		for _, d := range c.ofSpeciality[code] {
			if _, known := next.cells[d.GUID]; !known {
				next.shelve(d.GUID, c.offered(d, offers))
			}
			if len(next.cells[d.GUID]) == 0 && !offers(d.Room, d.Floor) {
				continue
			}
			doctors, next.ofSpeciality[code] = append(doctors, d), append(next.ofSpeciality[code], d)
		}
	}
	byName(doctors, func(d Doctor) string { return d.Name })
	next.groups = groupsOf(doctors)
	return &next
}

// offered returns a doctor's cells at the rooms that are offered.
func (c *Catalogue) offered(d Doctor, offers func(room string, floor int) bool) []Cell {
	return slices.DeleteFunc(slices.Clone(c.Reading(d.GUID).Cells), func(cell Cell) bool {
		room, floor := cell.Room, cell.Floor
		if room == "" {
			room, floor = d.Room, d.Floor
		}
		return !offers(room, floor)
	})
}
