package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// group is the doctors who are listed in the same way: under the same specialities, for the same ages. Each
// doctor of a catalogue is in one group. Catalogues in which its doctors have the same cells share a group, which
// does not change once it is sorted.
type group struct {
	members  []member  // by name
	listings []listing // of each member

	sorting sync.Once
	starts  []start // of the cells of all members, sorted at the first question
}

// start is when a cell begins, and whose it is. It takes 16 bytes; a catalogue has one for each cell.
type start struct {
	second     int64 // since 1970
	nanosecond int32
	owner      int32 // number in group.members
}

func startOf(t time.Time, owner int) start {
	return start{t.Unix(), int32(t.Nanosecond()), int32(owner)}
}

func (s start) in(zone *time.Location) time.Time {
	return time.Unix(s.second, int64(s.nanosecond)).In(zone)
}

// compare compares the times, not the owners.
func (s start) compare(other start) int {
	if s.second != other.second {
		return cmp.Compare(s.second, other.second)
	}
	return cmp.Compare(s.nanosecond, other.nanosecond)
}

// member is a doctor with his number in the order of names among all doctors of a catalogue.
type member struct {
	Doctor
	number int
}

// listing is a speciality under which a doctor is listed, and the ages whom the doctor sees there.
type listing struct {
	speciality string
	ages       []apiclient.AgeCategory
}

// groupsOf returns the groups of doctors, who must be sorted by name. A doctor of several specialities is there
// once for each of them.
func groupsOf(doctors []Doctor) (groups []*group) {
	people := make(map[uuid.UUID]member, len(doctors))
	listings := make(map[uuid.UUID][]listing, len(doctors))
	for _, d := range doctors {
		if _, known := people[d.GUID]; !known {
			people[d.GUID] = member{d, len(people)}
		}
		listings[d.GUID] = append(listings[d.GUID], listing{d.Speciality, d.Ages})
	}
	known := map[string]*group{}
	for guid, list := range listings {
		key := fmt.Sprintf("%q", list)
		g := known[key]
		if g == nil {
			g = &group{listings: list}
			known[key], groups = g, append(groups, g)
		}
		g.members = append(g.members, people[guid])
	}
	for _, g := range groups {
		slices.SortFunc(g.members, func(a, b member) int { return cmp.Compare(a.number, b.number) })
	}
	return groups
}

// without returns the group without some doctors, or nil if none is left.
func (g *group) without(leaves func(Doctor) bool) *group {
	gone := func(m member) bool { return leaves(m.Doctor) }
	if !slices.ContainsFunc(g.members, gone) {
		return g
	}
	left := slices.DeleteFunc(slices.Clone(g.members), gone)
	if len(left) == 0 {
		return nil
	}
	return &group{members: left, listings: g.listings}
}

// unsorted returns the group for other cells of its members.
func (g *group) unsorted() *group { return &group{members: g.members, listings: g.listings} }

func (g *group) has(doctor uuid.UUID) bool {
	return slices.ContainsFunc(g.members, func(m member) bool { return m.GUID == doctor })
}

// from returns what begins at an instant or later. The cells are those of the catalogue.
func (g *group) from(now time.Time, cells map[uuid.UUID][]Cell) []start {
	g.sorting.Do(func() { g.sort(cells) })
	return g.starts[before(g.starts, now):]
}

// before returns the number of starts before an instant. They must be sorted.
func before(starts []start, at time.Time) int {
	n, _ := slices.BinarySearchFunc(starts, startOf(at, 0), start.compare)
	return n
}

// prepare sorts all groups, so that no question waits for it.
func (c *Catalogue) prepare() {
	for _, g := range c.groups {
		g.from(c.AsOf, c.cells)
	}
}

// sort fills the starts. Of those at one time the first member's is first.
func (g *group) sort(cells map[uuid.UUID][]Cell) {
	n := 0
	for _, m := range g.members {
		n += len(cells[m.GUID])
	}
	g.starts = make([]start, 0, n)
	for i, m := range g.members {
		for _, c := range cells[m.GUID] {
			g.starts = append(g.starts, startOf(c.Begin, i))
		}
	}
	slices.SortFunc(g.starts, func(a, b start) int {
		return cmp.Or(a.compare(b), cmp.Compare(a.owner, b.owner))
	})
}
