package schedule_test

import (
	"testing"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule/fhir"
	"infomat/apiclient/schedule/file"
	"infomat/apiclient/schedule/registry"
	"infomat/apiclient/schedule/schedtest"
)

// registryOf returns a source that reads the simulated registry's own pages.
func registryOf(t *testing.T, sim *registrysim.Registry) *registry.Source {
	t.Helper()
	return registry.New(schedtest.Client(t, sim, sim.LPU()), registry.Options{}, window(at(monday)))
}

// The export of the simulated registry is its timetable.
func TestExportIsTheTimetable(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{Now: at(monday)})
	if err != nil {
		t.Fatal(err)
	}
	data, err := sim.Export(14)
	if err != nil {
		t.Fatal(err)
	}
	fromFile, err := file.New(schedtest.Written(t, string(data)), window(at(monday))).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fromRegistry, err := registryOf(t, sim).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	schedtest.CheckSame(t, fromFile, fromRegistry)
}

// The simulated registry has the same timetable over FHIR, in many pages of a search, as on its own pages.
func TestFHIRIsTheTimetable(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{Now: at(monday)})
	if err != nil {
		t.Fatal(err)
	}
	client := schedtest.ClientOf(t, sim, apiclient.Config{BaseURL: "/fhir", Accept: fhir.Accept})
	f := fhir.New(client, fhir.Options{Page: 37, AgeBy: fhir.ByServiceType, Ages: simAges}, window(at(monday)))
	got, err := f.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, err := registryOf(t, sim).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	schedtest.CheckSame(t, got, want)
	if len(got.Dropped) != 0 || got.Clinic.Name != "Поликлиника № 3" {
		t.Errorf("dropped %v, clinic %+v", got.Dropped, got.Clinic)
	}
	cell, doctor, _ := got.Nearest(monday)
	reading, err := f.Cells(t.Context(), doctor.GUID)
	if err != nil || len(reading.Cells) != len(got.Cells(doctor.GUID, monday)) || reading.Cells[0].GUID != cell.GUID {
		t.Errorf("%d cells of one doctor, %v", len(reading.Cells), err)
	}
	if _, err := f.Cells(t.Context(), uuid.New()); err == nil {
		t.Error("cells of a doctor that nobody knows")
	}
}

// simAges are the simulated registry's codes of ages.
var simAges = map[string][]apiclient.AgeCategory{
	"CHILD": {apiclient.Child},
	"TEEN":  {apiclient.Teen},
	"ADULT": {apiclient.Adult},
}
