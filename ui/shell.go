package ui

import (
	"image"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"infomat/kiosk"
	"infomat/kiosk/guide"
	"infomat/ui/screens"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// Options configure a Shell.
type Options struct {
	PanelMM    float32                           // width of the panel in millimetres
	Languages  []string                          // tags in the order of the language button
	Language   func(tag string) screens.Language // for a tag of Languages
	Guide      func() *guide.Guide               // the clinic's own knowledge; may be nil, and return nil
	Send       func(kiosk.Event)                 // must not block
	Painted    func(Frame)                       // called on the screen's thread when a page is first painted; may be nil
	Pane       func() (Pane, error)              // opens the countdown pane; nil while the window is hidden; may be nil
	Speaker    Speaker                           // reads pages aloud; may be nil
	Headphones bool                              // the Speaker is used only while headphones are plugged in
	Keypad     bool                              // the pages can be used without touch
	Strike     time.Duration                     // within which a tap on the same button counts once
	Log        *slog.Logger
}

// Pane is a small window on top of the shell's window that shows the countdown. The toolkit repaints the whole
// page when a single number changes; the pane avoids that for the countdown, which changes every second for
// minutes.
type Pane interface {
	Show(at image.Point, picture image.Image) error
	Hide() error
	Close() // removes it
}

// Frame describes a painted page.
type Frame struct {
	State kiosk.State
	At    time.Time
}

// Shell draws the content of a window.
type Shell struct {
	opts   Options
	window fyne.Window
	root   *fyne.Container
	glass  widgets.Glass

	// owned by the screen's thread
	state   kiosk.State
	page    screens.Page
	pages   screens.Pages
	size    fyne.Size
	changed time.Time // when the step last changed
	drawn   int       // pages drawn so far
	heard   []string  // texts read aloud of the page drawn last; nil: none
	asked   asked     // when heard was read
	plugged bool      // see Plugged
	pane    Pane
	noPane  bool // opening or using the pane failed; do not try again
	covered bool // see Cover
	keys    *widgets.Keys
	keyed   place // of the page drawn last

	mu      sync.Mutex
	latest  kiosk.State
	pending bool // a call of show is queued for the screen's thread
}

// NewShell sets the content of a window. The caller shows the window.
func NewShell(w fyne.Window, first kiosk.State, opts Options) *Shell {
	s := &Shell{opts: opts, window: w, state: first, latest: first, glass: widgets.Glass{Do: fyne.Do, Strike: opts.Strike}}
	if opts.Keypad {
		s.keys = &widgets.Keys{Used: func() { opts.Send(kiosk.Touch{}) }, Focused: s.sayFocus, Help: s.help}
	}
	s.root = container.New(s)
	w.SetPadded(false)
	w.SetContent(s.root)
	return s
}

// Watch sets the state to draw. It never blocks and is safe for concurrent use. States that arrive faster than
// they can be drawn are skipped.
func (s *Shell) Watch(st kiosk.State) {
	s.mu.Lock()
	s.latest = st
	waiting := s.pending
	s.pending = true
	s.mu.Unlock()
	if !waiting {
		fyne.Do(s.show) // without holding mu: some drivers call show immediately
	}
}

// SetPanel tells the width of the panel in millimetres when it has become another one, before the window's new size. It
// must be called on the screen's thread.
func (s *Shell) SetPanel(mm float32) { s.opts.PanelMM = mm }

// State returns the state last passed to Watch. It is safe for concurrent use.
func (s *Shell) State() kiosk.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.latest
}

