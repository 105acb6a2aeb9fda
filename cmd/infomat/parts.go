package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/assets/lang"
	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/ui/speech"
)

// patience is how long a patient is kept waiting for a registry that says "later".
const patience = 40 * time.Second

// parts are the parts of a terminal, built from its configuration.
type parts struct {
	config    config.Config
	log       *slog.Logger
	languages *lang.Bundle
	client    *apiclient.Client
	store     *schedule.Store
	printer   *device.Printer
	virtual   *virtual.Printer // where the configuration asks for a printer in software
	journal   *journal.Journal
	voice     *speech.Voice // nil: the system cannot speak
	denied    atomic.Int64  // when the registry last refused this terminal, in Unix nanoseconds
	wake      chan struct{}
}

// build builds the parts. Whoever calls it closes them.
func build(c config.Config, log *slog.Logger) (*parts, error) {
	p := &parts{config: c, log: log, wake: make(chan struct{}, 1), voice: speech.Find(log)}
	for _, step := range []func() error{p.buildLanguages, p.buildClient, p.buildPrinter, p.openJournal} {
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
		CAFile: r.TLS.CAFile, CertFile: r.TLS.CertFile, KeyFile: r.TLS.KeyFile,
	})
	if err != nil {
		return usage(err)
	}
	p.client = client
	source := &schedule.Registry{Client: client, Paths: schedule.DefaultPaths, Days: p.config.Schedule.Days, Now: time.Now}
	p.store = &schedule.Store{Source: source, Refresh: p.config.Schedule.Refresh.Duration, Log: p.log, Changed: p.wakeUp}
	return nil
}

// profile is the printer's profile with the site's own columns and code page.
func profile(c config.Printer) (escpos.Profile, error) {
	pr, err := escpos.ByName(c.Profile)
	if err != nil {
		return pr, usage(fmt.Errorf("printer.profile: %w", err))
	}
	if pr, err = pr.With(c.Columns, c.CodePage); err != nil {
		return pr, usage(fmt.Errorf("printer: %w", err))
	}
	return pr, nil
}

func (p *parts) buildPrinter() error {
	c := p.config.Printer
	pr, err := profile(c)
	if err != nil {
		return err
	}
	flow, err := serialport.ParseFlow(c.Flow)
	if err != nil {
		return usage(fmt.Errorf("printer.flow: %w", err))
	}
	port := c.Port
	if port == "virtual" {
		if p.virtual, err = virtual.Start(virtual.Options{Profile: pr, Baud: c.Baud}); err != nil {
			return err
		}
		port = p.virtual.Path()
	}
	p.printer = device.New(device.Config{Port: port, Baud: c.Baud, Flow: flow, Profile: pr, Timeout: c.Timeout.Duration}, p.log)
	return nil
}

func (p *parts) openJournal() error {
	name, err := journalPath(p.config)
	if err != nil {
		return err
	}
	if p.journal, err = journal.Open(name); err != nil {
		return err
	}
	if p.journal.SetAside != "" {
		p.log.Error("the journal was damaged; it was set aside and a new one begun", "file", p.journal.SetAside)
	}
	return nil
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
	if p.journal != nil {
		errs = append(errs, p.journal.Close())
	}
	return errors.Join(errs...)
}

// wakeUp asks the watch for a round now.
func (p *parts) wakeUp() {
	select {
	case p.wake <- struct{}{}:
	default: // it was asked already
	}
}

func (p *parts) settings(print bool) kiosk.Settings {
	s := p.config.Screen
	return kiosk.Settings{
		Hold: time.Duration(p.config.Registry.ReserveMinutes) * time.Minute, Idle: s.Idle.Duration, Warning: s.Warning.Duration, Patience: patience, Print: print,
		View: kiosk.View{Language: s.Language, Low: s.Low},
	}
}

func (p *parts) runner(watch func(kiosk.State)) *kiosk.Runner {
	return &kiosk.Runner{
		Registry: registry{p}, Timetable: timetable{p}, Printer: printer{p}, Journal: p.journal, Log: p.log, Watch: watch,
	}
}

// healAfter is how long booking stays closed after the registry refused the terminal: whether it would be accepted again shows only when it asks.
const healAfter = 2 * time.Minute

// watch is the watch over what booking and paper need.
func (p *parts) watch(r *kiosk.Runner) *health.Watch {
	return &health.Watch{
		Booking: []func(time.Time) kiosk.Reason{p.accessReason, p.timetableReason},
		Paper: func(ctx context.Context) bool {
			s, err := p.printer.Status(ctx)
			return err == nil && s.Ready()
		},
		Every: 10 * time.Second,
		Wake:  p.wake,
		Changed: func(s kiosk.Service) {
			p.log.Info("service", "down", s.Down, "noPaper", s.NoPaper)
			r.Send(kiosk.ServiceChanged{Service: s})
		},
	}
}

func (p *parts) accessReason(now time.Time) kiosk.Reason {
	if at := p.denied.Load(); at != 0 && now.Sub(time.Unix(0, at)) < healAfter {
		return kiosk.ReasonAccess
	}
	return ""
}

func (p *parts) timetableReason(now time.Time) kiosk.Reason {
	switch _, err := p.store.Snapshot(now); {
	case errors.Is(err, schedule.ErrNotLoaded):
		return kiosk.ReasonStarting
	case err != nil:
		return kiosk.ReasonTimetable
	}
	return ""
}

// tellOverview keeps the welcome screen's facts fresh until ctx ends.
func (p *parts) tellOverview(ctx context.Context, r *kiosk.Runner) {
	var told kiosk.Overview
	for {
		if now := (timetable{p}).overview(time.Now()); now != told && r.Send(kiosk.OverviewChanged{Overview: now}) {
			told = now
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// start brings everything that lives in the background to life. The function it gives ends all of it and waits.
func (p *parts) start(ctx context.Context, r *kiosk.Runner, first kiosk.State) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	lives := []func(){
		func() { r.Run(ctx, first) },
		func() { p.store.Run(ctx) },
		func() { p.watch(r).Run(ctx) },
		func() { p.tellOverview(ctx, r) },
	}
	if p.voice != nil {
		lives = append(lives, func() { p.voice.Run(ctx) })
	}
	for _, life := range lives {
		all.Go(life)
	}
	return func() {
		cancel()
		all.Wait()
	}
}

// recover offers what a crash left unfinished.
func (p *parts) recover(r *kiosk.Runner) error {
	records, err := p.journal.Unfinished()
	if err != nil {
		return err
	}
	if len(records) > 0 {
		p.log.Warn("bookings were left unfinished", "count", len(records))
		r.Send(kiosk.Recovered{Records: records})
	}
	return nil
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
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
