package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/assets/lang"
	"infomat/device"
	"infomat/device/dots"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/ticket"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/kiosk/metrics"
	"infomat/kiosk/uptime"
	"infomat/ui/speech"
)

// patience is how long a patient is kept waiting for a registry that says "later".
const patience = 40 * time.Second

// parts are the parts of a terminal, built from its configuration.
type parts struct {
	config    config.Config
	file      string // of the configuration; "": there is none
	log       *slog.Logger
	languages *lang.Bundle
	client    *apiclient.Client
	fhir      *apiclient.Client // where the timetable comes from a FHIR server
	store     *schedule.Store
	access    *health.Latch         // shut while the registry refuses this terminal
	paper     atomic.Pointer[paper] // how tickets are printed now
	printer   *device.Printer
	virtual   *virtual.Printer // where the configuration asks for a printer in software
	journal   *journal.Journal
	voice     *speech.Voice // nil: the system cannot speak
	metrics   *metrics.Metrics
	clock     uptime.Clock
	life      life
}

// build builds the parts. Whoever calls it closes them.
func build(c config.Config, log *slog.Logger) (*parts, error) {
	p := &parts{config: c, log: log, clock: uptime.New(), life: newLife(), voice: speech.Find(log), metrics: metrics.New(version)}
	for _, step := range []func() error{p.buildLanguages, p.buildClient, p.buildStore, p.buildPrinter, p.openJournal} {
		if err := step(); err != nil {
			return nil, errors.Join(err, p.close())
		}
	}
	return p, nil
}

func (p *parts) buildLanguages() error {
	var err error
	if p.languages, err = lang.Embedded(); err != nil {
		return err
	}
	if dir := p.config.Screen.LanguagesDir; dir != "" {
		further, err := p.languages.Extend(os.DirFS(dir), "ru")
		if err != nil {
			return usage(fmt.Errorf("screen.languages_dir: %w", err))
		}
		for _, tag := range further {
			if !slices.Contains(p.config.Screen.Languages, tag) {
				p.config.Screen.Languages = append(p.config.Screen.Languages, tag)
			}
		}
	}
	for _, tag := range p.config.Screen.Languages {
		if _, err := p.languages.Language(tag); err != nil {
			return usage(fmt.Errorf("screen.languages: %w", err))
		}
	}
	return nil
}

func (p *parts) buildClient() error {
	r := p.config.Registry
	var signer apiclient.Signer
	if r.Auth.Signer == "hmac-sha256" {
		h, err := apiclient.NewHMAC(r.Auth.KeyFile)
		if err != nil {
			return usage(err)
		}
		signer = h
	}
	client, err := apiclient.New(apiclient.Config{
		BaseURL: r.URL, LPU: r.LPU.UUID, ShortAnswer: !r.FullResponse, Timeout: r.Timeout.Duration,
		ClientApplication: r.Auth.ClientApplication, TokenFile: r.Auth.TokenFile, Signer: signer,
		CAFile: r.TLS.CAFile, CertFile: r.TLS.CertFile, KeyFile: r.TLS.KeyFile, UserAgent: "infomat/" + version,
	})
	if err != nil {
		return usage(err)
	}
	p.client = client
	p.access = &health.Latch{Probe: p.admitted, Every: askSoonest, Longest: askLatest, Changed: func(shut bool) {
		p.log.Warn("access to the registry", "refused", shut)
		p.poke(health.PartAccess)
	}}
	return nil
}

// profile is the printer's profile with the site's own columns and code page.
func profile(c config.Printer) (escpos.Profile, error) {
	all, err := escpos.Load(c.ProfilesFile)
	if err != nil {
		return escpos.Profile{}, usage(fmt.Errorf("printer.profiles_file: %w", err))
	}
	pr, err := all.ByName(c.Profile)
	if err != nil {
		return pr, usage(fmt.Errorf("printer.profile: %w", err))
	}
	if pr, err = pr.With(c.Columns, c.CodePage); err != nil {
		return pr, usage(fmt.Errorf("printer: %w", err))
	}
	return pr, nil
}

// maxLogo is how high a logo may be in dots: 30 mm, so that it does not make a ticket of two pages.
const maxLogo = 240