// show draws the newest state.
func (s *Shell) show() {
	s.mu.Lock()
	st := s.latest
	s.pending = false
	s.mu.Unlock()
	before := s.state
	if st.Step == before.Step && st.Warning == before.Warning && widgets.Touched(s.root) && needsRedraw(before, st) {
		s.postpone()
		return
	}
	s.state = st
	if st.Step != before.Step || st.Warning != before.Warning || !reflect.DeepEqual(st.Booking, before.Booking) {
		s.pages.Sheet = nil // it would hide what is new
	}
	idle := st.Settings.Idle
	forgotten := s.pages.Sheet != nil && idle > 0 && time.Since(later(s.pages.Sheet.Opened, st.Touched)) > idle
	if forgotten { // also on the pages that wait for nobody's answer
		s.pages.Sheet = nil
	}
	if st.Step != before.Step || st.Warning != before.Warning {
		s.changed = time.Now()
		s.glass.Forget() // the next page may have the same targets
		if !st.Warning && !before.Warning {
			s.pages = screens.Pages{Before: s.pages.Before}
		}
	}
	if forgotten || needsRedraw(before, st) {
		s.draw()
		return
	}
	now := st.Overview.Told(time.Now())
	for _, live := range s.page.Live {
		live(now)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// postpone retries show later. While a finger is on a button, a redraw would replace the button and lose the tap.
// Pages of another step are not postponed.
func (s *Shell) postpone() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.pending {
		s.pending = true
		time.AfterFunc(widgets.PressPoll, func() { fyne.Do(s.show) })
	}
}

// needsRedraw reports whether the page has to be drawn again. If not, updating its Live parts is enough.
func needsRedraw(before, st kiosk.State) bool {
	if st.Warning || !st.Booking.WaitUntil.IsZero() {
		return true // the page counts seconds in a sentence
	}
	if before.Person != st.Person {
		return true
	}
	before.Person, st.Person = nil, nil // what it holds changes under its own lock; Visit.Keys tells when
	before.Touched, st.Touched = time.Time{}, time.Time{}
	before.Leaving, st.Leaving = nil, nil
	return !reflect.DeepEqual(before, st)
}

// draw replaces the page by one for the current state and size.
func (s *Shell) draw() {
	if s.size.Width == 0 {
		return
	}
	st := s.state
	s.drawn++
	env := screens.Env{
		Look:      theme.NewLook(s.size.Width, s.size.Height, s.opts.PanelMM, st.View),
		Lang:      s.opts.Language(st.View.Language),
		Language:  st.View.Language,
		Guide:     s.guide(),
		Languages: s.languages(),
		Now:       st.Overview.Told(time.Now()),
		Pages:     &s.pages,
		Send:      s.opts.Send,
		Redraw:    s.draw,
	}
	if s.voiced() {
		env.Speak = s.toggle
	}
	s.page = screens.Draw(env, st)
	screens.AddViewButton(env, s.page)
	s.attachRing()
	s.beat(s.drawn)
	s.page.Object.Resize(s.size)
	page := s.page.Object
	if s.page.Beside != nil {
		page = container.NewWithoutLayout(widgets.NewGround(s.size, s.page.Beside), page)
		page.Resize(s.size)
	}
	last := s.glass.Watch(page, true, func() {
		if s.opts.Painted != nil {
			s.opts.Painted(Frame{State: st, At: time.Now()})
		}
	})
	s.root.Objects = []fyne.CanvasObject{page, last}
	now := place{st.Step, st.Warning, s.pages.Sheet != nil}
	if s.keys != nil {
		s.root.Objects = []fyne.CanvasObject{page, s.keys.Watch(page, env.Look, now != s.keyed), last}
	}
	s.readAloud(now != s.keyed)
	s.keyed = now
	s.root.Refresh()
}

// guide returns the clinic's own knowledge; nil: there is none.
func (s *Shell) guide() *guide.Guide {
	if s.opts.Guide == nil {
		return nil
	}
	return s.opts.Guide()
}

// languages returns the names of Options.Languages.
func (s *Shell) languages() (all []screens.LanguageName) {
	for _, tag := range s.opts.Languages {
		all = append(all, screens.LanguageName{Tag: tag, Name: s.opts.Language(tag).Text("language.name", nil)})
	}
	return all
}

// Layout implements fyne.Layout. It draws the page for a new window size.
func (s *Shell) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size == s.size {
		return
	}
	s.size = size
	s.draw()
}

// MinSize implements fyne.Layout. It allows any window size.
func (s *Shell) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

// Target is a button of the page. Coordinates are pixels of the window.
type Target struct {
	ID         string
	X, Y, W, H float32
}

// Middle returns the centre of the button.
func (t Target) Middle() (x, y int) { return int(t.X + t.W/2), int(t.Y + t.H/2) }

// Targets returns the buttons of the page. It must be called on the screen's thread.
func (s *Shell) Targets() []Target {
	var all []Target
	s.buttons(func(b *widgets.Button, at fyne.Position) {
		if b.ID == "" {
			return // the ground
		}
		all = append(all, Target{ID: b.ID, X: at.X, Y: at.Y, W: b.Size().Width, H: b.Size().Height})
	})
	return all
}

// buttons calls visit for each button of the page with the button's position in the window.
func (s *Shell) buttons(visit func(*widgets.Button, fyne.Position)) { widgets.Buttons(s.root, visit) }

// Ready reports whether the newest state is on the glass and presses count on the whole page, which is so once it has
// been readable for a while. It must be called on the screen's thread.
func (s *Shell) Ready() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.pending && s.glass.Ready()
}
