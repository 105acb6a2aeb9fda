package terminal

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/fhir"
	"infomat/apiclient/schedule/file"
	"infomat/apiclient/schedule/registry"
	"infomat/kiosk/config"
)

// maxFHIRPage bounds a page of a FHIR server in bytes. Servers that include much with each slot send some MiB.
const maxFHIRPage = 32 << 20

// newStore returns the store over the source of free cells that the settings name. Peer is the connection to the FHIR
// server, nil where the source is another: it has an access of its own, nothing of the registry's is sent there.
func newStore(
	c config.Config, line *connection, changed func(), log *slog.Logger,
) (s *schedule.Store, peer *connection) {
	window := schedule.Window{
		Days: c.Schedule.Days, Zone: c.Clinic.Location(), MaxAge: schedule.MaxAge(c.Schedule.Refresh.Duration),
	}
	s = &schedule.Store{Refresh: c.Schedule.Refresh.Duration, Log: log, Changed: changed}
	switch c.Schedule.Source {
	case "file":
		s.Source, s.MaxAge = file.New(c.Schedule.File, window), c.Schedule.FileMaxAge.Duration
	case "fhir":
		f := c.Schedule.FHIR
		peer = &connection{config: apiclient.Config{
			BaseURL: c.Schedule.FHIRURL, AllowPlain: f.AllowPlain, LPU: c.Registry.LPU.UUID,
			Timeout: c.Registry.Timeout.Duration, Accept: fhir.Accept, MaxBody: maxFHIRPage,
			TokenFile: f.TokenFile, CAFile: f.CAFile, CertFile: f.CertFile, KeyFile: f.KeyFile,
			UserAgent: "infomat/" + Version,
		}}
		s.Source = &source{connection: peer, open: func(c *apiclient.Client) schedule.Source {
			return fhir.New(c, fhirOptions(f), window)
		}}
	default:
		options := registryOptions(c.Schedule.Registry)
		s.Source = &source{connection: line, open: func(c *apiclient.Client) schedule.Source {
			return registry.New(c, options, window)
		}}
	}
	return s, peer
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

func fhirOptions(f config.FHIR) fhir.Options {
	o := fhir.Options{
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

func registryOptions(r config.RegistryPages) registry.Options {
	f := r.Fields
	return registry.Options{
		ClinicPath: r.ClinicPath, SpecialitiesPath: r.SpecialitiesPath, DoctorsPath: r.DoctorsPath, Access: r.Access,
		BusyTypes: r.BusyTypes, SlotsIn: r.SlotsIn,
		Names: registry.Names{
			SpecialityCode: f.SpecialityCode, SpecialityName: f.SpecialityName, Doctor: f.Doctor,
			DoctorName: f.DoctorName, Post: f.Post, Room: f.Room, Floor: f.Floor, District: f.District, Ages: f.Ages,
			Cell: f.Cell, Begin: f.Begin, End: f.End, CellRoom: f.CellRoom, CellFloor: f.CellFloor,
			BusyType: f.BusyType,
		},
	}
}
