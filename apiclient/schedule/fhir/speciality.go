package fhir

import (
	"slices"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// What can tell the speciality of a cell.
const (
	FromSpecialty   = "specialty"          // specialty of Slot, Schedule, PractitionerRole, HealthcareService
	FromServiceType = "service-type"       // serviceType of Slot, Schedule
	FromRole        = "role"               // specialty of PractitionerRole
	FromService     = "healthcare-service" // specialty, type or name of HealthcareService
)

// specialityOf returns the speciality of a slot, or none: the first that the setting allows. What tells the
// ages does not tell the speciality too.
func (b *bundle) specialityOf(s *slot, plan *resource, w who) schedule.Speciality {
	var specialty, serviceType, role, service []concept
	specialty = slices.Concat(b.concepts.list[s.specialty].list, plan.specialty.list)
	if w.role != nil {
		role = w.role.specialty.list
	}
	ofService := b.servicesOf(w.service)
	if w.service != nil {
		specialty, service = slices.Concat(specialty, role, w.service.specialty.list), ofService
	} else {
		specialty = slices.Concat(specialty, role)
	}
	serviceType = slices.Concat(b.serviceTypes(b.concepts.list[s.serviceType]), b.serviceTypes(plan.serviceType))
	switch b.options.SpecialityFrom {
	case FromSpecialty:
		return firstOf(specialty)
	case FromServiceType:
		return firstOf(serviceType)
	case FromRole:
		return firstOf(role)
	case FromService:
		return firstOf(service)
	}
	if b.options.AgeBy == ByServiceType {
		serviceType = nil
	}
	if b.options.AgeBy == ByService && w.service != nil {
		service = w.service.specialty.list
	}
	return firstOf(specialty, serviceType, service)
}

// servicesOf returns what a HealthcareService says of its speciality.
func (b *bundle) servicesOf(service *resource) []concept {
	if service == nil {
		return nil
	}
	list := slices.Concat(service.specialty.list, service.types)
	if service.name != "" {
		list = append(list, concept{code: service.name, text: service.name})
	}
	return list
}

// serviceTypes returns the concepts of serviceType. In R5 one may be a reference to a HealthcareService.
func (b *bundle) serviceTypes(c concepts) []concept {
	list := c.list
	for _, r := range c.services {
		if found := b.find(r); found != nil {
			list = slices.Concat(list, b.servicesOf(found))
		} else if r.display != "" {
			list = slices.Concat(list, []concept{{code: r.display, text: r.display}})
		}
	}
	return list
}

// firstOf returns the first concept as a speciality.
func firstOf(lists ...[]concept) schedule.Speciality {
	for _, list := range lists {
		for _, c := range list {
			return schedule.Speciality{Code: c.code, Name: c.text}
		}
	}
	return schedule.Speciality{}
}

// ages returns whom a slot is for: nil for everybody. It reports false if the slot has no age that the
// configuration names.
func (b *bundle) ages(s *slot, plan *resource, w who) ([]apiclient.AgeCategory, bool) {
	var all []concept
	switch b.options.AgeBy {
	case ByServiceType:
		if all = b.serviceTypes(b.concepts.list[s.serviceType]); len(all) == 0 {
			all = b.serviceTypes(plan.serviceType)
		}
	case ByAppointmentType:
		all = b.concepts.list[s.visit].list
	case ByService:
		if w.service != nil {
			all = w.service.types
		}
	default:
		return nil, true
	}
	var ages []apiclient.AgeCategory
	for _, c := range all {
		for _, code := range c.codes {
			ages = append(ages, b.options.Ages[code]...)
		}
	}
	slices.Sort(ages)
	return slices.Compact(ages), len(ages) > 0
}
