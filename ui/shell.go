package ui

import (
	"image"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"infomat/kiosk"
	"infomat/ui/screens"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// settle is how long a screen does not listen after it has appeared: a finger that comes down now was meant for the
// screen before. Nobody reads and decides faster.
const settle = 200 * time.Millisecond

// Options are what the shell needs to know and whom it talks to.
type Options struct {
	PanelMM   float32                           // width of the panel in millimetres
	Languages []string                          // tags in the order of the language button
	Language  func(tag string) screens.Language // for a tag of Languages
	Send      func(kiosk.Event)                 // must not block
	Painted   func(Frame)                       // called on the screen's thread at a page's first drawing; may be nil
	Pane      func() (Pane, error)              // makes a pane on the window; gives nil as long as the window is not shown
	Speaker   Speaker                           // reads pages aloud; nil: nobody
	Log       *slog.Logger
}

// Pane is a small window on the shell's. The toolkit paints a whole page for one figure that changes; the countdown,
// which changes every second for minutes, is painted there instead.
type Pane interface {
	Show(at image.Point, picture image.Image) error
	Hide() error
}

// Speaker says texts aloud. Neither of its functions waits for the voice.
type Speaker interface {
	// Say says texts one after the other, and says nothing any more of what it was saying before.
	Say(language string, texts []string)
	// Stop falls silent.
	Stop()
}

// Frame says that a page was drawn.
type Frame struct {
	State kiosk.State
	At    time.Time
}

// Shell owns the window's content.
type Shell struct {
	opts   Options
	window fyne.Window
	root   *fyne.Container

	// owned by the screen's thread
	state   kiosk.State
	page    screens.Page
	pages   screens.Pages
	size    fyne.Size
	changed time.Time // when the step last changed
	drawn   int       // pages drawn so far
	said    string    // what was last read aloud
	pane    Pane
	noPane  bool // it was tried, and there is none
	covered bool // something else lies over the pages

	mu      sync.Mutex
	latest  kiosk.State
	pending bool // a redraw is on its way to the screen's thread
}

// NewShell fills a window. The window has to be shown by the caller.
func NewShell(w fyne.Window, first kiosk.State, opts Options) *Shell {
	s := &Shell{opts: opts, window: w, state: first, latest: first}
	s.root = container.New(s)
	w.SetPadded(false)
	w.SetContent(s.root)
	return s
}

// Watch takes the newest state from whatever goroutine it comes. It never blocks; states that come faster than they
// can be drawn are passed over.
func (s *Shell) Watch(st kiosk.State) {
	s.mu.Lock()
	s.latest = st
	waiting := s.pending
	s.pending = true
	s.mu.Unlock()
	if !waiting {
		fyne.Do(s.show) // outside the lock: some drivers run it on the spot
	}
}

// State is the newest state that the shell was told.
func (s *Shell) State() kiosk.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.latest
}

// show brings the newest state on the screen.
func (s *Shell) show() {
	s.mu.Lock()
	st := s.latest
	s.pending = false
	s.mu.Unlock()
	before := s.state
	if st.Step == before.Step && st.Warning == before.Warning && s.touched() && needsPage(before, st) {
		s.postpone()
		return
	}
	s.state = st
	if st.Step != before.Step || st.Warning != before.Warning {
		s.changed = time.Now()
		if !st.Warning && !before.Warning {
			s.pages = screens.Pages{}
		}
	}
	if needsPage(before, st) {
		s.draw()
		return
	}
	now := time.Now()
	for _, live := range s.page.Live {
		live(now)
	}
}

// whilePressed is how often a page that waits for a finger to be lifted is tried again.
const whilePressed = 50 * time.Millisecond

// postpone leaves the page as it is while a finger is on one of its buttons: drawn again, the button would not know of
// the press, and the tap would be lost. Another step is drawn at once.
func (s *Shell) postpone() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.pending {
		s.pending = true
		time.AfterFunc(whilePressed, func() { fyne.Do(s.show) })
	}
}

func (s *Shell) touched() bool {
	touched := false
	s.buttons(func(b *widgets.Button, _ fyne.Position) { touched = touched || b.Down() })
	return touched
}

