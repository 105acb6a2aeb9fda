package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"time"

	"infomat/cmd/infomat/commands"
	"infomat/device/scanner/sim"
	"infomat/kiosk/config"
	"infomat/kiosk/pin"
	"infomat/terminal"
	"infomat/terminal/demo"
	"infomat/ui/theme"
	"infomat/ui/xwalk"
)

// demoCommand runs the terminal with a simulated registry and a virtual printer.
type demoCommand struct {
	Walk       string `placeholder:"DIR" help:"Play a patient by real taps; pictures, ticket and walk.json go to DIR."`
	Technician string `placeholder:"DIR" help:"Play a technician by real taps; a picture of each page goes to DIR."`
	Size       string `placeholder:"WxH" help:"Size of the panel in pixels, such as 1080x1920; by default what fits."`
	Lang       string `default:"ru" help:"Language of the first screen."`
	Text       string `default:"normal" enum:"normal,large,extra" help:"With --walk: the patient's text size: ${enum}."`
	Baud       int    `default:"115200" help:"Speed of the printer's line."`

	Patient bool `help:"Patients say who they are by policy and birth date, and the hold becomes a visit."`
	Keypad  bool `help:"The screen can be used without touch: by arrows, Enter, Escape and F1."`

	Scan  string `placeholder:"CODE" help:"Plug a scanner in software in, which reads this code every five seconds."`
	Guide string `placeholder:"FILE" help:"The clinic's own knowledge, such as docs/guide.example.toml."`

	Source  string        `default:"registry" enum:"registry,file,fhir" help:"Source of the timetable: ${enum}."`
	Printer string        `placeholder:"PROFILE" help:"Profile of the virtual printer, epson by default: ${profiles}."`
	Latency time.Duration `default:"600ms" help:"How long the simulated registry takes for a reservation."`
	Rest    time.Duration `help:"With --walk: time to wait on the first and last screen and measure the load."`

	pin string // of the diagnostics mode, another one each time
}

// The size of the panel that the demo simulates, and the limits of --size.
const (
	panelWidth         = 1080
	panelHeight        = 1920
	minPanel, maxPanel = 600, 8192 // pixels; a smaller panel has no room for 20 mm targets with text
)

// Run shows the terminal until its window is closed, or plays a walk.
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
		Patient: c.Patient,
		Guide:   c.Guide, Scanner: c.Scan != "",
	})
	if err != nil {
		return err
	}
	defer world.Close()
	o.pin, o.strike = world.Config.Service.PINFile, world.Config.Screen.DoubleStrike.Duration
	voice := world.Config.Speech
	voice.Mode = config.SpeechButton
	o.speaking(voice)
	if c.Walk == "" { // a walk needs no PIN, and hashing it would distort the measurements
		c.pin = pin.Random()
		if err := pin.Set(o.pin, c.pin); err != nil {
			return err
		}
		o.log.Info("the diagnostics mode: five taps on the clinic's name, or F12", "pin", c.pin)
	}
	if c.Patient && c.Walk == "" {
		o.log.Info("an invented patient", "policy", demo.PatientPolicy, "born", demo.PatientBirthday)
	}
	beside := map[string]func(context.Context){}
	maps.Copy(beside, o.backgroundTasks())
	if world.Scanner != nil {
		beside["scanner in software"] = func(ctx context.Context) { c.scan(ctx, world.Scanner, o.log) }
	}
	t, err := terminal.New(terminal.Options{Config: world.Config, Log: o.log, Beside: beside})
	if err != nil {
		return err
	}
	if t.VirtualPrinter() == nil {
		return errors.Join(errors.New("the printer in software could not be started"), t.Close())
	}
	if err := c.addCompanion(t, &o, display); err != nil {
		return errors.Join(err, t.Close())
	}
	return errors.Join(serve(ctx, t, o), t.Close())
}

// scanEvery is how often the scanner in software reads its code.
const scanEvery = 5 * time.Second

// scan has the scanner in software read the code again and again until ctx is done.
func (c *demoCommand) scan(ctx context.Context, gun *sim.Scanner, log *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(scanEvery):
		}
		if err := gun.Scan(c.Scan); err != nil {
			log.Warn("the scanner in software", "error", err)
			return
		}
	}
}

// addCompanion sets what runs beside the terminal's screen: the player of a walk, or the window with the printer's
// switches.
func (c *demoCommand) addCompanion(t *terminal.Terminal, o *screenOptions, display *xwalk.Screen) error {
	if c.Technician != "" {
		if err := os.MkdirAll(c.Technician, 0o755); err != nil {
			return commands.Usage(fmt.Errorf("--technician: %w", err))
		}
		o.companion = func(s *screen) func(context.Context) error {
			return func(ctx context.Context) error { return c.playTechnician(ctx, s, *o) }
		}
		return nil
	}
	if c.Walk == "" {
		o.companion = func(s *screen) func(context.Context) error {
			p := &printerPanel{printer: t.VirtualPrinter(), profile: t.Profile(), words: t.Language(c.Lang), log: o.log}
			return p.show(s.app, o.placeBeside(display))
		}
		return nil
	}
	if err := os.MkdirAll(c.Walk, 0o755); err != nil {
		return commands.Usage(fmt.Errorf("--walk: %w", err))
	}
	frames, painted := frameQueue()
	o.painted = painted
	o.companion = func(s *screen) func(context.Context) error {
		return func(ctx context.Context) error { return c.play(ctx, t, s.shell, frames, *o) }
	}
	return nil
}

// played reports whether the program itself taps the screen.
func (c *demoCommand) played() bool { return c.Walk != "" || c.Technician != "" }

// window returns the options of the window, with the size from --size or the default.
func (c *demoCommand) window() (screenOptions, error) {
	level := slog.LevelInfo
	if c.played() {
		level = slog.LevelWarn
	}
	o := screenOptions{
		width: panelWidth, height: panelHeight, title: "Infomat", borderless: c.played(), log: terminal.StderrLog(level),
		keypad: c.Keypad,
	}
	if c.Size != "" {
		n, err := fmt.Sscanf(c.Size+"\n", "%dx%d\n", &o.width, &o.height)
		if n != 2 || err != nil || min(o.width, o.height) < minPanel || max(o.width, o.height) > maxPanel {
			return o, commands.Usage(fmt.Errorf("--size: %q is not a panel's size: write it as 1080x1920, "+
				"from %d to %d pixels each way", c.Size, minPanel, maxPanel))
		}
	}
	o.panelMM = theme.PanelMM(o.width, o.height)
	return o, nil
}

// shrink scales the window down until it fits the display. The simulated width in millimetres stays the same.
func (o *screenOptions) shrink(display *xwalk.Screen) {
	const share = 0.88 // of the display; the rest is for its bars and the window's frame
	scale := share * min(float64(display.Width)/float64(o.width), float64(display.Height)/float64(o.height))
	if scale < 1 {
		o.width, o.height = int(float64(o.width)*scale), int(float64(o.height)*scale)
	}
}
