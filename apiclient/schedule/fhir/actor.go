package fhir

import (
	"cmp"
	"slices"
	"time"

	"infomat/apiclient/schedule"
)

// who is what the actors of a Schedule are for a patient.
type who struct {
	reason   schedule.Reason // why nothing of the schedule is offered; blank: it is
	key      string          // of the doctor, the same in each reading
	name     string
	post     string
	role     *resource // nil: none
	service  *resource // nil: none
	room     string
	floor    int
	doubtful bool // several places can be the room
}

// person is a doctor among the actors.
type person struct {
	key     string
	display string // of the reference
	found   *resource
	via     reference
}

// cast are the actors of a Schedule by type.
type cast struct {
	people    []person
	roles     []*resource
	services  []person
	locations []person
	via       []reference
}

// whoOf returns what the actors of a Schedule are. Specialty is that of the slot, else of the schedule.
func (b *bundle) whoOf(plan *resource, specialty []concept) who {
	if plan.reason != "" {
		return who{reason: plan.reason}
	}
	c := b.cast(plan)
	w := who{}
	if len(c.services) == 1 {
		w.service = c.services[0].found
	}
	doctor, reason := b.doctor(c, w.service, specialty)
	if reason != "" {
		return who{reason: reason}
	}
	w.key, w.name = doctor.key, cmp.Or(nameOf(doctor.found), doctor.display)
	if w.name == "" {
		return who{reason: b.nameless(doctor)}
	}
	if w.role = b.roleOf(doctor, c, w.service, specialty); w.role != nil {
		w.key += "\x00" + w.role.key
		w.post = w.role.post
	}
	if w.reason = b.unusable(c, doctor, w.role); w.reason != "" {
		return w
	}
	room, doubtful, reason := b.roomOf(c, w.role, w.service)
	if w.doubtful, w.reason = doubtful, reason; room != nil && reason == "" {
		w.room, w.floor = room.name, b.floorOf(room)
	}
	return w
}

func nameOf(r *resource) string {
	if r == nil {
		return ""
	}
	return r.name
}

// cast sorts the actors of a Schedule by type. The same person counts once.
func (b *bundle) cast(plan *resource) (c cast) {
	for _, a := range plan.actors {
		found := b.find(a)
		c.via = append(c.via, a)
		switch b.kindOf(a) {
		case kindPractitioner:
			c.people = b.addPerson(c.people, a, found, a.display)
		case kindRole:
			if found == nil {
				c.people = b.addPerson(c.people, a, nil, a.display)
				continue
			}
			c.roles = append(c.roles, found)
			p := found.practitioner
			if p.key == "" && p.logical == "" { // a role without a person is known by its own name
				c.people = b.addPerson(c.people, reference{key: found.key}, nil, cmp.Or(p.display, a.display))
				continue
			}
			c.people = b.addPerson(c.people, p, b.find(p), cmp.Or(p.display, a.display))
		case kindService:
			c.services = b.addPerson(c.services, a, found, a.display)
		case kindLocation:
			c.locations = b.addPerson(c.locations, a, found, a.display)
		}
	}
	return c
}

// addPerson adds an actor unless it is there already.
func (b *bundle) addPerson(all []person, via reference, found *resource, display string) []person {
	p := person{key: cmp.Or(via.key, via.logical, "\x00"+display), display: display, found: found, via: via}
	if found != nil {
		p.key = found.key
	}
	if i := slices.IndexFunc(all, func(o person) bool { return o.key == p.key }); i >= 0 {
		all[i].display = cmp.Or(all[i].display, display)
		return all
	}
	return append(all, p)
}