// needsPage reports whether a new page has to be drawn, and not only what is alive on the present one.
func needsPage(before, st kiosk.State) bool {
	if st.Warning || !st.Booking.WaitUntil.IsZero() {
		return true // seconds are counted in a sentence
	}
	before.Touched, st.Touched = time.Time{}, time.Time{}
	before.Leaving, st.Leaving = nil, nil
	return !reflect.DeepEqual(before, st)
}

func (s *Shell) draw() {
	if s.size.Width == 0 {
		return
	}
	st := s.state
	s.drawn++
	env := screens.Env{
		Look:   theme.NewLook(s.size.Width, s.size.Height, s.opts.PanelMM, st.View),
		Lang:   s.opts.Language(st.View.Language),
		Next:   s.nextLanguage(st.View.Language),
		Now:    time.Now(),
		Pages:  &s.pages,
		Send:   s.send,
		Redraw: s.draw,
	}
	if s.opts.Speaker != nil {
		env.Speak = s.speak
	}
	s.page = screens.Draw(env, st)
	s.takeRing()
	s.beat(s.drawn)
	s.readAloud()
	s.page.Object.Resize(s.size)
	s.root.Objects = []fyne.CanvasObject{s.page.Object, s.probe(st)}
	s.root.Refresh()
}

// nextLanguage is what the language button leads to, so that one tap after the other goes through all languages.
func (s *Shell) nextLanguage(tag string) screens.NextLanguage {
	i := slices.Index(s.opts.Languages, tag)
	if i < 0 || len(s.opts.Languages) < 2 {
		return screens.NextLanguage{}
	}
	next := s.opts.Languages[(i+1)%len(s.opts.Languages)]
	return screens.NextLanguage{Tag: next, Name: s.opts.Language(next).Text("language.name", nil)}
}

// send passes a tap on, unless its screen has only just appeared.
func (s *Shell) send(e kiosk.Event) {
	if time.Since(s.changed) < settle {
		return
	}
	s.opts.Send(e)
}

// probe is a dot of the page's own ground whose texture is asked for when the page is painted for the first time:
// that is when a patient sees it.
func (s *Shell) probe(st kiosk.State) fyne.CanvasObject {
	seen := false
	dot := canvas.NewRaster(func(int, int) image.Image {
		if !seen && s.opts.Painted != nil {
			seen = true
			s.opts.Painted(Frame{State: st, At: time.Now()})
		}
		return image.NewNRGBA(image.Rect(0, 0, 1, 1))
	})
	dot.Resize(fyne.NewSize(1, 1))
	return dot
}

// Layout draws the page for the window's size.
func (s *Shell) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size == s.size {
		return
	}
	s.size = size
	s.draw()
}

// MinSize lets the window have any size.
func (s *Shell) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

// Target is a button on the page, in pixels of the window.
type Target struct {
	ID         string
	X, Y, W, H float32
}

// Middle is where a finger aims.
func (t Target) Middle() (x, y int) { return int(t.X + t.W/2), int(t.Y + t.H/2) }

// Targets lists the buttons of the page. It has to be called on the screen's thread.
func (s *Shell) Targets() []Target {
	var all []Target
	s.buttons(func(b *widgets.Button, at fyne.Position) {
		all = append(all, Target{ID: b.ID, X: at.X, Y: at.Y, W: b.Size().Width, H: b.Size().Height})
	})
	return all
}

// buttons calls visit for each button of the page with its place in the window.
func (s *Shell) buttons(visit func(*widgets.Button, fyne.Position)) {
	var look func(o fyne.CanvasObject, at fyne.Position)
	look = func(o fyne.CanvasObject, at fyne.Position) {
		at = at.Add(o.Position())
		switch o := o.(type) {
		case *widgets.Button:
			visit(o, at)
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child, at)
			}
		}
	}
	look(s.root, fyne.Position{})
}

// Capture is a picture of the window as it was drawn. It has to be called on the screen's thread.
func (s *Shell) Capture() image.Image { return s.window.Canvas().Capture() }
