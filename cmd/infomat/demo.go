package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
	"infomat/kiosk/config"
	"infomat/kiosk/pin"
	"infomat/ui"
	"infomat/ui/theme"
	"infomat/ui/walk"
	"infomat/ui/xwalk"
)

// demoCommand is the terminal with a registry and a printer in software.
type demoCommand struct {
	Walk       string `placeholder:"DIR" help:"Play one patient by real taps and leave pictures, the ticket and walk.json in DIR."`
	Technician string `placeholder:"DIR" help:"Play a technician by real taps instead: open the diagnostics mode and leave a picture of each page in DIR."`
	Size       string `placeholder:"WxH" help:"Size of the panel in pixels, such as 1080x1920; without it the window fits the screen it is on."`
	Lang       string `default:"ru" help:"Language of the first screen."`
	Baud       int    `default:"115200" help:"Speed of the printer's line."`

	Source  string        `default:"registry" enum:"registry,file,fhir" help:"Where the timetable comes from: registry, file or fhir."`
	Printer string        `placeholder:"PROFILE" help:"Profile of the printer in software, epson without it: ${profiles}."`
	Latency time.Duration `default:"600ms" help:"How long the simulated registry takes for a reservation."`
	Rest    time.Duration `help:"With --walk: stand still for so long on the first and on the last screen, and report the load."`
}

// panel is the panel that the demo pretends to have.
const (
	panelWidth  = 1080
	panelHeight = 1920

	leastPanel, mostPanel = 600, 8192 // pixels; on less there is no room for targets of 20 mm and texts beside them
)

// Run shows the terminal, or plays the walk.
func (c *demoCommand) Run(ctx context.Context) error {
	o, err := c.window()
	if err != nil {
		return err
	}
	display, err := xwalk.OpenScreen()
	if err != nil {
		return err
	}
	defer display.Close()
	if c.Size == "" && !c.played() {
		o.shrink(display)
	}
	dir, err := os.MkdirTemp("", "infomat-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	level := slog.LevelInfo
	if c.played() {
		level = slog.LevelWarn
	}
	log := stderrLog(level)
	url, sim, stop, err := c.simulate()
	if err != nil {
		return err
	}
	defer stop()
	conf, err := c.config(url, sim, dir)
	if err != nil {
		return err
	}
	if c.Walk == "" { // a patient needs no PIN, and its hash takes time and memory that a terminal does not spend at its start
		if err := pin.Set(conf.Service.PINFile, demoPIN); err != nil {
			return err
		}
		log.Info("the diagnostics mode: five taps on the clinic's name, or F12", "pin", demoPIN)
	}
	p, err := build(conf, log)
	if err != nil {
		return err
	}
	if err := c.beside(p, &o, display); err != nil {
		return errors.Join(err, p.close())
	}
	return errors.Join(serve(ctx, p, o), p.close())
}

// beside puts beside the terminal's screen what the demo is for: the printer's switches, or whoever plays a walk.
func (c *demoCommand) beside(p *parts, o *screenOptions, display *xwalk.Screen) error {
	if c.Technician != "" {
		if err := os.MkdirAll(c.Technician, 0o755); err != nil {
			return usage(fmt.Errorf("--technician: %w", err))
		}
		o.beside = func(s *screen) func(context.Context) error {
			return func(ctx context.Context) error { return c.playTechnician(ctx, s, *o) }
		}
		return nil
	}
	if c.Walk == "" {
		words, err := p.languages.Language(c.Lang)
		if err != nil {
			return usage(fmt.Errorf("--lang: %w", err))
		}
		o.beside = func(s *screen) func(context.Context) error {
			return showPanel(s.app, p, words, o.besides(display, p.log))
		}
		return nil
	}
	if err := os.MkdirAll(c.Walk, 0o755); err != nil {
		return usage(fmt.Errorf("--walk: %w", err))
	}
	frames, painted := watched()
	o.painted = painted
	o.beside = func(s *screen) func(context.Context) error {
		return func(ctx context.Context) error { return c.play(ctx, p, s.shell, frames, *o) }
	}
	return nil
}

// played tells whether nobody but the program touches the screen.
func (c *demoCommand) played() bool { return c.Walk != "" || c.Technician != "" }

// demoPIN opens the diagnostics mode of the demo.
const demoPIN = "402795"

// window is the panel's size: as asked for, or the terminal's own.
func (c *demoCommand) window() (screenOptions, error) {
	o := screenOptions{width: panelWidth, height: panelHeight, title: "Infomat", borderless: c.played()}
	if c.Size != "" {
		if n, err := fmt.Sscanf(c.Size+"\n", "%dx%d\n", &o.width, &o.height); n != 2 || err != nil || min(o.width, o.height) < leastPanel || max(o.width, o.height) > mostPanel {
			return o, usage(fmt.Errorf("--size: %q is not a panel's size: write it as 1080x1920, from %d to %d pixels each way", c.Size, leastPanel, mostPanel))
		}
	}
	o.panelMM = theme.PanelMM(o.width, o.height)
	return o, nil
}

// shrink makes the window smaller until it fits the display; the panel it pretends to be keeps its millimetres.
func (o *screenOptions) shrink(display *xwalk.Screen) {
	const beside = 0.88 // of the display, so that its bars and the window's frame keep their place
	if scale := min(float64(display.Width)*beside/float64(o.width), float64(display.Height)*beside/float64(o.height)); scale < 1 {
		o.width, o.height = int(float64(o.width)*scale), int(float64(o.height)*scale)
	}
}

// simulate starts the registry on a free port of the loopback.
func (c *demoCommand) simulate() (url string, sim *registrysim.Registry, stop func(), err error) {
	sim, err = registrysim.New(registrysim.Options{Seed: 1, Latency: c.Latency})
	if err != nil {
		return "", nil, nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, nil, err
	}
	server := &http.Server{Handler: sim, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l) // ends with Close, below
	}()
	return "http://" + l.Addr().String(), sim, func() { _ = server.Close(); <-ended }, nil
}

