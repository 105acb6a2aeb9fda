package schedule

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// resourceR4 has the fields that are read of any resource. A field with different meanings in two resources
// is left raw.
type resourceR4 struct {
	ResourceType string          `json:"resourceType"`
	ID           string          `json:"id"`
	Identifier   []identifierR4  `json:"identifier"`
	Status       string          `json:"status"`   // Slot
	Start        string          `json:"start"`    // Slot
	End          string          `json:"end"`      // Slot
	Schedule     referenceR4     `json:"schedule"` // Slot
	Appointment  conceptR4       `json:"appointmentType"`
	ServiceType  []conceptR4     `json:"serviceType"` // Slot, Schedule
	Type         json.RawMessage `json:"type"`        // HealthcareService: a list of concepts
	Specialty    []conceptR4     `json:"specialty"`   // Slot, Schedule, PractitionerRole
	Actor        []referenceR4   `json:"actor"`       // Schedule
	Name         json.RawMessage `json:"name"`        // Practitioner: a list of names; Location: a text
	Code         json.RawMessage `json:"code"`        // PractitionerRole: a list of concepts
	Practitioner referenceR4     `json:"practitioner"`
	Location     json.RawMessage `json:"location"`     // PractitionerRole: a list of references
	PartOf       referenceR4     `json:"partOf"`       // Location
	Physical     conceptR4       `json:"physicalType"` // Location
	Organization referenceR4     `json:"managingOrganization"`
}

type identifierR4 struct{ System, Value string }

type referenceR4 struct{ Reference, Display string }

type conceptR4 struct {
	Coding []struct{ System, Code, Display string }
	Text   string
}

// display returns the text that a patient can read, and else the code.
func (c conceptR4) display() string {
	if c.Text != "" {
		return c.Text
	}
	for _, k := range c.Coding {
		if k.Display != "" {
			return k.Display
		}
	}
	return c.code()
}

// code returns the first code of a concept, and else its text.
func (c conceptR4) code() string {
	for _, k := range c.Coding {
		if k.Code != "" {
			return k.Code
		}
	}
	return c.Text
}

type nameR4 struct {
	Text, Family string
	Given        []string
}

// bundle is the result of a search, with all its pages.
type bundle struct {
	options FHIROptions
	slots   []resourceR4
	others  map[string]resourceR4 // by type and id
	dropped tally
}

func newBundle(o FHIROptions) *bundle {
	return &bundle{options: o, others: map[string]resourceR4{}}
}

// find returns the resource of a reference, and its key. The reference may be relative or absolute, with or
// without a version.
func (b *bundle) find(reference string) (resourceR4, string, bool) {
	reference, _, _ = strings.Cut(reference, "/_history/")
	parts := strings.Split(reference, "/")
	if len(parts) < 2 {
		return resourceR4{}, "", false
	}
	key := strings.Join(parts[len(parts)-2:], "/")
	r, ok := b.others[key]
	return r, key, ok
}

