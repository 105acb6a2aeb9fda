package main

import (
	"context"
	"errors"

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
	a, err := newApp()
	if err != nil {
		return err
	}
	first := kiosk.Begin(p.settings(true))
	var s *screen
	r := p.runner(func(st kiosk.State) { s.shell.Watch(st) })
	s, err = newScreen(a, p, first, func(e kiosk.Event) { r.Send(e) }, o)
	if err != nil {
		return err
	}
	if err := p.recover(r); err != nil {
		return err
	}
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	mode, err := newDesk(p, s.shell.State, leave).attach(s, o)
	if err != nil {
		return err
	}
	if o.attached != nil {
		o.attached(mode)
	}
	stop := p.start(ctx, r, first)
	if o.beside != nil {
		s.window.SetMaster() // the program ends with it, whatever stands beside it
		shown, cancel := context.WithCancel(ctx)
		wait := o.beside(shown, s.app)
		defer wait()
		defer cancel()
	}
	s.run(ctx)
	mode.End()
	stop()
	p.log.Info("stopped", "step", s.shell.State().Step)
	var asked exit
	if errors.As(context.Cause(ctx), &asked) {
		return asked // by a technician
	}
	return nil
}
