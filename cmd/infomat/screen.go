package main

import (
	"context"
	"fmt"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/driver/desktop"

	"infomat/kiosk"
	"infomat/kiosk/pin"
	"infomat/terminal"
	"infomat/ui"
	"infomat/ui/screens"
	"infomat/ui/service"
	"infomat/ui/speech"
	"infomat/ui/xpane"
)

// screen is the window and what it is made for.
type screen struct {
	app    fyne.App
	window fyne.Window
	shell  *ui.Shell
	mode   *service.Mode // the diagnostics mode, laid over the window
	pane   *xpane.Pane   // the countdown's; nil: none was needed yet
}

// screenOptions say how the window looks.
type screenOptions struct {
	width, height int
	panelMM       float32
	borderless    bool
	title         string
	log           *slog.Logger
	pin           string         // file of the PIN that opens the diagnostics mode
	voice         *speech.Voice  // nil: the system cannot speak
	painted       func(ui.Frame) // nil: the first is logged
	beside        beside         // nil: nothing
}

// beside makes what is beside a terminal's screen: a second window, a player who taps. Run lasts until ctx is done; the
// screen ends with it.
type beside func(s *screen) (run func(ctx context.Context) error)

// lives returns what runs in the background beside the terminal.
func (o screenOptions) lives() map[string]func(context.Context) {
	if o.voice == nil {
		return nil
	}
	return map[string]func(context.Context){"voice": o.voice.Run}
}

// newScreen makes the window, with the diagnostics mode laid over it. It is shown by run.
func newScreen(
	a fyne.App, t *terminal.Terminal, first kiosk.State, send func(kiosk.Event), o screenOptions,
) (*screen, error) {
	w, err := newWindow(a, o)
	if err != nil {
		return nil, err
	}
	s := &screen{app: a, window: w}
	options := ui.Options{
		PanelMM: o.panelMM, Languages: t.Languages(),
		Language: func(tag string) screens.Language { return t.Language(tag) },
		Send:     send, Painted: o.painted, Pane: s.openPane, Log: o.log,
	}
	if o.voice != nil {
		options.Speaker = o.voice
	}
	s.shell = ui.NewShell(w, first, options)
	behind, words := t.Desk(s.shell.State)
	s.mode = service.Attach(w, service.Options{
		PanelMM: o.panelMM, Lang: words, Lock: &pin.Lock{File: o.pin}, Do: fyne.Do, Terminal: behind,
		Opened: func(open bool) {
			s.shell.Cover(open)
			t.Opened(open)
		},
	})
	w.Resize(fyne.NewSize(float32(o.width), float32(o.height)))
	return s, nil
}

// openPane makes a pane on the window; there is none to make it on before the window is shown.
func (s *screen) openPane() (ui.Pane, error) {
	handle, err := handleOf(s.window)
	if handle == 0 || err != nil {
		return nil, err
	}
	pane, err := xpane.Open(uint32(handle))
	if err != nil {
		return nil, err
	}
	s.pane = pane
	return pane, nil
}

// handleOf is a window's name to X; 0: it is not shown yet.
func handleOf(w fyne.Window) (handle uintptr, err error) {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return 0, fmt.Errorf("this build has no native window")
	}
	err = fmt.Errorf("the window is not one of X11")
	native.RunNative(func(c any) {
		if x, ok := c.(driver.X11WindowContext); ok {
			handle, err = x.WindowHandle, nil
		}
	})
	return handle, err
}

// newWindow makes a window with a frame, or one without: only that one stays where it is when the monitor is switched
// off and on.
func newWindow(a fyne.App, o screenOptions) (fyne.Window, error) {
	if !o.borderless {
		return a.NewWindow(o.title), nil
	}
	d, ok := a.Driver().(desktop.Driver)
	if !ok {
		return nil, fmt.Errorf("this build has no desktop window")
	}
	return d.CreateSplashWindow(), nil
}

// run shows the window until it is closed or ctx ends. It has to be called on the main goroutine.
func (s *screen) run(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { fyne.Do(s.app.Quit) })
	defer stop()
	s.window.ShowAndRun()
	if s.pane != nil {
		s.pane.Close()
	}
}
