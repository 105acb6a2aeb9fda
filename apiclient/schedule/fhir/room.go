package fhir

import (
	"regexp"
	"slices"
	"strconv"

	"infomat/apiclient/schedule"
)

// Codes of location-physical-type (terminology.hl7.org): a room and a floor.
const (
	roomType  = "ro"
	levelType = "lvl"
)

// roomOf returns the room: the Location of type room, else the one of no type, among the actors, else those
// of the role, else those of the service. Buildings and wings are no rooms. Of several rooms none is the
// room. The reason is set if the only places of role or service are not in use.
func (b *bundle) roomOf(c cast, role, service *resource) (room *resource, doubtful bool, reason schedule.Reason) {
	var all []*resource
	for _, p := range c.locations {
		all = append(all, p.found)
	}
	lonely := len(c.people) == 0 && len(c.services) == 0 // the place itself is what is booked
	for _, r := range []*resource{role, service} {
		if len(all) > 0 || r == nil {
			continue
		}
		for _, l := range r.locations {
			all = append(all, b.find(l))
		}
		inUse := slices.DeleteFunc(slices.Clone(all), func(l *resource) bool { return l != nil && l.reason != "" })
		if len(inUse) == 0 && len(all) > 0 {
			return nil, false, all[0].reason
		}
		all = inUse
	}
	rooms, plain := placesOf(all, roomType), placesOf(all, "")
	if len(rooms) == 0 && !lonely {
		rooms = plain
	}
	if len(rooms) == 1 {
		return rooms[0], false, ""
	}
	return nil, len(rooms) > 1, ""
}

// placesOf returns the places with a name of a physical type, each once.
func placesOf(all []*resource, physicalType string) (some []*resource) {
	for _, l := range all {
		if l != nil && l.physicalType == physicalType && l.name != "" && !l.kindOfPlaces && !slices.Contains(some, l) {
			some = append(some, l)
		}
	}
	return some
}

// maxNesting is how many levels a room may be inside of its floor.
const maxNesting = 5

var floors = regexp.MustCompile(`-?\d{1,3}`)

// floorOf returns the number in the name of the level that a place is part of. It returns 0 if there is no
// level, or not exactly one number in its name.
func (b *bundle) floorOf(l *resource) int {
	for range maxNesting {
		if l == nil {
			return 0
		}
		if l.physicalType == levelType {
			found := floors.FindAllString(l.name, 2)
			if len(found) != 1 {
				return 0
			}
			floor, _ := strconv.Atoi(found[0]) // matched by floors
			return floor
		}
		l = b.find(l.partOf)
	}
	return 0
}
