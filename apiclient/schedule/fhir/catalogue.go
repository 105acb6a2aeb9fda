package fhir

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
)

// doctorSpace is the name space of the keys that stand for doctors. The keys are not sent.
var doctorSpace = uuid.MustParse("5d1f7a3e-6f0b-4c55-8f43-0a6f2c1f9b77")

// offer is what the slots of a schedule with the same concepts have in common.
type offer struct {
	reason  schedule.Reason // why they are not offered; blank: they are
	who     who
	doctor  schedule.Doctor
	special schedule.Speciality
}

// offerKey names an offer by indexes of schedules and concepts.
type offerKey struct{ schedule, specialty, serviceType, visit int32 }

// builder collects a catalogue.
type builder struct {
	parts      schedule.Parts
	doctors    map[uuid.UUID]int             // indexes of parts.Doctors
	names      map[string]string             // of the specialities, by code
	searchable map[uuid.UUID]map[string]bool // keys of each doctor's schedules; "" stands for one that has none
}

// catalogue builds the catalogue. A doctor of it is a person, or another resource with a timetable of its
// own, in one role, one speciality and for one set of ages, so that each patient sees the cells for his age.
// It also returns the keys of each doctor's schedules. It returns a *NothingLeftError if there are slots and
// none can be offered, unless none is free in the window.
func (b *bundle) catalogue() (*schedule.Catalogue, map[uuid.UUID][]string, error) {
	k := builder{
		parts:   schedule.Parts{AsOf: b.asOf, Clinic: b.clinic(), Cells: map[uuid.UUID][]schedule.Cell{}},
		doctors: map[uuid.UUID]int{}, names: map[string]string{}, searchable: map[uuid.UUID]map[string]bool{},
	}
	b.assignRoles()
	offers := map[offerKey]*offer{}
	for n, piece := range b.slots {
		for i := range piece {
			s := &piece[i]
			if s.twice {
				continue
			}
			key := offerKey{s.schedule, s.specialty, s.serviceType, s.visit}
			o := offers[key]
			if o == nil {
				o = b.offer(s)
				offers[key] = o
			}
			if err := b.place(&k, s, o); err != nil {
				return nil, nil, err
			}
		}
		b.slots[n] = nil // the cells take its place
	}
	k.parts.Dropped = b.dropped.Dropped()
	if len(k.parts.Doctors) == 0 && spoilt(k.parts.Dropped) {
		return nil, nil, &schedule.NothingLeftError{Dropped: k.parts.Dropped}
	}
	schedules := map[uuid.UUID][]string{}
	for guid, keys := range k.searchable {
		for key := range keys {
			schedules[guid] = append(schedules[guid], key)
		}
		slices.Sort(schedules[guid])
	}
	return schedule.NewCatalogue(b.window, k.parts), schedules, nil
}

// spoilt reports whether anything was dropped that could have been offered.
func spoilt(dropped []schedule.Dropped) bool {
	return slices.ContainsFunc(dropped, func(d schedule.Dropped) bool {
		return d.Reason != schedule.CellNotFree && d.Reason != schedule.CellOutsideOfTheDays &&
			d.Reason != schedule.ServerWarning
	})
}

// assignRoles lists the roles of each person.
func (b *bundle) assignRoles() {
	b.rolesOf = map[string][]*resource{}
	for _, r := range b.resources {
		if r.kind != kindRole {
			continue
		}
		key := r.practitioner.key
		if p := b.find(r.practitioner); p != nil {
			key = p.key
		}
		if !slices.Contains(b.rolesOf[key], r) {
			b.rolesOf[key] = append(b.rolesOf[key], r)
		}
	}
}

// clinic returns the name of the organization that manages the places, if there is only one.
func (b *bundle) clinic() (c schedule.Clinic) {
	for _, r := range b.resources {
		name := r.organization.display
		if o := b.find(r.organization); o != nil && o.name != "" {
			name = o.name
		}
		if name != "" && c.Name != "" && name != c.Name {
			return schedule.Clinic{}
		}
		if name != "" {
			c.Name = name
		}
	}
	return c
}

