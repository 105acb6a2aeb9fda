package registrysim

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// elements are the elements that the search parameters of references stand for (HL7 FHIR R4).
var elements = map[string]string{
	"Slot:schedule": "schedule", "Schedule:actor": "actor", "PractitionerRole:practitioner": "practitioner",
	"Location:partof": "partOf",
}

// included returns the resources that _include and _revinclude ask for (search.html#revinclude): without
// iterate those that the matches refer to or that refer to them, with it also those of the included ones.
func included(matches []object, all map[string]object, query url.Values) (list []object) {
	seen := map[string]bool{}
	step := func(from []object, modifier string) (found []object) {
		keys := slices.Concat(
			referred(from, query["_include"+modifier]), referring(from, all, query["_revinclude"+modifier]),
		)
		for _, key := range keys {
			if resource := all[key]; resource != nil && !seen[key] {
				seen[key] = true
				found = append(found, resource)
			}
		}
		return found
	}
	fresh := slices.Concat(step(matches, ""), step(matches, ":iterate"))
	for len(fresh) > 0 {
		list = append(list, fresh...)
		fresh = step(fresh, ":iterate")
	}
	return list
}

// referred returns the keys of what resources refer to by search parameters such as Schedule:actor, or
// Schedule:actor:Location for one type only.
func referred(from []object, parameters []string) (keys []string) {
	for _, resource := range from {
		for _, p := range parameters {
			name, kind := target(p)
			for _, key := range references(resource, name) {
				if strings.HasPrefix(key, kind) {
					keys = append(keys, key)
				}
			}
		}
	}
	return keys
}

// referring returns the keys of what refers to resources by search parameters, sorted.
func referring(to []object, all map[string]object, parameters []string) (keys []string) {
	for _, p := range parameters {
		name, kind := target(p)
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if slices.ContainsFunc(to, func(o object) bool {
				return strings.HasPrefix(keyOf(o), kind) && slices.Contains(references(all[key], name), keyOf(o))
			}) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// target separates a parameter from the type that it is limited to.
func target(parameter string) (name, kind string) {
	parts := strings.SplitN(parameter, ":", 3)
	if len(parts) == 3 {
		return parts[0] + ":" + parts[1], parts[2] + "/"
	}
	return parameter, ""
}

// references returns what a resource refers to by a search parameter.
func references(resource object, name string) (keys []string) {
	kind, _, _ := strings.Cut(name, ":")
	if resource["resourceType"] != kind {
		return nil
	}
	var list []object
	switch value := resource[elements[name]].(type) {
	case object:
		list = []object{value}
	case []object:
		list = value
	}
	for _, o := range list {
		if key, ok := o["reference"].(string); ok {
			keys = append(keys, key)
		}
	}
	return keys
}
