package main

import (
	"fmt"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
)

// buildStore builds the store over the source that the configuration names.
func (p *parts) buildStore() error {
	c := p.config.Schedule
	p.store = &schedule.Store{Refresh: c.Refresh.Duration, Log: p.log, Changed: func() { p.poke(health.PartAccess, health.PartTimetable) }}
	switch c.Source {
	case "file":
		p.store.Source, p.store.MaxAge = schedule.NewFile(c.File, c.Days, time.Now), c.FileMaxAge.Duration
	case "fhir":
		client, err := fhirClient(p.config)
		if err != nil {
			return usage(fmt.Errorf("schedule.fhir: %w", err))
		}
		p.fhir = client
		p.store.Source = schedule.NewFHIR(client, fhirOptions(c.FHIR), c.Days, time.Now)
	default:
		p.store.Source = schedule.NewRegistry(p.client, registryOptions(c.Registry), c.Days, time.Now)
	}
	return nil
}

// fhirClient speaks to the FHIR server. It has an access of its own: nothing of the registry's is sent there.
func fhirClient(c config.Config) (*apiclient.Client, error) {
	f := c.Schedule.FHIR
	return apiclient.New(apiclient.Config{
		BaseURL: c.Schedule.FHIRURL, LPU: c.Registry.LPU.UUID, Timeout: c.Registry.Timeout.Duration, Accept: schedule.FHIRAccept,
		TokenFile: f.TokenFile, CAFile: f.CAFile, CertFile: f.CertFile, KeyFile: f.KeyFile, UserAgent: "infomat/" + version,
	})
}

func fhirOptions(f config.FHIR) schedule.FHIROptions {
	o := schedule.FHIROptions{
		CellSystem: f.CellSystem, IDIsCell: f.IDIsCell, Live: f.Live, Page: f.Page, AgeBy: f.AgeBy, Ages: map[string][]apiclient.AgeCategory{},
	}
	for code, ages := range f.Ages {
		for _, a := range ages {
			o.Ages[code] = append(o.Ages[code], apiclient.AgeCategory(a))
		}
	}
	return o
}

func registryOptions(r config.RegistryPages) schedule.RegistryOptions {
	f := r.Fields
	return schedule.RegistryOptions{
		ClinicPath: r.ClinicPath, SpecialitiesPath: r.SpecialitiesPath, DoctorsPath: r.DoctorsPath, Access: r.Access, BusyTypes: r.BusyTypes, SlotsIn: r.SlotsIn,
		Names: schedule.Names{
			SpecialityCode: f.SpecialityCode, SpecialityName: f.SpecialityName, Doctor: f.Doctor, DoctorName: f.DoctorName, Post: f.Post, Room: f.Room, Floor: f.Floor,
			District: f.District, Ages: f.Ages, Cell: f.Cell, Begin: f.Begin, End: f.End, CellRoom: f.CellRoom, CellFloor: f.CellFloor, BusyType: f.BusyType,
		},
	}
}