// config is the terminal's configuration. The document of source "file" is what the simulated registry exports, and lies in dir; its FHIR server is the
// simulated registry's too.
func (c *demoCommand) config(url string, sim *registrysim.Registry, dir string) (config.Config, error) {
	conf, err := config.Default()
	if err != nil {
		return conf, err
	}
	conf.Registry.URL, conf.Registry.LPU.UUID = url, sim.LPU()
	conf.Printer.Port, conf.Printer.Baud = "virtual", c.Baud
	if c.Printer != "" {
		conf.Printer.Profile = c.Printer
	}
	conf.Service.PINFile = filepath.Join(dir, "pin")
	conf.Journal.Path = filepath.Join(dir, "journal.db")
	conf.Screen.Language = c.Lang
	conf.Schedule.Source, conf.Schedule.File = c.Source, filepath.Join(dir, "timetable.json")
	conf.Schedule.FHIRURL = url + "/fhir"
	conf.Schedule.FHIR.Live, conf.Schedule.FHIR.AgeBy = true, schedule.ByServiceType
	conf.Schedule.FHIR.Ages = map[string][]string{"CHILD": {"CHILD"}, "TEEN": {"TEEN"}, "ADULT": {"ADULT"}}
	conf.Schedule.FileMaxAge.Duration = time.Duration(conf.Schedule.Days) * 24 * time.Hour // nobody writes it anew
	if c.Source != "file" {
		return conf, nil
	}
	document, err := sim.Export(conf.Schedule.Days)
	if err != nil {
		return conf, err
	}
	return conf, os.WriteFile(conf.Schedule.File, document, 0o600)
}

// technicianWithin bounds the technician's whole walk.
const technicianWithin = 2 * time.Minute

// playTechnician lets a technician walk through the diagnostics mode.
func (c *demoCommand) playTechnician(ctx context.Context, s *screen, o screenOptions) error {
	ctx, cancel := context.WithTimeout(ctx, technicianWithin)
	defer cancel()
	hand, err := xwalk.Open(ctx, o.width, o.height)
	if err != nil {
		return err
	}
	defer hand.Close()
	return (&walk.Technician{Mode: s.mode, Hand: hand, Dir: c.Technician, PIN: demoPIN}).Play(ctx)
}

// watched gives what is painted to whoever looks.
func watched() (<-chan ui.Frame, func(ui.Frame)) {
	frames := make(chan ui.Frame, 256)
	return frames, func(f ui.Frame) {
		select {
		case frames <- f:
		default: // nobody looks any more
		}
	}
}

// play walks, and writes the report and the ticket.
func (c *demoCommand) play(ctx context.Context, p *parts, shell *ui.Shell, frames <-chan ui.Frame, o screenOptions) error {
	bounded, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	hand, err := xwalk.Open(bounded, o.width, o.height)
	if err != nil {
		return err
	}
	defer hand.Close()
	player := &walk.Player{Shell: shell, Hand: hand, Dir: c.Walk, Frames: frames, Started: started, Rest: c.Rest}
	report, err := player.Play(ctx)
	report.Size, report.Language = fmt.Sprintf("%dx%d", o.width, o.height), c.Lang
	n, keepErr := keepTicket(c.Walk, p)
	if n > 0 {
		report.Line = c.line(n, p.virtual.LastByte().Sub(report.Reserved))
	}
	if err := errors.Join(err, keepErr, report.Write(c.Walk)); err != nil {
		return err
	}
	if report.Outcome != "reserved" || report.Print != "printed" {
		return exit{exitUnexpected, fmt.Errorf("the walk ended with outcome=%s, print=%s", report.Outcome, report.Print)}
	}
	return nil
}

// line tells how long a ticket took to the wire's end, and how long it had to take.
func (c *demoCommand) line(ticket int, took time.Duration) walk.Line {
	wire := time.Duration(ticket) * 10 * time.Second / time.Duration(c.Baud)
	return walk.Line{ReserveToLastByteMS: walk.MS(took), RegistryMS: walk.MS(c.Latency), WireMS: walk.MS(wire), TicketBytes: ticket, Baud: c.Baud}
}

// keepTicket writes the bytes of the first printed job to ticket.bin and its paper to ticket.png in dir. It returns the
// number of bytes, or 0 if nothing was printed.
func keepTicket(dir string, p *parts) (int, error) {
	jobs := p.virtual.Jobs()
	if len(jobs) == 0 {
		return 0, nil
	}
	data := jobs[0]
	picture, err := paperPNG(data, p.paper.Load().profile)
	if err != nil {
		return 0, err
	}
	return len(data), errors.Join(
		os.WriteFile(filepath.Join(dir, "ticket.bin"), data, 0o644),
		os.WriteFile(filepath.Join(dir, "ticket.png"), picture, 0o644))
}
