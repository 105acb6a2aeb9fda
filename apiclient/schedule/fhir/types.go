package fhir

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Bounds of what is decoded and kept of a resource.
const (
	maxElement   = 32 << 10 // bytes of a list in a resource
	maxContained = 1 << 20  // bytes of the contained resources of a resource
	maxText      = 512      // bytes of a name, an id or a code; longer ones are read as blank
)

var errElementTooLong = errors.New("an element is too long")

// listR4 is a list of FHIR, or a single element where another version of FHIR has no list.
type listR4[T any] []T

// UnmarshalJSON reads a list or an element.
func (l *listR4[T]) UnmarshalJSON(data []byte) error {
	if len(data) > maxElement {
		return errElementTooLong
	}
	if data[0] == '{' {
		*l = make([]T, 1)
		return json.Unmarshal(data, &(*l)[0])
	}
	return json.Unmarshal(data, (*[]T)(l))
}

// rawR4 is a short value that is decoded later.
type rawR4 []byte

// UnmarshalJSON keeps the value.
func (r *rawR4) UnmarshalJSON(data []byte) error {
	if len(data) > maxElement {
		return errElementTooLong
	}
	*r = bytes.Clone(data)
	return nil
}

// containedR4 are the resources within a resource (references.html#contained).
type containedR4 []json.RawMessage

// UnmarshalJSON reads the list.
func (c *containedR4) UnmarshalJSON(data []byte) error {
	if len(data) > maxContained {
		return errElementTooLong
	}
	return json.Unmarshal(data, (*[]json.RawMessage)(c))
}

// anything is a list of which only its length is read.
type anything = listR4[struct{}]

// slotR4 has the elements of a Slot that are read. Lists of concepts are raw: most slots have the same ones.
type slotR4 struct {
	ID                string               `json:"id"`
	ImplicitRules     string               `json:"implicitRules"`
	ModifierExtension anything             `json:"modifierExtension"`
	Contained         containedR4          `json:"contained"`
	Identifier        listR4[identifierR4] `json:"identifier"`
	Schedule          referenceR4          `json:"schedule"`
	Status            string               `json:"status"`
	Overbooked        bool                 `json:"overbooked"`
	Start             textR4               `json:"start"`
	End               textR4               `json:"end"`
	Specialty         rawR4                `json:"specialty"`
	ServiceType       rawR4                `json:"serviceType"`
	AppointmentType   rawR4                `json:"appointmentType"`
}

// resourceR4 has the elements that are read of the resources that a Slot leads to. An element with different
// types in two resources is raw or has a type of its own.
type resourceR4 struct {
	ResourceType      string               `json:"resourceType"`
	ID                string               `json:"id"`
	ImplicitRules     string               `json:"implicitRules"`
	ModifierExtension anything             `json:"modifierExtension"`
	Contained         containedR4          `json:"contained"`
	Identifier        listR4[identifierR4] `json:"identifier"`
	Active            *bool                `json:"active"` // all but Location
	Status            string               `json:"status"` // Location
	Mode              string               `json:"mode"`   // Location
	Period            periodR4             `json:"period"` // PractitionerRole
	Actor             listR4[referenceR4]  `json:"actor"`  // Schedule
	Name              namesR4              `json:"name"`
	Practitioner      referenceR4          `json:"practitioner"`      // PractitionerRole
	HealthcareService listR4[referenceR4]  `json:"healthcareService"` // PractitionerRole
	Location          listR4[referenceR4]  `json:"location"`          // PractitionerRole, HealthcareService
	PartOf            referenceR4          `json:"partOf"`            // Location
	Organization      referenceR4          `json:"managingOrganization"`
	PhysicalType      conceptR4            `json:"physicalType"` // Location
	Form              conceptR4            `json:"form"`         // Location of R5
	Specialty         listR4[conceptR4]    `json:"specialty"`
	ServiceType       listR4[conceptR4]    `json:"serviceType"` // Schedule
	Type              listR4[conceptR4]    `json:"type"`        // HealthcareService
	Code              listR4[conceptR4]    `json:"code"`        // PractitionerRole
}

type identifierR4 struct{ System, Value string }

type periodR4 struct{ Start, End string }

type referenceR4 struct {
	Reference, Type, Display string
	Identifier               identifierR4
}

// conceptR4 is a CodeableConcept, or a CodeableReference of R5, which has a concept or a reference.
type conceptR4 struct {
	Coding    listR4[codingR4]
	Text      string
	Concept   *conceptR4
	Reference *referenceR4
}

type codingR4 struct{ Code, Display string }

// nameR4 is a HumanName.
type nameR4 struct {
	Use, Text, Family string
	Given             listR4[string]
	Period            periodR4
}

// namesR4 is the name of a resource: HumanNames of a Practitioner, a text of the others.
type namesR4 struct {
	text  string
	human listR4[nameR4]
}

// UnmarshalJSON reads a text or a list of names.
func (n *namesR4) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &n.text)
	}
	return n.human.UnmarshalJSON(data)
}

// textR4 is a text. A value of another type is read as blank.
type textR4 string

// UnmarshalJSON never fails.
func (t *textR4) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) != nil {
		s = ""
	}
	*t = textR4(shortText(s))
	return nil
}

// shortText returns a text without blanks around it, or "" if it is too long to be a name, a code or an id.
func shortText(s string) string {
	if s = strings.TrimSpace(s); len(s) > maxText {
		return ""
	}
	return s
}