// cellOf returns the GUID of a slot's cell at the registry, or the reason why it has none.
func (b *bundle) cellOf(s resourceR4) (guid uuid.UUID, reason Reason) {
	var found []uuid.UUID
	for _, i := range s.Identifier {
		if i.System != b.options.CellSystem {
			continue
		}
		if g, err := uuid.Parse(i.Value); err == nil && g != uuid.Nil {
			found = append(found, g)
		}
	}
	slices.SortFunc(found, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	found = slices.Compact(found)
	if len(found) == 0 && b.options.IDIsCell {
		if g, err := uuid.Parse(s.ID); err == nil && g != uuid.Nil {
			return g, ""
		}
	}
	switch len(found) {
	case 0:
		return guid, CellNoGUID
	case 1:
		return found[0], ""
	}
	return guid, CellSeveralGUIDs
}

// actors are the resources that a Schedule is for.
type actors struct {
	reference    string // to search by
	practitioner resourceR4
	role         resourceR4
	location     resourceR4
	service      resourceR4
}

// actorsOf follows the references of a Schedule. It reports false if there is no Practitioner.
func (b *bundle) actorsOf(schedule resourceR4) (a actors, ok bool) {
	for _, actor := range schedule.Actor {
		r, key, found := b.find(actor.Reference)
		if !found {
			continue
		}
		switch r.ResourceType {
		case "Practitioner":
			a.practitioner, ok = r, true
			if a.reference == "" {
				a.reference = key
			}
		case "PractitionerRole":
			a.role, a.reference = r, key
			if p, _, found := b.find(r.Practitioner.Reference); found {
				a.practitioner, ok = p, true
			}
		case "Location":
			a.location = r
		case "HealthcareService":
			a.service = r
		}
	}
	if a.location.ID == "" {
		for _, l := range listOf[referenceR4](a.role.Location) {
			a.location, _, _ = b.find(l.Reference)
		}
	}
	return a, ok
}

// listOf reads a list. It returns nil if the value is no list.
func listOf[T any](data json.RawMessage) []T {
	var list []T
	if json.Unmarshal(data, &list) != nil {
		return nil
	}
	return list
}

// doctorSpace is the name space of the keys that stand for doctors. The keys are not sent.
var doctorSpace = uuid.MustParse("5d1f7a3e-6f0b-4c55-8f43-0a6f2c1f9b77")

// catalogue builds the catalogue. A doctor of it is a Practitioner in one speciality for one set of ages,
// so that each patient sees the cells for his age. It also returns, for each doctor, the reference of the
// actor to search by.
func (b *bundle) catalogue(w Window, asOf time.Time) (*Catalogue, map[uuid.UUID]string) {
	var (
		clinic       Clinic
		specialities []Speciality
		doctors      []Doctor
		known        = map[string]bool{}
		references   = map[uuid.UUID]string{}
		cells        = map[uuid.UUID][]Cell{}
		dropped      tally
	)
	dropped.addAll(b.dropped.dropped()...)
	for _, s := range b.slots {
		cell, d, special, reference, reason := b.read(s, w)
		if reason != "" {
			dropped.add(reason, "")
			continue
		}
		if references[d.GUID] == "" {
			references[d.GUID] = reference
			doctors = append(doctors, d)
		}
		if !known[special.Code] {
			known[special.Code] = true
			specialities = append(specialities, special)
		}
		cells[d.GUID] = append(cells[d.GUID], cell)
	}
	for _, r := range b.others {
		if name := r.Organization.Display; name > clinic.Name { // does not depend on the order
			clinic.Name = name
		}
	}
	return NewCatalogue(w, Parts{
		AsOf: asOf, Clinic: clinic, Specialities: specialities, Doctors: doctors, Cells: cells,
		Dropped: dropped.dropped(),
	}), references
}

// read converts a slot, or returns the reason why it is not offered.
func (b *bundle) read(s resourceR4, w Window) (
	cell Cell, d Doctor, special Speciality, reference string, reason Reason,
) {
	if s.Status != "free" {
		return cell, d, special, "", CellNotFree
	}
	guid, reason := b.cellOf(s)
	if reason != "" {
		return cell, d, special, "", reason
	}
	begin, err := time.Parse(time.RFC3339, s.Start)
	if err != nil {
		return cell, d, special, "", CellNoBeginning
	}
	end, _ := time.Parse(time.RFC3339, s.End) // an invalid end is read as none
	plan, _, ok := b.find(s.Schedule.Reference)
	if !ok {
		return cell, d, special, "", CellNoSchedule
	}
	who, ok := b.actorsOf(plan)
	if !ok {
		return cell, d, special, "", CellNoDoctor
	}
	special = specialityR4(s.Specialty, plan.Specialty, who.role.Specialty)
	if special.Code == "" {
		return cell, d, special, "", CellNoSpeciality
	}
	ages, ok := b.ages(s, plan, who)
	if !ok {
		return cell, d, special, "", CellAges
	}
	if humanName(who.practitioner) == "" {
		return cell, d, special, "", DoctorUnnamed
	}
	room := textR4(who.location.Name)
	floor := b.floorOf(who.location)
	d = Doctor{Name: humanName(who.practitioner), Speciality: special.Code, Room: room, Floor: floor, Ages: ages}
	for _, c := range listOf[conceptR4](who.role.Code) {
		d.Post = c.display()
		break
	}
	key := who.practitioner.ID + "\x00" + who.reference + "\x00" + special.Code
	for _, a := range ages {
		key += "\x00" + string(a)
	}
	d.GUID = uuid.NewSHA1(doctorSpace, []byte(key))
	cell = w.cell(Cell{GUID: guid, Room: room, Floor: floor}, apiclient.Time{Time: begin}, apiclient.Time{Time: end})
	return cell, d, special, who.reference, ""
}

// levelType is the code of a location that is a floor (HL7 location-physical-type). A room may be
// maxNesting locations inside of it.
const (
	levelType  = "lvl"
	maxNesting = 5
)

var floors = regexp.MustCompile(`-?\d{1,3}`)

// floorOf returns the number in the name of the level that a location is part of. It returns 0 if there is
// no level, or not exactly one number in its name.
func (b *bundle) floorOf(l resourceR4) int {
	for range maxNesting {
		if l.Physical.code() == levelType {
			found := floors.FindAllString(textR4(l.Name), 2)
			if len(found) != 1 {
				return 0
			}
			floor, _ := strconv.Atoi(found[0]) // matched by floors
			return floor
		}
		l, _, _ = b.find(l.PartOf.Reference)
	}
	return 0
}

// specialityR4 returns the first speciality with a code. The lists are in the order of precedence.
func specialityR4(lists ...[]conceptR4) Speciality {
	for _, list := range lists {
		for _, c := range list {
			if c.code() != "" {
				return Speciality{c.code(), c.display()}
			}
		}
	}
	return Speciality{}
}

// ages returns whom a slot is for: nil for everybody. It reports false if the slot has no age that the
// configuration names.
func (b *bundle) ages(s, plan resourceR4, who actors) ([]apiclient.AgeCategory, bool) {
	var concepts []conceptR4
	switch b.options.AgeBy {
	case ByServiceType:
		if concepts = s.ServiceType; len(concepts) == 0 {
			concepts = plan.ServiceType
		}
	case ByAppointmentType:
		concepts = []conceptR4{s.Appointment}
	case ByService:
		concepts = listOf[conceptR4](who.service.Type)
	default:
		return nil, true
	}
	var ages []apiclient.AgeCategory
	for _, c := range concepts {
		for _, k := range c.Coding {
			ages = append(ages, b.options.Ages[k.Code]...)
		}
	}
	slices.Sort(ages)
	return slices.Compact(ages), len(ages) > 0
}

func textR4(data json.RawMessage) string {
	var s string
	_ = json.Unmarshal(data, &s) // a value that is no string is read as ""
	return strings.TrimSpace(s)
}

// humanName returns the full name of a Practitioner.
func humanName(p resourceR4) string {
	for _, n := range listOf[nameR4](p.Name) {
		if n.Text != "" {
			return n.Text
		}
		if name := strings.TrimSpace(n.Family + " " + strings.Join(n.Given, " ")); name != "" {
			return name
		}
	}
	return ""
}
