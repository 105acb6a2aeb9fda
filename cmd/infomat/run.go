package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"github.com/coreos/go-systemd/v22/daemon"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/xwalk"
)

// runCommand is the terminal itself.
type runCommand struct {
	Config string `required:"" placeholder:"F" help:"Configuration file."`
}

// Run runs the terminal until it is told to stop.
func (c *runCommand) Run(ctx context.Context) error {
	undone, err := undoTrial(c.Config)
	if err != nil {
		return usage(err)
	}
	conf, err := load(c.Config)
	if err != nil {
		return err
	}
	log, file, err := newLog(conf.Log)
	if err != nil {
		return err
	}
	defer file.Close()
	if undone {
		log.Warn("a setting that was tried and never confirmed is undone", "file", c.Config)
	}
	display, err := xwalk.OpenScreen()
	if err != nil {
		return err
	}
	defer display.Close()
	p, err := build(conf, log)
	if err != nil {
		return err
	}
	p.file = c.Config
	o := screenOptions{width: display.Width, height: display.Height, panelMM: float32(conf.Screen.WidthMM), borderless: true, title: appID}
	if o.panelMM == 0 {
		o.panelMM = theme.PanelMM(display.Width, display.Height)
	}
	return errors.Join(serve(ctx, p, o), p.close())
}

// serve shows the screen and keeps everything behind it alive until the window closes or ctx ends.
func serve(ctx context.Context, p *parts, o screenOptions) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	a, err := newApp()
	if err != nil {
		return err
	}
	var s *screen
	r := p.runner(func(st kiosk.State) { s.shell.Watch(st) })
	first := p.first(r)
	if o.painted == nil {
		o.painted = p.firstFrame()
	}
	s, err = newScreen(a, p, first, func(e kiosk.Event) { r.Send(e) }, o)
	if err != nil {
		return err
	}
	if s.mode, err = newDesk(p, s.shell.State).attach(s, o); err != nil {
		return err
	}
	p.life.dog = p.watchdog(func(beat func()) { fyne.Do(beat) })
	failing, stop := p.start(ctx, r, first)
	if o.beside != nil {
		s.window.SetMaster() // the program ends with it, whatever stands beside it
		run := o.beside(s)
		stop = alongside(func() error { return run(failing) }, end, stop)
	}
	ended := make(chan struct{})
	go p.endAnyway(failing, ended, stop)
	p.guarded("screen", func() { s.run(failing) })
	close(ended)
	s.mode.End()
	p.tellSystem(daemon.SdNotifyStopping)
	return stop()
}

// alongside runs what is beside the screen; with it ends the screen. The function that it gives is stop, after that has come to its end.
func alongside(run func() error, end func(), stop func() error) func() error {
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

// screenEnd is how long the screen may take to close.
const screenEnd = 3 * time.Second

// endAnyway ends the terminal in order where the screen does not: Fyne 2.8.1 can wait for ever for an event of its own that came while it quit
// (internal/driver/glfw/loop.go drains a queue that another goroutine is still filling).
func (p *parts) endAnyway(failing context.Context, ended <-chan struct{}, stop func() error) {
	select {
	case <-ended:
		return
	case <-failing.Done():
	}
	select {
	case <-ended:
		return
	case <-time.After(screenEnd):
	}
	p.log.Warn("the screen does not close; the terminal ends without it")
	p.tellSystem(daemon.SdNotifyStopping)
	os.Exit(report(errors.Join(stop(), p.close())))
}
