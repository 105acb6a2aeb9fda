package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"infomat/apiclient/registrysim"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/terminal"
	"infomat/terminal/demo"
	"infomat/ui"
	"infomat/ui/theme"
	"infomat/ui/xwalk"
)

// visitor taps a terminal in a real window through the X server. Registry and printer are those of the demo.
type visitor struct {
	t          *testing.T
	sim        *registrysim.Registry
	disconnect func() // makes the registry unreachable
	paper      *virtual.Printer
	screen     *screen
	hand       *xwalk.Hand

	mu        sync.Mutex
	painted   kiosk.State // state of the page painted last
	began     []time.Time // the first frames of a page of another step
	confirmed []time.Time // when a booking was asked for
}

// visits counts the windows of these tests. Each window is a pixel wider than the previous one, so that xwalk does
// not find a window that is being closed.
var visits int

// visit opens a terminal and waits for its first screen. change may modify the settings.
func visit(t *testing.T, change func(*kiosk.Settings)) *visitor {
	t.Helper()
	return visitIn(t, newWorld(t), change)
}

// newWorld starts the registry of the demo.
func newWorld(t *testing.T) *demo.World {
	t.Helper()
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	world, err := demo.Start(demo.Options{
		Dir: t.TempDir(), Language: "ru", Source: "registry", Profile: "epson", Baud: 115200, Latency: 300 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	return world
}

// visitIn opens a terminal of a world, and closes both at the end of the test.
func visitIn(
	t *testing.T, world *demo.World, change func(*kiosk.Settings), more ...func(*screenOptions),
) *visitor {
	t.Helper()
	visits++
	width, height := 540+visits, 960 // small, for quick painting
	v := &visitor{t: t}
	v.sim, v.disconnect = world.Registry, world.Close
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	p, err := terminal.New(terminal.Options{Config: world.Config, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	v.paper = p.VirtualPrinter()
	r := p.Runner(func(s kiosk.State) { v.screen.shell.Watch(s) })
	first := p.First()
	if change != nil {
		change(&first.Settings)
	}
	fyne.DoAndWait(func() {
		o := screenOptions{
			width:      width,
			height:     height,
			panelMM:    theme.PanelMM(1080, 1920),
			borderless: true,
			painted:    v.recordFrame,
			log:        log,
			pin:        world.Config.Service.PINFile,
		}
		for _, set := range more {
			set(&o)
		}
		send := func(e kiosk.Event) { v.noteSent(e); r.Send(e) }
		if v.screen, err = newScreen(fyne.CurrentApp(), p, first, send, o); err == nil {
			v.screen.window.Show()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	_, end := p.Start(t.Context(), first)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if v.hand, err = xwalk.Open(ctx, width, height); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		v.hand.Close()
		fyne.DoAndWait(v.screen.window.Close)
		if err := errors.Join(end(), p.Close()); err != nil {
			t.Error(err)
		}
		world.Close()
	})
	v.at(kiosk.StepWelcome)
	return v
}

func (v *visitor) recordFrame(f ui.Frame) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if f.State.Step != v.painted.Step {
		v.began = append(v.began, f.At)
	}
	v.painted = f.State
}

func (v *visitor) noteSent(e kiosk.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, ok := e.(kiosk.Confirm); ok {
		v.confirmed = append(v.confirmed, time.Now())
	}
}

// until waits until good reports true for the terminal's state.
func (v *visitor) until(what string, good func(kiosk.State) bool) kiosk.State {
	v.t.Helper()
	deadline := time.Now().Add(40 * time.Second)
	for {
		s := v.screen.shell.State()
		if good(s) {
			return s
		}
		if time.Now().After(deadline) {
			v.t.Fatalf(
				"timeout waiting for %s; the screen is %v, loading %v, warning %v, print %v, booking %v",
				what,
				s.Step,
				s.Loading,
				s.Warning,
				s.Booking.Print,
				s.Booking.Stage,
			)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// at waits until a screen is painted with its data and taps on it count.
func (v *visitor) at(step kiosk.Step) kiosk.State {
	v.t.Helper()
	there := func(s kiosk.State) bool { return s.Step == step && !s.Loading && !s.Warning }
	s := v.until("the screen "+step.String(), func(s kiosk.State) bool {
		v.mu.Lock()
		defer v.mu.Unlock()
		return there(s) && there(v.painted)
	})
	v.readable()
	return s
}

// find returns the centre of a target. An id that ends with a dot is a prefix and finds the first match.
func (v *visitor) find(id string) (x, y int) {
	v.t.Helper()
	var targets []ui.Target
	fyne.DoAndWait(func() { targets = v.screen.shell.Targets() })
	for _, t := range targets {
		if t.ID == id || strings.HasSuffix(id, ".") && strings.HasPrefix(t.ID, id) {
			return t.Middle()
		}
	}
	v.t.Fatalf("the screen %v has no target %q; targets: %v", v.screen.shell.State().Step, id, targets)
	return 0, 0
}

func (v *visitor) tapAt(x, y int) {
	v.t.Helper()
	if _, err := v.hand.Tap(v.t.Context(), x, y); err != nil {
		v.t.Fatal(err)
	}
}

// readable waits until taps count.
func (v *visitor) readable() {
	v.t.Helper()
	v.until("the moment from which taps count", func(kiosk.State) (ready bool) {
		fyne.DoAndWait(func() { ready = v.screen.shell.Ready() })
		return ready
	})
}

// tap waits until a target is there and taps count, and taps it.
func (v *visitor) tap(id string) {
	v.t.Helper()
	v.until("the target "+id, func(kiosk.State) (there bool) {
		fyne.DoAndWait(func() {
			there = v.screen.shell.Ready() && slices.ContainsFunc(v.screen.shell.Targets(), func(t ui.Target) bool {
				return t.ID == id || strings.HasSuffix(id, ".") && strings.HasPrefix(t.ID, id)
			})
		})
		return there
	})
	x, y := v.find(id)
	v.tapAt(x, y)
}

// step is the tap that leads from a screen to the next.
type step struct {
	from kiosk.Step
	tap  string
}

// way lists the steps of a visit.
var way = []step{
	{kiosk.StepWelcome, "start"},
	{kiosk.StepAge, "age.ADULT"},
	{kiosk.StepSpeciality, "speciality."},
	{kiosk.StepDoctor, "doctor."},
	{kiosk.StepTime, "cell."},
	{kiosk.StepCheck, "reserve"},
}

// walk goes from the current screen to the screen of a step.
func (v *visitor) walk(to kiosk.Step) kiosk.State {
	v.t.Helper()
	for _, w := range way {
		if s := v.screen.shell.State(); s.Step == w.from && w.from < to {
			v.at(w.from)
			v.tap(w.tap)
			v.until("the screen after "+w.from.String(), func(s kiosk.State) bool { return s.Step != w.from })
		}
	}
	return v.at(to)
}

// book goes to the check screen and taps «Забронировать».
func (v *visitor) book() {
	v.t.Helper()
	v.walk(kiosk.StepCheck)
	v.tap("reserve")
}

// refuse makes the registry refuse the next request with a code.
func (v *visitor) refuse(code string) {
	v.sim.AddFault(registrysim.Fault{Kind: registrysim.Refuse, Code: code})
}
