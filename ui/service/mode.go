package service

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"infomat/kiosk"
	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/kiosk/pin"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// How long the mode stays when nobody touches the screen.
const (
	idleAfter   = 5 * time.Minute
	keypadAfter = time.Minute
)

// closer is how much smaller everything is drawn than for a patient: a technician stands close to the panel, and
// needs more on a page.
const closer = 1.55

// Language returns texts by their id.
type Language interface {
	Text(id string, data map[string]any) string
	Plural(id string, n int, data map[string]any) string
}

// Options are what the mode needs.
type Options struct {
	PanelMM  float32 // width of the panel in millimetres
	Lang     Language
	Lock     *pin.Lock
	Terminal desk.Terminal
	Do       func(func())    // runs something on the screen's thread: fyne.Do
	Opened   func(open bool) // called on the screen's thread when the mode opens or closes; may be nil
}

// Mode is the diagnostics mode over one window. Its methods are called on the screen's thread.
type Mode struct {
	opts    Options
	window  fyne.Window
	patient fyne.CanvasObject // what the window shows otherwise
	root    *fyne.Container
	size    fyne.Size
	corner  *corner

	ctx     context.Context // of what the open mode has begun; ended when it is left
	cancel  context.CancelFunc
	work    sync.WaitGroup
	open    bool
	page    page
	from    []int // the first line of each page of a long list, up to the present one
	idle    *time.Timer
	tick    *time.Timer
	targets []Target

	keypad   keypad
	checks   checksPage
	printer  printerPage
	journal  journalPage
	settings settingsPage
	desk     deskPage
	report   reportPage
	touch    touchPage
	display  displayPage
	judged   map[health.Part]health.Finding // what the technician said last, by what he said it of
	facts    []desk.Fact
}

// page is one of the mode's pages. Title is service.page.<id>.
type page struct {
	id    string
	draw  func(m *Mode, s *sheet)
	enter func(m *Mode) // may be nil
	bare  bool          // the page draws the whole screen by itself
	back  string        // id of the page that «Назад» leads to; blank: the menu
}

// Attach lays the mode over a window that has its content. From then on the gesture, or F12, opens it.
func Attach(w fyne.Window, o Options) *Mode {
	m := &Mode{opts: o, window: w}
	m.root = container.New(m)
	m.corner = newCorner(o.PanelMM, m.ask)
	m.patient = container.NewStack(w.Content(), container.New(m.corner, m.corner.spot))
	w.SetContent(m.patient)
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyF12 {
			m.ask()
		}
	})
	return m
}

// ask opens the keypad.
func (m *Mode) ask() {
	if m.open {
		return
	}
	m.open = true
	m.ctx, m.cancel = context.WithCancel(context.Background())
	m.window.SetContent(m.root)
	if m.opts.Opened != nil {
		m.opts.Opened(true)
	}
	m.keypad, m.checks, m.printer, m.journal = keypad{}, checksPage{}, printerPage{}, journalPage{}
	m.settings, m.desk, m.report = settingsPage{}, deskPage{}, reportPage{}
	m.judged = map[health.Part]health.Finding{}
	m.show(idKeypad)
}

// Close leaves the mode: the patient's screens are shown again, and a trial of a setting is undone.
func (m *Mode) Close() {
	if !m.open {
		return
	}
	m.open = false
	m.settings.leave(m)
	m.cancel()
	m.stopTimers()
	m.page, m.targets = page{}, nil
	m.root.Objects = nil
	m.window.SetContent(m.patient)
	if m.opts.Opened != nil {
		m.opts.Opened(false)
	}
}

// End ends what the mode has begun and waits for it. It is called when the window is gone.
func (m *Mode) End() {
	if m.open {
		m.open = false
		m.settings.leave(m)
		m.cancel()
		m.stopTimers()
	}
	m.work.Wait()
}

// Open reports whether the mode covers the patient's screens.
func (m *Mode) Open() bool { return m.open }

// Page is the id of the page that is shown; blank: the mode is not open.
func (m *Mode) Page() string { return m.page.id }

func (m *Mode) stopTimers() {
	for _, t := range []*time.Timer{m.idle, m.tick} {
		if t != nil {
			t.Stop()
		}
	}
	m.idle, m.tick = nil, nil
}

// touched begins the time again after which the mode is left by itself.
func (m *Mode) touched() {
	if m.idle != nil {
		m.idle.Stop()
	}
	after := idleAfter
	if m.page.id == idKeypad {
		after = keypadAfter
	}
	m.idle = time.AfterFunc(after, func() { m.opts.Do(m.Close) })
}

// show turns to the page of an id.
func (m *Mode) show(id string) {
	p := pages[id]
	m.page, m.from = p, []int{0}
	if p.enter != nil {
		p.enter(m)
	}
	m.touched()
	m.draw()
}

// again draws the page in a second from now, for what changes with time.
func (m *Mode) again() {
	if m.tick != nil {
		m.tick.Stop()
	}
	m.tick = time.AfterFunc(time.Second, func() {
		m.opts.Do(func() {
			if m.open {
				m.draw()
			}
		})
	})
}

// begin runs something that takes time beside the screen, and then its result on the screen's thread. What comes
// after the mode was left is dropped.
func (m *Mode) begin(work func(ctx context.Context) (result func())) {
	ctx := m.ctx
	m.work.Go(func() {
		result := work(ctx)
		m.opts.Do(func() { m.apply(ctx, result) })
	})
}

// tell brings something that is not the end of the work on the screen, from the goroutine of the work.
func (m *Mode) tell(ctx context.Context, change func()) { m.opts.Do(func() { m.apply(ctx, change) }) }

func (m *Mode) apply(ctx context.Context, change func()) {
	if ctx.Err() != nil || !m.open {
		return
	}
	if change != nil {
		change()
	}
	m.draw()
}

// draw draws the page.
func (m *Mode) draw() {
	if m.size.Width == 0 || !m.open || m.page.draw == nil {
		return
	}
	l := theme.NewLook(m.size.Width, m.size.Height, m.opts.PanelMM*closer, kiosk.View{})
	s := newSheet(m, l)
	m.targets = nil
	s.Box(widgets.Area{X: 0, Y: 0, W: l.Width, H: l.Height}, l.Ground, nil).CornerRadius = 0
	if !m.page.bare {
		s.frame(m)
	}
	m.page.draw(m, s)
	o := s.Object()
	o.Resize(m.size)
	m.root.Objects = []fyne.CanvasObject{o}
	m.root.Refresh()
}

// Layout draws the page for the window's size.
func (m *Mode) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size == m.size {
		return
	}
	m.size = size
	m.draw()
}

// MinSize lets the window have any size.
func (m *Mode) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

func (m *Mode) t(id string) string { return m.opts.Lang.Text("service."+id, nil) }

func (m *Mode) say(id string, data map[string]any) string {
	return m.opts.Lang.Text("service."+id, data)
}