// place puts a slot into the catalogue, or counts why it is not offered.
func (b *bundle) place(k *builder, s *slot, o *offer) error {
	begin := b.beginOf(s)
	switch {
	case o.reason != "":
		b.dropped.Add(o.reason, s.at.String())
		return nil
	case !o.who.role.validAt(begin):
		b.dropped.Add(schedule.DoctorInactive, s.at.String())
		return nil
	}
	if o.who.doubtful {
		b.dropped.Add(schedule.RoomAmbiguous, s.at.String())
	}
	if err := k.doctor(o, &b.used); err != nil {
		return err
	}
	if err := k.speciality(o.special, b, s); err != nil {
		return err
	}
	c := schedule.Cell{GUID: s.guid, Begin: begin, Room: o.doctor.Room, Floor: o.doctor.Floor, Offset: int(s.offset)}
	if s.length > 0 {
		c.End = begin.Add(time.Duration(s.length) * time.Second)
	}
	k.parts.Cells[o.doctor.GUID] = append(k.parts.Cells[o.doctor.GUID], c)
	plan := b.schedules.list[s.schedule]
	key := plan.key
	if plan.elsewhere() || !strings.HasPrefix(key, kindSchedule+"/") || strings.ContainsAny(key, "#,| ") {
		key = ""
	}
	if k.searchable[o.doctor.GUID] == nil {
		k.searchable[o.doctor.GUID] = map[string]bool{}
	}
	k.searchable[o.doctor.GUID][key] = true
	return nil
}

// doctor adds the doctor of an offer. One with several rooms has none of his own: his cells have them.
func (k *builder) doctor(o *offer, used *schedule.Budget) error {
	i, ok := k.doctors[o.doctor.GUID]
	if !ok {
		k.doctors[o.doctor.GUID] = len(k.parts.Doctors)
		k.parts.Doctors = append(k.parts.Doctors, o.doctor)
		return used.AddDoctors(1)
	}
	if d := &k.parts.Doctors[i]; d.Room != o.doctor.Room || d.Floor != o.doctor.Floor {
		d.Room, d.Floor = "", 0
	}
	return nil
}

// speciality adds a speciality. The first name of a code counts.
func (k *builder) speciality(s schedule.Speciality, b *bundle, from *slot) error {
	name, ok := k.names[s.Code]
	if ok && name != s.Name {
		b.dropped.Add(schedule.SpecialityInDoubt, from.at.String())
	}
	if ok {
		return nil
	}
	k.names[s.Code] = s.Name
	k.parts.Specialities = append(k.parts.Specialities, s)
	return b.used.AddSpeciality()
}

// offer returns what a slot is.
func (b *bundle) offer(s *slot) *offer {
	via := b.schedules.list[s.schedule]
	plan := b.find(via)
	if plan == nil || plan.kind != kindSchedule {
		return &offer{reason: b.noSchedule(via)}
	}
	specialty := b.concepts.list[s.specialty].list
	if len(specialty) == 0 {
		specialty = plan.specialty.list
	}
	w := b.whoOf(plan, specialty)
	if w.reason != "" {
		return &offer{reason: w.reason}
	}
	special := b.specialityOf(s, plan, w)
	if special.Code == "" {
		return &offer{reason: schedule.CellNoSpeciality}
	}
	ages, ok := b.ages(s, plan, w)
	if !ok {
		return &offer{reason: schedule.CellAges}
	}
	key := w.key + "\x00" + special.Code
	for _, a := range ages {
		key += "\x00" + string(a)
	}
	return &offer{who: w, special: special, doctor: schedule.Doctor{
		GUID: uuid.NewSHA1(doctorSpace, []byte(key)), Name: w.name, Post: w.post, Speciality: special.Code,
		Room: w.room, Floor: w.floor, Ages: ages,
	}}
}

// noSchedule returns the reason for which the schedule of a slot is missing.
func (b *bundle) noSchedule(via reference) schedule.Reason {
	switch {
	case via.elsewhere():
		return schedule.DoctorElsewhere
	case b.failed[via.key]:
		return schedule.DoctorUnread
	}
	return schedule.CellNoSchedule
}
