package main

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/driver/desktop"

	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/pin"
	"infomat/terminal"
	"infomat/ui"
	"infomat/ui/screens"
	"infomat/ui/service"
	"infomat/ui/speech"
	"infomat/ui/theme"
	"infomat/ui/xmonitor"
	"infomat/ui/xpane"
)

// screen is the terminal's window and its content.
type screen struct {
	app    fyne.App
	window fyne.Window
	shell  *ui.Shell
	mode   *service.Mode // the diagnostics mode, laid over the window
	pane   *xpane.Pane   // shows the countdown; nil if not opened yet
	opts   screenOptions
	size   image.Point // of the panel in pixels
}

// screenOptions configure the terminal's window.
type screenOptions struct {
	width, height int
	panelMM       float32
	borderless    bool
	title         string
	log           *slog.Logger
	keypad        bool              // the pages can be used without touch
	strike        time.Duration     // within which the same key or button counts once
	pin           string            // file with the PIN of the diagnostics mode
	voice         *speech.Voice     // nil if the system has no speech program, or the site wants none
	jack          *speech.Jack      // nil unless the voice is for headphones alone
	painted       func(ui.Frame)    // called for each page painted; nil: log the first
	companion     companion         // may be nil
	display       *xmonitor.Display // the window stays on its panel; nil: it stays where it is
	assumedMM     bool              // panelMM is not known but derived from the size in pixels
}

// companion prepares what runs beside the terminal's screen, such as a second window or a player. The returned
// function runs until ctx is done; when it returns, the screen is closed.
type companion func(s *screen) (run func(ctx context.Context) error)

// backgroundTasks returns the functions, by name, that the terminal runs in the background.
func (o screenOptions) backgroundTasks() map[string]func(context.Context) {
	if o.voice == nil {
		return nil
	}
	all := map[string]func(context.Context){"voice": o.voice.Run}
	if o.jack != nil {
		all["jack"] = o.jack.Watch
	}
	return all
}

// speaking sets the voice that the settings ask for, if the system has a speech program.
func (o *screenOptions) speaking(c config.Speech) {
	if c.Mode == config.SpeechOff {
		return
	}
	o.voice = speech.Find(speech.Options{Rate: c.Rate, Volume: c.Volume, Log: o.log})
	if o.voice == nil {
		o.log.Warn("speech.mode asks for a voice, and there is no speech program: install espeak-ng")
		return
	}
	if c.Mode == config.SpeechHeadphones {
		o.jack = &speech.Jack{Sensor: speech.ALSA{}, Log: o.log}
	}
}

// newScreen creates the window with the patient's screens and the diagnostics mode. The method run shows it.
func newScreen(
	a fyne.App, t *terminal.Terminal, first kiosk.State, send func(kiosk.Event), o screenOptions,
) (*screen, error) {
	w, err := newWindow(a, o)
	if err != nil {
		return nil, err
	}
	s := &screen{app: a, window: w, opts: o, size: image.Pt(o.width, o.height)}
	options := ui.Options{
		PanelMM: o.panelMM, Languages: t.Languages(),
		Language: func(tag string) screens.Language { return t.Language(tag) },
		Guide:    t.Guide, Send: send, Painted: o.painted, Pane: s.openPane, Log: o.log, Keypad: o.keypad,
		Strike: o.strike,
	}
	if o.voice != nil {
		options.Speaker, options.Headphones = o.voice, o.jack != nil
	}
	s.shell = ui.NewShell(w, first, options)
	if o.jack != nil {
		o.jack.Tell(func(in bool) { fyne.Do(func() { s.shell.Plugged(in) }) })
	}
	behind, words := t.Desk(s.shell.State)
	mode := service.Options{
		PanelMM: o.panelMM, Lang: words, Lock: &pin.Lock{File: o.pin}, Do: fyne.Do, Terminal: behind,
		Strike: o.strike, Taken: typed(s.waitsForCode, t.Scanned),
		Opened: func(open bool) {
			s.shell.Cover(open)
			t.Opened(open)
		},
	}
	if o.keypad {
		mode.Keys = s.shell.Keys
	}
	s.mode = service.Attach(w, mode)
	w.Resize(fyne.NewSize(float32(o.width), float32(o.height)))
	return s, nil
}

// openPane opens the countdown's pane on the window. It returns nil while the window is not shown.
func (s *screen) openPane() (ui.Pane, error) {
	handle, err := windowHandle(s.window)
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

// windowHandle returns the X window id, or 0 if the window is not shown yet.
func windowHandle(w fyne.Window) (handle uintptr, err error) {
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

// newWindow creates a window with or without a frame. Only a window without a frame keeps its position when the
// monitor is switched off and on.
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

// follow puts the window over the panel, wherever that is now and however it is turned.
func (s *screen) follow(at image.Rectangle) {
	if size := at.Size(); size != s.size {
		s.opts.panelMM = theme.TurnedMM(s.opts.panelMM, s.size, size)
		if s.opts.assumedMM {
			s.opts.panelMM = theme.PanelMM(size.X, size.Y)
		}
		s.size = size
		s.shell.SetPanel(s.opts.panelMM)
		s.mode.SetPanel(s.opts.panelMM)
		s.window.Resize(fyne.NewSize(float32(size.X), float32(size.Y)))
	}
	handle, err := windowHandle(s.window)
	if err == nil && handle != 0 {
		err = s.opts.display.Place(uint32(handle), at)
	}
	if err != nil {
		s.opts.log.Warn("the window cannot be put over the panel", "error", err)
		return
	}
	s.opts.log.Info("the panel", "pixels", fmt.Sprintf("%d×%d", at.Dx(), at.Dy()), "x", at.Min.X, "y", at.Min.Y)
}

// run shows the window until it is closed or ctx is done. It must be called on the main goroutine.
func (s *screen) run(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { fyne.Do(s.app.Quit) })
	defer stop()
	var followed sync.WaitGroup
	if d := s.opts.display; d != nil {
		ctx, end := context.WithCancel(ctx)
		defer followed.Wait()
		defer end()
		s.app.Lifecycle().SetOnStarted(func() {
			followed.Go(func() {
				d.Follow(ctx, func(at image.Rectangle) { fyne.Do(func() { s.follow(at) }) })
			})
		})
	}
	s.window.ShowAndRun()
	if s.pane != nil {
		s.pane.Close()
	}
}