// form is what the site puts on its tickets.
func form(c config.Ticket, pr escpos.Profile) (ticket.Form, error) {
	f := ticket.Form{Header: c.Header, Footer: c.Footer}
	if c.Logo != "" {
		file, err := os.Open(c.Logo)
		if err != nil {
			return f, usage(fmt.Errorf("ticket.logo: %w", err))
		}
		defer file.Close()
		if f.Logo, err = dots.Decode(file, pr.Dots, maxLogo); err != nil {
			return f, usage(fmt.Errorf("ticket.logo: %s: %w", c.Logo, err))
		}
	}
	if c.Template != "" {
		text, err := os.ReadFile(c.Template)
		if err != nil {
			return f, usage(fmt.Errorf("ticket.template: %w", err))
		}
		if f.Template, err = ticket.NewTemplate(string(text)); err != nil {
			return f, usage(fmt.Errorf("ticket.template: %s: %w", c.Template, err))
		}
	}
	return f, nil
}

// paper is how tickets are printed: what they look like, on which printer, at which line.
type paper struct {
	profile escpos.Profile
	form    ticket.Form
	device  device.Config
}

// newPaper makes it of the settings.
func (p *parts) newPaper(c config.Config) (*paper, error) {
	pr, err := profile(c.Printer)
	if err != nil {
		return nil, err
	}
	f, err := form(c.Ticket, pr)
	if err != nil {
		return nil, err
	}
	language, err := p.languages.Language(c.Screen.Language)
	if err != nil {
		return nil, err
	}
	flow, err := serialport.ParseFlow(c.Printer.Flow)
	if err != nil {
		return nil, usage(fmt.Errorf("printer.flow: %w", err))
	}
	return &paper{profile: pr, form: f, device: device.Config{
		Port: c.Printer.Port, Baud: c.Printer.Baud, Flow: flow, Profile: pr, Timeout: c.Printer.Timeout.Duration,
		Void: ticket.Void(pr.Columns, language.Text).Encode(pr),
	}}, nil
}

// virtualPort is the name of the printer in software among the ports.
const virtualPort = "virtual"

func (p *parts) buildPrinter() error {
	paper, err := p.newPaper(p.config)
	if err != nil {
		return err
	}
	if paper.device.Port == virtualPort {
		if p.virtual, err = virtual.Start(virtual.Options{Profile: paper.profile, Baud: p.config.Printer.Baud}); err != nil {
			return err
		}
		paper.device.Port = p.virtual.Path()
	}
	p.paper.Store(paper)
	p.printer = device.New(paper.device, p.log)
	return nil
}

func (p *parts) openJournal() error {
	name, err := journalPath(p.config)
	if err != nil {
		return err
	}
	p.journal, err = journal.Open(name, journal.Options{Max: int64(p.config.Journal.MaxMB) << 20})
	return err
}

func journalPath(c config.Config) (string, error) {
	if c.Journal.Path != "" {
		return c.Journal.Path, nil
	}
	return config.DefaultJournal()
}

func (p *parts) close() error {
	var errs []error
	if p.printer != nil {
		errs = append(errs, p.printer.Close())
	}
	if p.virtual != nil {
		errs = append(errs, p.virtual.Close())
	}
	if p.client != nil {
		p.client.Close()
	}
	if p.fhir != nil {
		p.fhir.Close()
	}
	if p.journal != nil {
		errs = append(errs, p.journal.Close())
	}
	return errors.Join(errs...)
}

func (p *parts) settings(print bool) kiosk.Settings {
	s := p.config.Screen
	return kiosk.Settings{
		Hold: time.Duration(p.config.Registry.ReserveMinutes) * time.Minute, Idle: s.Idle.Duration, Warning: s.Warning.Duration, Patience: patience, Print: print,
		View: kiosk.View{Language: s.Language, Low: s.Low},
	}
}

// load reads a configuration file; its errors are the caller's.
func load(file string) (config.Config, error) {
	c, err := config.Load(file)
	if err != nil {
		return c, usage(err)
	}
	return c, nil
}

// stderrLog is the log of commands that have no configuration.
func stderrLog(level slog.Level) *slog.Logger {
	l := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	quietLibraries(l)
	return l
}
