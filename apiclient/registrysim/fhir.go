package registrysim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// object is a JSON object of FHIR.
type object = map[string]any

// The code systems of the simulated clinic. The service types of a Schedule are the ages that it is for.
const (
	specialitySystem = "urn:infomat:registrysim:speciality"
	ageSystem        = "urn:infomat:registrysim:age"
)

// fhirWeeks is for how many weeks there are slots.
const fhirWeeks = 3

// fhirPage is GET /fhir/Slot: the part of the search of HL7 FHIR R4 that package schedule uses. The
// resources that the slots refer to are always included.
func (r *Registry) fhirPage(w http.ResponseWriter, q *http.Request) {
	query := q.URL.Query()
	count, err := strconv.Atoi(query.Get("_count"))
	if err != nil || count < 1 {
		count = 50
	}
	offset, _ := strconv.Atoi(query.Get("_offset")) // an invalid offset is read as 0
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.slotsFor(query)
	offset = min(max(0, offset), len(found))
	page := found[offset:min(offset+count, len(found))]
	b := object{"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": r.entries(page)}
	if offset+len(page) < len(found) {
		query.Set("_offset", strconv.Itoa(offset+len(page)))
		b["link"] = []object{
			{"relation": "self", "url": "Slot?" + q.URL.RawQuery}, {"relation": "next", "url": "Slot?" + query.Encode()},
		}
	}
	writeJSON(w, http.StatusOK, b)
}

// slotsFor returns the cells that match a search, sorted by time. The caller holds the lock.
func (r *Registry) slotsFor(query url.Values) []*cell {
	now := r.options.Now()
	var found []*cell
	for _, d := range r.doctors {
		if a := query.Get("schedule.actor"); a != "" && a != "PractitionerRole/"+d.guid.String() {
			continue
		}
		for n := range fhirWeeks * 7 {
			for _, c := range r.day(d, now.AddDate(0, 0, n)) {
				if r.matches(c, query, now) {
					found = append(found, c)
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *cell) int { return a.begin.Compare(b.begin) })
	return found
}

func (r *Registry) matches(c *cell, query url.Values, now time.Time) bool {
	if s := query.Get("status"); s != "" && s != slotStatus(c, now) {
		return false
	}
	if i := query.Get("identifier"); i != "" && i != "urn:ietf:rfc:3986|"+c.guid.URN() {
		return false
	}
	for _, bound := range query["start"] {
		at, err := time.Parse(time.RFC3339, bound[min(2, len(bound)):])
		if err != nil {
			continue
		}
		early, late := c.begin.Before(at), !c.begin.Before(at)
		if strings.HasPrefix(bound, "ge") && early || strings.HasPrefix(bound, "lt") && late {
			return false
		}
	}
	return true
}

// slotStatus returns R4's status of a cell.
func slotStatus(c *cell, now time.Time) string {
	switch {
	case !c.begin.After(now):
		return "busy-unavailable"
	case c.taken:
		return "busy"
	case !c.free(now):
		return "busy-tentative"
	}
	return "free"
}

// entries returns slots with the resources that they refer to.
func (r *Registry) entries(cells []*cell) []object {
	now := r.options.Now()
	list := []object{}
	seen := map[uuid.UUID]bool{}
	for _, c := range cells {
		id := c.doctor.guid.String()
		list = append(list, object{"search": object{"mode": "match"}, "resource": object{
			"resourceType": "Slot", "id": strings.ReplaceAll(c.guid.String(), "-", ""),
			"identifier": []object{{"system": "urn:ietf:rfc:3986", "value": c.guid.URN()}},
			"schedule":   object{"reference": "Schedule/" + id}, "status": slotStatus(c, now),
			"start": c.begin.Format(time.RFC3339), "end": c.end.Format(time.RFC3339),
		}})
		if seen[c.doctor.guid] {
			continue
		}
		seen[c.doctor.guid] = true
		for _, resource := range r.included(c.doctor) {
			list = append(list, object{"search": object{"mode": "include"}, "resource": resource})
		}
	}
	return list
}

// included returns the resources of a doctor.
func (r *Registry) included(d *doctor) []object {
	id := d.guid.String()
	family, given, _ := strings.Cut(d.name, " ")
	return []object{
		{
			"resourceType": "Schedule", "id": id,
			"actor": []object{{"reference": "PractitionerRole/" + id}, {"reference": "Location/" + d.room}},
			"specialty": []object{{"coding": []object{
				{"system": specialitySystem, "code": d.speciality.Code, "display": d.speciality.Name},
			}}},
			"serviceType": serviceTypes(d.speciality.Ages),
		},
		{
			"resourceType": "PractitionerRole", "id": id, "practitioner": object{"reference": "Practitioner/" + id},
			"code": []object{{"text": d.speciality.Role}},
		},
		{"resourceType": "Practitioner", "id": id, "name": []object{{"family": family, "given": strings.Fields(given)}}},
		{
			"resourceType": "Location", "id": d.room, "name": d.room, "physicalType": physicalType("ro"),
			"managingOrganization": object{"display": r.clinic.Name}, "partOf": object{"reference": "Location/" + levelID(d)},
		},
		{
			"resourceType": "Location", "id": levelID(d), "name": strconv.Itoa(d.floor), "physicalType": physicalType("lvl"),
		},
	}
}

func levelID(d *doctor) string { return fmt.Sprintf("level-%d", d.floor) }

func physicalType(code string) object {
	const system = "http://terminology.hl7.org/CodeSystem/location-physical-type"
	return object{"coding": []object{{"system": system, "code": code}}}
}

func serviceTypes(ages []apiclient.AgeCategory) (list []object) {
	for _, a := range ages {
		list = append(list, object{"coding": []object{{"system": ageSystem, "code": string(a)}}})
	}
	return list
}