// doctor returns the actor under whose name the slots are offered. Of several people it is the one with a
// speciality of his own (a doctor with his nurse). Without people it is the service or the place, which then
// has a timetable of its own.
func (b *bundle) doctor(c cast, service *resource, specialty []concept) (person, schedule.Reason) {
	switch {
	case len(c.people) == 1:
		return c.people[0], ""
	case len(c.people) > 1:
		special := slices.DeleteFunc(slices.Clone(c.people), func(p person) bool {
			role := b.roleOf(p, c, service, specialty)
			return role == nil || len(role.specialty.list) == 0
		})
		if len(special) == 1 {
			return special[0], ""
		}
		return person{}, schedule.DoctorAmbiguous
	case len(c.services) == 1:
		return c.services[0], ""
	case len(c.services) > 1:
		return person{}, schedule.DoctorAmbiguous
	case len(c.locations) == 1:
		return c.locations[0], ""
	case len(c.locations) > 1:
		return person{}, schedule.DoctorAmbiguous
	}
	for _, a := range c.via {
		if reason := b.nameless(person{key: a.key, via: a}); reason != schedule.CellNoDoctor {
			return person{}, reason
		}
	}
	return person{}, schedule.CellNoDoctor
}

// nameless returns the reason for which an actor has no name.
func (b *bundle) nameless(p person) schedule.Reason {
	switch {
	case p.found != nil:
		return schedule.DoctorUnnamed
	case p.via.elsewhere():
		return schedule.DoctorElsewhere
	case b.failed[p.via.key]:
		return schedule.DoctorUnread
	}
	return schedule.CellNoDoctor
}

// roleOf returns the role in which a person works here, or nil if that is not known. It is the one that the
// Schedule refers to, else the person's only one; of several, the only one that fits speciality, service and
// place.
func (b *bundle) roleOf(p person, c cast, service *resource, specialty []concept) *resource {
	var mine []*resource
	for _, r := range c.roles {
		if r.key == p.key || b.isPerson(r.practitioner, p) {
			mine = append(mine, r)
		}
	}
	if len(mine) == 1 {
		return mine[0]
	}
	if len(mine) == 0 {
		mine = slices.Clone(b.rolesOf[p.key])
		mine = slices.DeleteFunc(mine, func(r *resource) bool {
			return r.reason != "" || !r.until.IsZero() && !b.asOf.Before(r.until)
		})
	}
	mine = slices.DeleteFunc(mine, func(r *resource) bool {
		return len(specialty) > 0 && len(r.specialty.list) > 0 && !sharesCode(specialty, r.specialty.list)
	})
	if service != nil {
		mine = fitting(mine, func(r *resource) bool {
			return slices.ContainsFunc(r.services, func(s reference) bool { return b.find(s) == service })
		})
	}
	mine = fitting(mine, func(r *resource) bool {
		return slices.ContainsFunc(r.locations, func(l reference) bool {
			return slices.ContainsFunc(c.locations, func(p person) bool { return b.isPerson(l, p) })
		})
	})
	if len(mine) != 1 {
		return nil
	}
	return mine[0]
}

// fitting returns what fits, or all if nothing does.
func fitting(all []*resource, fits func(*resource) bool) []*resource {
	some := slices.DeleteFunc(slices.Clone(all), func(r *resource) bool { return !fits(r) })
	if len(some) == 0 {
		return all
	}
	return some
}

// isPerson reports whether a reference leads to an actor.
func (b *bundle) isPerson(r reference, p person) bool {
	if found := b.find(r); found != nil {
		return found == p.found
	}
	return p.found == nil && r.key != "" && r.key == p.key
}

func sharesCode(a, b []concept) bool {
	return slices.ContainsFunc(a, func(c concept) bool {
		return slices.ContainsFunc(b, func(d concept) bool { return c.code == d.code })
	})
}

// unusable returns why an actor is not in use: the doctor, his role, a service or a place of the Schedule.
func (b *bundle) unusable(c cast, doctor person, role *resource) schedule.Reason {
	all := []*resource{doctor.found, role}
	for _, p := range slices.Concat(c.services, c.locations) {
		all = append(all, p.found)
	}
	for _, r := range all {
		if r != nil && r.reason != "" {
			return r.reason
		}
	}
	return ""
}

// validAt reports whether a role is valid at a time.
func (r *resource) validAt(at time.Time) bool {
	return r == nil || !at.Before(r.from) && (r.until.IsZero() || at.Before(r.until))
}
