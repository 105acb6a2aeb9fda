package main

import (
	"context"
	"errors"
	"fmt"
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
	o := screenOptions{
		width: display.Width, height: display.Height, panelMM: float32(conf.Screen.WidthMM), borderless: true,
		title: appID, log: log, keypad: conf.Screen.Keypad, pin: conf.Service.PINFile,
	}
	o.speaking(conf.Speech)
	if o.panelMM == 0 {
		o.panelMM = theme.PanelMM(display.Width, display.Height)
	}
	if s := theme.Shrink(float32(display.Width), float32(display.Height), o.panelMM); s < 1 {
		log.Warn("the panel is too small: texts and buttons are smaller than they have to be",
			"percent", int(100*s), "width_mm", int(o.panelMM), "pixels", fmt.Sprintf("%d×%d", display.Width, display.Height))
	}
	t, err := terminal.New(terminal.Options{Config: conf, File: c.Config, Log: log, Beside: o.backgroundTasks()})
	if err != nil {
		return err
	}
	return errors.Join(serve(ctx, t, o), t.Close())
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
