package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"os"
	"sync"

	"fyne.io/fyne/v2"

	"infomat/cmd/infomat/commands"
	"infomat/kiosk"
	"infomat/terminal"
	"infomat/terminal/account"
	"infomat/ui"
	"infomat/ui/theme"
	"infomat/ui/xmonitor"
	"infomat/ui/xwalk"
)

// runCommand runs the terminal.
type runCommand struct {
	Config string `required:"" placeholder:"F" help:"Configuration file."`
}

// Run runs the terminal until ctx is done.
func (c *runCommand) Run(ctx context.Context) error {
	if err := account.Become(); err != nil {
		return err
	}
	conf, undone, problem, err := terminal.StartSettings(c.Config)
	if err != nil {
		return commands.Usage(err)
	}
	log, file, err := terminal.OpenLog(conf.Log)
	if err != nil {
		return err
	}
	defer file.Close()
	if undone {
		log.Warn("undid a setting that was tried and not confirmed", "file", c.Config)
	}
	if problem != nil {
		log.Error("the settings that were changed on the screen cannot be used as they are", "error", problem)
	}
	display, err := xwalk.OpenScreen()
	if err != nil {
		return err
	}
	defer display.Close()
	panel, monitors, err := findPanel(ctx, display, log)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	if monitors != nil {
		defer monitors.Close()
	}
	o := screenOptions{
		width: panel.X, height: panel.Y, display: monitors, panelMM: float32(conf.Screen.WidthMM), borderless: true,
		title: appID, log: log, keypad: conf.Screen.Keypad, strike: conf.Screen.DoubleStrike.Duration,
		pin: conf.Service.PINFile,
	}
	o.speaking(conf.Speech)
	if o.assumedMM = o.panelMM == 0; o.assumedMM {
		o.panelMM = theme.PanelMM(panel.X, panel.Y)
	}
	if s := theme.Shrink(float32(panel.X), float32(panel.Y), o.panelMM); s < 1 {
		log.Warn("the panel is too small: texts and buttons are smaller than they have to be",
			"percent", int(100*s), "width_mm", int(o.panelMM), "pixels", fmt.Sprintf("%d×%d", panel.X, panel.Y))
	}
	t, err := terminal.New(terminal.Options{Config: conf, File: c.Config, Log: log, Beside: o.backgroundTasks()})
	if err != nil {
		return err
	}
	return errors.Join(serve(ctx, t, o), t.Close())
}

// findPanel returns the size of the panel in pixels, and the display by which to follow it; nil if it cannot be
// followed. While no monitor is on it waits for one: without any the toolkit cannot place a window, and panics. An end
// of ctx is an error.
func findPanel(ctx context.Context, screen *xwalk.Screen, log *slog.Logger) (image.Point, *xmonitor.Display, error) {
	d, err := xmonitor.Open()
	if err != nil {
		log.Warn("changes of the monitors are not noticed", "error", err)
		return image.Pt(screen.Width, screen.Height), nil, nil
	}
	at, err := d.Panel()
	if errors.Is(err, xmonitor.ErrNone) {
		log.Warn("no monitor is on; the terminal opens when one is")
		err = terminal.Waiting(log, "no monitor is on", func() error { return d.Await(ctx) })
		if err == nil {
			at, err = d.Panel()
		}
	}
	if err != nil {
		d.Close()
		return image.Point{}, nil, err
	}
	return at.Size(), d, nil
}

// serve shows the screen and runs the terminal until the window is closed or ctx is done.
func serve(ctx context.Context, t *terminal.Terminal, o screenOptions) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	a, err := newApp()
	if err != nil {
		return err
	}
	var s *screen
	r := t.Runner(func(st kiosk.State) { s.shell.Watch(st) })
	first := t.First()
	if o.painted == nil {
		o.painted = firstFrame(t, o.log)
	}
	if s, err = newScreen(a, t, first, func(e kiosk.Event) { r.Send(e) }, o); err != nil {
		return err
	}
	t.WatchOver(func(beat func()) { fyne.Do(beat) })
	failing, stop := t.Start(ctx, first)
	if o.companion != nil {
		s.window.SetMaster() // closing it ends the program, whatever other windows are open
		run := o.companion(s)
		stop = runCompanion(func() error { return run(failing) }, end, stop)
	}
	ended := make(chan struct{})
	go t.EndWithout(failing, ended, stop, func(err error) { os.Exit(commands.Report(err)) })
	t.Guarded("screen", func() { s.run(failing) })
	close(ended)
	s.mode.End()
	t.Stopping()
	return stop()
}

// firstFrame returns a function that logs the time of the first frame and reports that the terminal is ready.
func firstFrame(t *terminal.Terminal, log *slog.Logger) func(ui.Frame) {
	var once sync.Once
	return func(f ui.Frame) {
		once.Do(func() {
			log.Info("first frame", "ms", f.At.Sub(terminal.Started).Milliseconds(), "step", f.State.Step.String())
			t.Ready()
		})
	}
}

// runCompanion calls run in a goroutine, and end when it returns. The returned function ends both, waits, and
// calls stop.
func runCompanion(run func() error, end func(), stop func() error) func() error {
	result := make(chan error, 1)
	go func() {
		defer end()
		result <- run()
	}()
	return sync.OnceValue(func() error {
		end()
		return errors.Join(<-result, stop())
	})
}
