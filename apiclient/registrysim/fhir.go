package registrysim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

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

// fhirPage is GET /fhir/Slot: the part of the search of HL7 FHIR R4 that apiclient/schedule/fhir uses. Only what
// _include and _revinclude ask for is sent with the slots, and they are sorted only if _sort says so.
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
	b := object{"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": r.entries(page, query, q)}
	if offset+len(page) < len(found) {
		query.Set("_offset", strconv.Itoa(offset+len(page)))
		b["link"] = []object{
			{"relation": "self", "url": "Slot?" + q.URL.RawQuery}, {"relation": "next", "url": "Slot?" + query.Encode()},
		}
	}
	writeJSON(w, http.StatusOK, b)
}

// fhirRead is GET /fhir/{type}/{id}.
func (r *Registry) fhirRead(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.resources()[q.PathValue("type")+"/"+q.PathValue("id")]
	if found == nil {
		writeJSON(w, http.StatusNotFound, object{
			"resourceType": "OperationOutcome", "issue": []object{{"severity": "error", "code": "not-found"}},
		})
		return
	}
	writeJSON(w, http.StatusOK, found)
}

// slotsFor returns the cells that match a search. The caller holds the lock.
func (r *Registry) slotsFor(query url.Values) []*cell {
	now := r.options.Now()
	var found []*cell
	for _, d := range r.doctors {
		if a := query.Get("schedule.actor"); a != "" && a != "PractitionerRole/"+d.guid.String() {
			continue
		}
		if s := query.Get("schedule"); s != "" && !slices.Contains(strings.Split(s, ","), "Schedule/"+d.guid.String()) {
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
	switch query.Get("_sort") {
	case "start":
		slices.SortStableFunc(found, func(a, b *cell) int { return a.begin.Compare(b.begin) })
	case "-start":
		slices.SortStableFunc(found, func(a, b *cell) int { return b.begin.Compare(a.begin) })
	}
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

// entries returns slots, and after them what _include and _revinclude ask for.
func (r *Registry) entries(cells []*cell, query url.Values, q *http.Request) []object {
	base := "http://" + q.Host + "/fhir/"
	if q.TLS != nil {
		base = "https://" + q.Host + "/fhir/"
	}
	list := []object{}
	add := func(mode string, resource object) {
		list = append(list, object{
			"fullUrl": base + keyOf(resource), "search": object{"mode": mode}, "resource": resource,
		})
	}
	var matches []object
	for _, c := range cells {
		matches = append(matches, r.slotResource(c))
	}
	for _, m := range matches {
		add("match", m)
	}
	for _, m := range included(matches, r.resources(), query) {
		add("include", m)
	}
	return list
}

func (r *Registry) slotResource(c *cell) object {
	return object{
		"resourceType": "Slot", "id": strings.ReplaceAll(c.guid.String(), "-", ""),
		"identifier": []object{{"system": "urn:ietf:rfc:3986", "value": c.guid.URN()}},
		"schedule":   object{"reference": "Schedule/" + c.doctor.guid.String()},
		"status":     slotStatus(c, r.options.Now()),
		"start":      c.begin.Format(time.RFC3339), "end": c.end.Format(time.RFC3339),
	}
}

// resources returns all resources but the slots, by type and id.
func (r *Registry) resources() map[string]object {
	all := map[string]object{}
	for _, d := range r.doctors {
		for _, resource := range r.resourcesOf(d) {
			all[keyOf(resource)] = resource
		}
	}
	return all
}

func keyOf(resource object) string {
	return fmt.Sprintf("%s/%s", resource["resourceType"], resource["id"])
}

// resourcesOf returns the resources of a doctor.
func (r *Registry) resourcesOf(d *doctor) []object {
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
