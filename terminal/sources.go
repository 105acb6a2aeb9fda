package terminal

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/kiosk/config"
)

// newStore returns the store over the source of free cells that the settings name. Fhir is the connection to the FHIR
// server, nil where the source is another: it has an access of its own, nothing of the registry's is sent there.
func newStore(
	c config.Config, registry *connection, changed func(), log *slog.Logger,
) (s *schedule.Store, fhir *connection) {
	window := schedule.Window{Days: c.Schedule.Days, Zone: c.Clinic.Location()}
	s = &schedule.Store{Refresh: c.Schedule.Refresh.Duration, Log: log, Changed: changed}
	switch c.Schedule.Source {
	case "file":
		s.Source, s.MaxAge = schedule.NewFile(c.Schedule.File, window), c.Schedule.FileMaxAge.Duration
	case "fhir":
		f := c.Schedule.FHIR
		fhir = &connection{config: apiclient.Config{
			BaseURL: c.Schedule.FHIRURL, LPU: c.Registry.LPU.UUID, Timeout: c.Registry.Timeout.Duration,
			Accept: schedule.FHIRAccept, TokenFile: f.TokenFile, CAFile: f.CAFile, CertFile: f.CertFile,
			KeyFile: f.KeyFile, UserAgent: "infomat/" + Version,
		}}
		s.Source = &source{connection: fhir, open: func(c *apiclient.Client) schedule.Source {
			return schedule.NewFHIR(c, fhirOptions(f), window)
		}}
	default:
		options := registryOptions(c.Schedule.Registry)
		s.Source = &source{connection: registry, open: func(c *apiclient.Client) schedule.Source {
			return schedule.NewRegistry(c, options, window)
		}}
	}
	return s, fhir
}

// source is a source of free cells that a server is asked for. It is opened when the connection has a client, and again
// when that has been replaced.
type source struct {
	connection *connection
	open       func(*apiclient.Client) schedule.Source

	mu     sync.Mutex
	client *apiclient.Client // opened asks with it
	opened schedule.Source
}

func (s *source) get() (schedule.Source, error) {
	client, err := s.connection.get()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != client {
		s.client, s.opened = client, s.open(client)
	}
	return s.opened, nil
}

// Catalogue reads the whole timetable.
func (s *source) Catalogue(ctx context.Context) (*schedule.Catalogue, error) {
	opened, err := s.get()
	if err != nil {
		return nil, err
	}
	return opened.Catalogue(ctx)
}

// Cells reads a doctor's free cells again.
func (s *source) Cells(ctx context.Context, doctor uuid.UUID) (schedule.Reading, error) {
	opened, err := s.get()
	if err != nil {
		return schedule.Reading{}, err
	}
	return opened.Cells(ctx, doctor)
}

// CellState reads a cell again.
func (s *source) CellState(ctx context.Context, doctor, cell uuid.UUID, begin time.Time) (schedule.CellState, error) {
	opened, err := s.get()
	if err != nil {
		return schedule.CellUnknown, err
	}
	return opened.CellState(ctx, doctor, cell, begin)
}

func fhirOptions(f config.FHIR) schedule.FHIROptions {
	o := schedule.FHIROptions{
		Query: f.Query, Includes: f.Includes, SpecialityFrom: f.SpecialityFrom,
		CellSystem: f.CellSystem, IDIsCell: f.IDIsCell, Live: f.Live, Page: f.Page, AgeBy: f.AgeBy,
		Ages: map[string][]apiclient.AgeCategory{},
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
		ClinicPath: r.ClinicPath, SpecialitiesPath: r.SpecialitiesPath, DoctorsPath: r.DoctorsPath, Access: r.Access,
		BusyTypes: r.BusyTypes, SlotsIn: r.SlotsIn,
		Names: schedule.Names{
			SpecialityCode: f.SpecialityCode, SpecialityName: f.SpecialityName, Doctor: f.Doctor,
			DoctorName: f.DoctorName, Post: f.Post, Room: f.Room, Floor: f.Floor, District: f.District, Ages: f.Ages,
			Cell: f.Cell, Begin: f.Begin, End: f.End, CellRoom: f.CellRoom, CellFloor: f.CellFloor,
			BusyType: f.BusyType,
		},
	}
}
