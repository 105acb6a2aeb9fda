package service

import (
	"context"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"infomat/kiosk"
	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/kiosk/pin"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// The mode closes after this time without a touch: idleAfter on the pages, keypadAfter on the keypad.
const (
	idleAfter   = 5 * time.Minute
	keypadAfter = time.Minute
)

// technicianScale divides all sizes: a technician stands close to the panel and needs more content on a page than
// a patient.
const technicianScale = 1.55

// Language returns texts by id.
type Language interface {
	Text(id string, data map[string]any) string
	Plural(id string, n int, data map[string]any) string
}

// Options configure a Mode.
type Options struct {
	PanelMM  float32 // width of the panel in millimetres
	Lang     Language
	Lock     *pin.Lock
	Terminal desk.Terminal
	Do       func(func())    // runs a function on the screen's thread, such as fyne.Do
	Opened   func(open bool) // called on the screen's thread when the mode opens or closes; may be nil

	// Keys returns what the window's keys do while the mode is closed. Nil if the site has no keypad: then the pages of
	// the mode cannot be used without touch either.
	Keys func() *widgets.Keys

	// Taken takes the keys of a scanner that types; nil: there is none.
	Taken widgets.Taken

	// Strike is the time within which the same key or button counts once. A digit of the PIN that a trembling hand
	// doubles would cost one of a few attempts; one that was not taken is missing on the screen, and costs nothing.
	Strike time.Duration
}

// Mode is the diagnostics mode of a window. Its methods must be called on the screen's thread.
type Mode struct {
	opts    Options
	window  fyne.Window
	patient fyne.CanvasObject // content of the window while the mode is closed
	root    *fyne.Container
	size    fyne.Size
	corner  *corner
	glass   widgets.Glass
	keys    *widgets.Keys // nil without Options.Keys
	anew    bool          // the page was not drawn yet

	ctx    context.Context // for the work that start begins; cancelled when the mode closes
	cancel context.CancelFunc
	work   sync.WaitGroup
	open   bool
	page   page
	leave  context.CancelFunc // ends the work that belongs to the current page alone
	from   []int              // first line of each page of a long list, up to the current page
	idle   *time.Timer
	tick   *time.Timer
	clock  *canvas.Text // nil on a page without one
	wound  *time.Timer  // looks at the clock

	keypad   keypad
	checks   checksPage
	printer  printerPage
	scanner  scannerPage
	journal  journalPage
	settings settingsPage
	desk     deskPage
	report   reportPage
	touch    touchPage
	display  displayPage
	judged   map[health.Part]health.Finding // the technician's last judgements by part
	facts    []desk.Fact
}

// page is a page of the mode. Its title is the text service.page.<id>.
type page struct {
	id         string
	draw       func(m *Mode, s *sheet)
	enter      func(m *Mode) // called when the page is opened; may be nil
	fullScreen bool          // the page has no title, clock and foot
	back       string        // id of the page that the back button opens; blank means the menu
}

// Attach adds the mode to a window that has its content. The gesture or the key F12 opens it. On the keypad the digits
// of a keyboard count as well.
func Attach(w fyne.Window, o Options) *Mode {
	m := &Mode{opts: o, window: w, glass: widgets.Glass{Do: o.Do, Strike: o.Strike}, leave: func() {}}
	m.root = container.New(m)
	m.corner = newCorner(o.PanelMM, m.openKeypad)
	m.patient = container.NewStack(w.Content(), container.New(m.corner, m.corner.spot))
	w.SetContent(m.patient)
	if o.Keys != nil {
		m.keys = &widgets.Keys{Used: m.touched, Back: m.backAlone}
	}
	widgets.Listen(w.Canvas(), o.Strike, o.Taken, m.keyDown, m.keyUp)
	return m
}

// keyDown handles a key of the window that goes down.
func (m *Mode) keyDown(key fyne.KeyName, shift bool) {
	if k := m.Listening(); k != nil {
		k.Down(key, shift)
	}
	if key == fyne.KeyF12 {
		m.openKeypad()
		return
	}
	m.typed(key)
}

// keyUp handles a key of the window that comes up.
func (m *Mode) keyUp(key fyne.KeyName) {
	if k := m.Listening(); k != nil {
		k.Up(key)
	}
}

// SetPanel tells the width of the panel in millimetres when it has become another one, before the window's new size.
func (m *Mode) SetPanel(mm float32) { m.opts.PanelMM, m.corner.panelMM = mm, mm }

// openKeypad opens the mode with the keypad. It does nothing if the mode is open.
func (m *Mode) openKeypad() {
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
	m.wind()
}

// Close closes the mode and shows the patient's screens again. A setting on trial is undone.
func (m *Mode) Close() {
	if !m.open {
		return
	}
	m.open = false
	m.settings.undoTrial(m)
	m.cancel()
	m.stopTimers()
	m.page = page{}
	m.root.Objects = nil
	m.window.SetContent(m.patient)
	if m.opts.Opened != nil {
		m.opts.Opened(false)
	}
}

// End closes the mode and waits for all work that it started. It is called after the window has closed.
func (m *Mode) End() {
	if m.open {
		m.open = false
		m.settings.undoTrial(m)
		m.cancel()
		m.stopTimers()
	}
	m.work.Wait()
}

// Listening returns what the window's keys do now; nil if the site has no keypad.
func (m *Mode) Listening() *widgets.Keys {
	if m.open || m.opts.Keys == nil {
		return m.keys
	}
	return m.opts.Keys()
}

// backAlone leads back from a page that has no room for a button.
func (m *Mode) backAlone() {
	if m.page.fullScreen {
		m.back()
	}
}

// Open reports whether the mode is open.
func (m *Mode) Open() bool { return m.open }

// Ready reports whether presses count on all buttons of the page.
func (m *Mode) Ready() bool { return m.glass.Ready() }

// Page returns the id of the current page. It is blank if the mode is closed.
func (m *Mode) Page() string { return m.page.id }

func (m *Mode) stopTimers() {
	for _, t := range []*time.Timer{m.idle, m.tick, m.wound} {
		if t != nil {
			t.Stop()
		}
	}
	m.idle, m.tick, m.wound = nil, nil, nil
}

// touched restarts the timer that closes the mode.
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

// show opens the page with the given id.
func (m *Mode) show(id string) {
	p := pages[id]
	m.leave()
	m.page, m.from, m.anew = p, []int{0}, true
	m.glass.Forget()
	if p.enter != nil {
		p.enter(m)
	}
	m.touched()
	m.draw()
}

// start runs work in a goroutine, and then the function that work returns on the screen's thread. The result is
// dropped if the mode has closed meanwhile.
func (m *Mode) start(work func(ctx context.Context) (result func())) {
	ctx := m.ctx
	m.work.Go(func() {
		result := work(ctx)
		m.opts.Do(func() { m.apply(ctx, result) })
	})
}

// whileShown runs work in a goroutine. Its context ends when the page is left.
func (m *Mode) whileShown(work func(ctx context.Context)) {
	ctx, leave := context.WithCancel(m.ctx)
	m.leave = leave
	m.work.Go(func() { work(ctx) })
}

// update runs change on the screen's thread. It is called by work in progress and is safe for concurrent use.
func (m *Mode) update(ctx context.Context, change func()) { m.opts.Do(func() { m.apply(ctx, change) }) }

// apply runs change and redraws the page, unless the mode has closed since ctx was created.
func (m *Mode) apply(ctx context.Context, change func()) {
	if ctx.Err() != nil || !m.open {
		return
	}
	if change != nil {
		change()
	}
	m.redraw()
}

// draw draws the current page.
func (m *Mode) draw() {
	if m.size.Width == 0 || !m.open || m.page.draw == nil {
		return
	}
	l := theme.NewLook(m.size.Width, m.size.Height, m.opts.PanelMM*technicianScale, kiosk.View{})
	s := newSheet(m, l)
	s.Box(widgets.Area{X: 0, Y: 0, W: l.Width, H: l.Height}, l.Ground, nil).CornerRadius = 0
	m.clock = nil
	if !m.page.fullScreen {
		s.frame(m)
	}
	m.page.draw(m, s)
	o := s.Object()
	o.Resize(m.size)
	m.root.Objects = []fyne.CanvasObject{o, m.glass.Watch(o, false, nil)}
	if m.keys != nil {
		m.root.Objects = slices.Insert(m.root.Objects, 1, m.keys.Watch(o, l, m.anew))
	}
	m.anew = false
	m.root.Refresh()
}

// Layout implements fyne.Layout. It draws the page for a new window size.
func (m *Mode) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size == m.size {
		return
	}
	m.size = size
	m.draw()
}

// MinSize implements fyne.Layout. It allows any window size.
func (m *Mode) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

// t returns a text of the table service.
func (m *Mode) t(id string) string { return m.opts.Lang.Text("service."+id, nil) }

// say returns a text of the table service with data filled in.
func (m *Mode) say(id string, data map[string]any) string {
	return m.opts.Lang.Text("service."+id, data)
}
