package terminal

import (
	"reflect"
	"testing"

	"infomat/kiosk/config"
)

// Every setting of a FHIR server reaches the source.
func TestSettingsOfFHIRReachTheSource(t *testing.T) {
	o := fhirOptions(config.FHIR{
		Query: "a=b", Includes: []string{"_include=Slot:schedule"}, SpecialityFrom: "role", CellSystem: "urn:c",
		IDIsCell: true, Live: true, Page: 7, AgeBy: "service-type", Ages: map[string][]string{"x": {"CHILD"}},
	})
	v := reflect.ValueOf(o)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s is not set", v.Type().Field(i).Name)
		}
	}
	if o.Query != "a=b" || o.SpecialityFrom != "role" || o.Includes[0] != "_include=Slot:schedule" {
		t.Errorf("%+v", o)
	}
}
