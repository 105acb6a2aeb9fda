package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"infomat/cmd/infomat/commands"
	"infomat/kiosk/pin"
	"infomat/terminal"
	"infomat/terminal/demo"
	"infomat/ui/speech"
	"infomat/ui/theme"
	"infomat/ui/xwalk"
)

// demoCommand is the terminal with a registry and a printer in software.
type demoCommand struct {
	Walk       string `placeholder:"DIR" help:"Play a patient by real taps; pictures, ticket and walk.json go to DIR."`
	Technician string `placeholder:"DIR" help:"Play a technician by real taps; a picture of each page goes to DIR."`
	Size       string `placeholder:"WxH" help:"Size of the panel in pixels, such as 1080x1920; by default what fits."`
	Lang       string `default:"ru" help:"Language of the first screen."`
	Baud       int    `default:"115200" help:"Speed of the printer's line."`

	Source  string        `default:"registry" enum:"registry,file,fhir" help:"Source of the timetable: ${enum}."`
	Printer string        `placeholder:"PROFILE" help:"Profile of the printer in software, epson without it: ${profiles}."`
	Latency time.Duration `default:"600ms" help:"How long the simulated registry takes for a reservation."`
	Rest    time.Duration `help:"With --walk: wait so long on the first and the last screen, and report the load."`
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
	world, err := demo.Start(demo.Options{
		Dir: dir, Latency: c.Latency, Source: c.Source, Language: c.Lang, Profile: c.Printer, Baud: c.Baud,
	})
	if err != nil {
		return err
	}
	defer world.Close()
	o.pin, o.voice = world.Config.Service.PINFile, speech.Find(o.log)
	if c.Walk == "" { // a patient needs no PIN, and a terminal does not spend the hash's time and memory at its start
		if err := pin.Set(o.pin, demoPIN); err != nil {
			return err
		}
		o.log.Info("the diagnostics mode: five taps on the clinic's name, or F12", "pin", demoPIN)
	}
	t, err := terminal.New(terminal.Options{Config: world.Config, Log: o.log, Beside: o.lives()})
	if err != nil {
		return err
	}
	if t.VirtualPrinter() == nil {
		return errors.Join(errors.New("the printer in software could not be started"), t.Close())
	}
	if err := c.beside(t, &o, display); err != nil {
		return errors.Join(err, t.Close())
	}
	return errors.Join(serve(ctx, t, o), t.Close())
}

// beside puts beside the terminal's screen what the demo is for: the printer's switches, or the player of a walk.
func (c *demoCommand) beside(t *terminal.Terminal, o *screenOptions, display *xwalk.Screen) error {
	if c.Technician != "" {
		if err := os.MkdirAll(c.Technician, 0o755); err != nil {
			return commands.Usage(fmt.Errorf("--technician: %w", err))
		}
		o.beside = func(s *screen) func(context.Context) error {
			return func(ctx context.Context) error { return c.playTechnician(ctx, s, *o) }
		}
		return nil
	}
	if c.Walk == "" {
		o.beside = func(s *screen) func(context.Context) error {
			p := &printerPanel{printer: t.VirtualPrinter(), profile: t.Profile(), words: t.Language(c.Lang), log: o.log}
			return p.show(s.app, o.besides(display))
		}
		return nil
	}
	if err := os.MkdirAll(c.Walk, 0o755); err != nil {
		return commands.Usage(fmt.Errorf("--walk: %w", err))
	}
	frames, painted := watched()
	o.painted = painted
	o.beside = func(s *screen) func(context.Context) error {
		return func(ctx context.Context) error { return c.play(ctx, t, s.shell, frames, *o) }
	}
	return nil
}

// played reports whether nobody but the program touches the screen.
func (c *demoCommand) played() bool { return c.Walk != "" || c.Technician != "" }

// demoPIN opens the diagnostics mode of the demo.
const demoPIN = "402795"

// window is the panel's size: as asked for, or the terminal's own.
func (c *demoCommand) window() (screenOptions, error) {
	level := slog.LevelInfo
	if c.played() {
		level = slog.LevelWarn
	}
	o := screenOptions{
		width: panelWidth, height: panelHeight, title: "Infomat", borderless: c.played(), log: terminal.StderrLog(level),
	}
	if c.Size != "" {
		n, err := fmt.Sscanf(c.Size+"\n", "%dx%d\n", &o.width, &o.height)
		if n != 2 || err != nil || min(o.width, o.height) < leastPanel || max(o.width, o.height) > mostPanel {
			return o, commands.Usage(fmt.Errorf("--size: %q is not a panel's size: write it as 1080x1920, "+
				"from %d to %d pixels each way", c.Size, leastPanel, mostPanel))
		}
	}
	o.panelMM = theme.PanelMM(o.width, o.height)
	return o, nil
}

// shrink makes the window smaller until it fits the display; the panel it pretends to be keeps its millimetres.
func (o *screenOptions) shrink(display *xwalk.Screen) {
	const beside = 0.88 // of the display, so that its bars and the window's frame keep their place
	scale := beside * min(float64(display.Width)/float64(o.width), float64(display.Height)/float64(o.height))
	if scale < 1 {
		o.width, o.height = int(float64(o.width)*scale), int(float64(o.height)*scale)
	}
}
