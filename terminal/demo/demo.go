package demo

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule/fhir"
	"infomat/device/scanner/sim"
	"infomat/kiosk/config"
)

// Options say which world is wanted.
type Options struct {
	Dir      string        // an empty folder for the terminal's files
	Latency  time.Duration // of a reservation
	Source   string        // of the timetable: registry, file or fhir
	Language string        // of the first screen
	Profile  string        // of the printer in software; "": the default
	Baud     int
	Patient  bool   // patients say who they are, and the hold becomes a visit
	Guide    string // the clinic's own knowledge; "": none
	Scanner  bool   // a scanner in software is plugged in
}

// The invented patient of a walk, as he types it.
const (
	PatientPolicy   = registrysim.PolicyAdult
	PatientBirthday = "31011980"
)

// World is a registry that runs, and the settings of a terminal for it.
type World struct {
	Config   config.Config
	Registry *registrysim.Registry
	Scanner  *sim.Scanner // nil unless Options.Scanner

	server *http.Server
	ended  chan struct{}
}

// Start starts the registry on a free port of the loopback.
func Start(o Options) (*World, error) {
	registry, err := registrysim.New(registrysim.Options{Seed: 1, Latency: o.Latency})
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &World{
		Registry: registry, ended: make(chan struct{}),
		server: &http.Server{Handler: registry, ReadHeaderTimeout: 10 * time.Second},
	}
	go func() {
		defer close(w.ended)
		_ = w.server.Serve(l) // ends with Close
	}()
	if w.Config, err = settings("http://"+l.Addr().String(), registry, o); err != nil {
		w.Close()
		return nil, err
	}
	w.Config.Clinic.Guide = o.Guide
	if !o.Scanner {
		return w, nil
	}
	w.Config.Scanner.Port = filepath.Join(o.Dir, "scanner")
	if w.Scanner, err = sim.Start(w.Config.Scanner.Port, "\r"); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// Close ends the registry and pulls the scanner out. It may be called more than once.
func (w *World) Close() {
	if w.Scanner != nil {
		_ = w.Scanner.Pull() // it may be out
	}
	_ = w.server.Close()
	<-w.ended
}

// settings returns the terminal's settings. The document of source "file" is what the simulated registry exports; the
// FHIR server is the simulated registry too.
func settings(url string, registry *registrysim.Registry, o Options) (config.Config, error) {
	c, err := config.Default()
	if err != nil {
		return c, err
	}
	c.Registry.URL, c.Registry.LPU.UUID = url, registry.LPU()
	c.Printer.Port, c.Printer.Baud = "virtual", o.Baud
	if o.Profile != "" {
		c.Printer.Profile = o.Profile
	}
	c.Service.PINFile = filepath.Join(o.Dir, "pin")
	c.Journal.Path = filepath.Join(o.Dir, "journal.db")
	c.Screen.Language = o.Language
	if o.Patient {
		c.Patient = config.Patient{Identify: config.IdentifyOptional, Confirm: config.ConfirmVisit}
	}
	c.Schedule.Source, c.Schedule.File = o.Source, filepath.Join(o.Dir, "timetable.json")
	c.Schedule.FHIRURL = url + "/fhir"
	c.Schedule.FHIR.Live, c.Schedule.FHIR.AgeBy = true, fhir.ByServiceType
	c.Schedule.FHIR.Ages = map[string][]string{"CHILD": {"CHILD"}, "TEEN": {"TEEN"}, "ADULT": {"ADULT"}}
	c.Schedule.FileMaxAge.Duration = time.Duration(c.Schedule.Days) * 24 * time.Hour // nobody writes it again
	if o.Source != "file" {
		return c, nil
	}
	document, err := registry.Export(c.Schedule.Days)
	if err != nil {
		return c, err
	}
	return c, os.WriteFile(c.Schedule.File, document, 0o600)
}
