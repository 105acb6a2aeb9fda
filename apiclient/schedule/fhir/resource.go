package fhir

import (
	"encoding/json"
	"time"

	"infomat/apiclient/schedule"
)

// resource is a resource that a slot leads to, in a compact form.
type resource struct {
	kind, key string
	name      string          // of a person, a place, a service, an organization
	reason    schedule.Reason // why nothing of it is offered: DoctorInactive or CellModified; blank: it is in use

	specialty    concepts
	serviceType  concepts  // Schedule
	types        []concept // HealthcareService
	post         string    // PractitionerRole
	physicalType string    // Location: code of location-physical-type
	kindOfPlaces bool      // Location: it stands for a kind of places and not for one (mode)

	actors       []reference // Schedule
	practitioner reference   // PractitionerRole
	services     []reference // PractitionerRole
	locations    []reference // PractitionerRole, HealthcareService
	partOf       reference   // Location
	organization reference   // Location
	from, until  time.Time   // PractitionerRole: when it is valid; zero: not bounded
}

// knownKinds are the types of resources that are kept.
var knownKinds = map[string]bool{
	kindSchedule: true, kindPractitioner: true, kindRole: true, kindLocation: true, kindService: true,
	kindOrganization: true,
}

// addResource adds a resource under a key. The first one of a key counts: a server repeats what it includes
// on each page.
func (b *bundle) addResource(data []byte, key string, from origin, at place) error {
	if b.resources[key] != nil {
		return nil
	}
	var r resourceR4
	var head struct{ ResourceType string }
	if json.Unmarshal(data, &head) == nil && !knownKinds[head.ResourceType] {
		return nil
	}
	if err := json.Unmarshal(data, &r); err != nil {
		b.dropped.Add(schedule.ResourceUnreadable, at.String())
		return nil
	}
	if err := b.addContained(r.Contained, from, at); err != nil {
		return err
	}
	c := b.compact(&r, from)
	c.key = b.keep(key)
	b.resources[c.key] = c
	if local := r.ResourceType + "/" + shortText(r.ID); c.key[:min(4, len(c.key))] == "urn:" && b.resources[local] == nil {
		b.resources[local] = c // a bundle of URNs may refer to ids all the same
	}
	b.identify(c, r.Identifier)
	return b.full()
}

// addContained adds the resources within a resource.
func (b *bundle) addContained(all containedR4, from origin, at place) error {
	for _, data := range all {
		var head struct{ ID string }
		if json.Unmarshal(data, &head) != nil || shortText(head.ID) == "" {
			b.dropped.Add(schedule.ResourceUnreadable, at.String())
			continue
		}
		if err := b.addResource(data, from.container+"#"+shortText(head.ID), from, at); err != nil {
			return err
		}
	}
	return nil
}

// identify registers the identifiers of a resource. References may name the type or not.
func (b *bundle) identify(r *resource, identifiers []identifierR4) {
	for _, i := range identifiers {
		value := shortText(i.Value)
		if value == "" {
			continue
		}
		for _, kind := range []string{r.kind, ""} {
			key := b.keep(logicalKey(kind, shortText(i.System), value))
			if other, ok := b.identified[key]; ok && other != r {
				b.identified[key] = nil
				continue
			}
			b.identified[key] = r
		}
	}
}

// sizeOfReference is what a reference or a concept takes beside its texts, in bytes.
const sizeOfReference = 96

// compact converts a resource.
func (b *bundle) compact(r *resourceR4, from origin) *resource {
	c := &resource{
		kind: r.ResourceType, reason: reasonOf(r), name: b.keep(shortText(r.Name.text)),
		specialty: b.conceptsOf(r.Specialty, from), serviceType: b.conceptsOf(r.ServiceType, from),
		types: b.conceptsOf(r.Type, from).list, kindOfPlaces: r.Mode == "kind",
		actors: b.references(r.Actor, from), practitioner: b.reference(r.Practitioner, from),
		services: b.references(r.HealthcareService, from), locations: b.references(r.Location, from),
		partOf: b.reference(r.PartOf, from), organization: b.reference(r.Organization, from),
		from: dateOf(r.Period.Start, b.asOf, false), until: dateOf(r.Period.End, b.asOf, true),
	}
	if r.ResourceType == kindPractitioner {
		c.name = b.keep(humanName(r.Name.human, b.asOf))
	}
	if posts := b.conceptsOf(r.Code, from).list; len(posts) > 0 {
		c.post = posts[0].text
	}
	for _, form := range b.conceptsOf([]conceptR4{r.PhysicalType, r.Form}, from).list {
		c.physicalType = form.code
	}
	b.kept += sizeOfReference * (4 + len(c.actors) + len(c.services) + len(c.locations))
	return c
}

// reasonOf returns why nothing of a resource is offered, or "". A resource with a modifier that is not
// understood must not be used (extensibility.html#modifierExtension).
func reasonOf(r *resourceR4) schedule.Reason {
	switch {
	case len(r.ModifierExtension) > 0 || r.ImplicitRules != "":
		return schedule.CellModified
	case r.Active != nil && !*r.Active:
		return schedule.DoctorInactive
	case r.ResourceType == kindLocation && (r.Status == "suspended" || r.Status == "inactive"):
		return schedule.DoctorInactive
	}
	return ""
}

// conceptsOf converts a list of concepts. Those without code and text are left out.
func (b *bundle) conceptsOf(all []conceptR4, from origin) (c concepts) {
	for _, r := range all {
		if r.Reference != nil {
			c.services = append(c.services, b.reference(*r.Reference, from))
		}
		if r.Concept != nil {
			r = *r.Concept
		}
		if one := b.concept(r); one.code != "" {
			c.list = append(c.list, one)
		}
		b.kept += sizeOfReference
	}
	return c
}

// concept converts a CodeableConcept. Its code is the first one, else the text; its text is the one that a
// patient can read, else the code.
func (b *bundle) concept(r conceptR4) (c concept) {
	c.text = b.keep(shortText(r.Text))
	for _, k := range r.Coding {
		if code := shortText(k.Code); code != "" {
			c.codes = append(c.codes, b.keep(code))
		}
		if c.text == "" {
			c.text = b.keep(shortText(k.Display))
		}
	}
	if c.code = c.text; len(c.codes) > 0 {
		c.code = c.codes[0]
	}
	if c.text == "" {
		c.text = c.code
	}
	return c
}
