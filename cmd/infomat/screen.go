package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/driver/desktop"

	"infomat/kiosk"
	"infomat/ui"
	"infomat/ui/screens"
	"infomat/ui/service"
	"infomat/ui/theme"
	"infomat/ui/xpane"
)

// appID names the program to the desktop.
const appID = "ru.infomat.terminal"

// setEnvironment gives the toolkit what it needs wherever the program is started: one unit is one pixel, and there is a locale.
func setEnvironment() error {
	env := map[string]string{"FYNE_SCALE": "1", "FYNE_DISABLE_DPI_DETECTION": "1", "FYNE_THEME": "light"}
	if l := os.Getenv("LANG"); l == "" || l == "C" || strings.HasPrefix(l, "C.") || l == "POSIX" {
		env["LANG"] = "ru_RU.UTF-8"
	}
	for k, v := range env {
		if err := os.Setenv(k, v); err != nil {
			return err
		}
	}
	return nil
}

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
	painted       func(ui.Frame) // nil: the first is logged
	beside        beside         // nil: nothing
}

// beside makes what is beside a terminal's screen: a second window, somebody who taps. Run lives until ctx ends; with it ends the screen.
type beside func(s *screen) (run func(ctx context.Context) error)

// newApp makes the toolkit ready. A program has one.
func newApp() (fyne.App, error) {
	if err := setEnvironment(); err != nil {
		return nil, err
	}
	// The toolkit leaves much to the garbage collector with each page, and little of it stays: collecting more often saves some 15 MB and costs next to nothing.
	debug.SetGCPercent(40)
	a := app.NewWithID(appID)
	a.Settings().SetTheme(theme.NewFyne())
	return a, nil
}

// newScreen makes the window. It is shown by run.
func newScreen(a fyne.App, p *parts, first kiosk.State, send func(kiosk.Event), o screenOptions) (*screen, error) {
	languages := map[string]screens.Language{}
	for _, tag := range p.config.Screen.Languages {
		l, err := p.languages.Language(tag)
		if err != nil {
			return nil, err
		}
		languages[tag] = l
	}
	w, err := newWindow(a, o)
	if err != nil {
		return nil, err
	}
	s := &screen{app: a, window: w}
	options := ui.Options{
		PanelMM: o.panelMM, Languages: p.config.Screen.Languages, Language: func(tag string) screens.Language { return languages[tag] },
		Send: send, Painted: o.painted, Pane: s.openPane, Log: p.log,
	}
	if p.voice != nil {
		options.Speaker = p.voice
	}
	s.shell = ui.NewShell(w, first, options)
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

// newWindow makes a window with a frame, or one without: only that one stays where it is when the monitor is switched off and on.
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
