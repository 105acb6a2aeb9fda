package widgets

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"infomat/ui/focus"
	"infomat/ui/press"
	"infomat/ui/theme"
)

// Keys lets the buttons of a page be used without touch: arrows move a focus, Select (Enter, Space) presses the
// button in focus and Back (Escape, Backspace) the one that leads back. A key presses as a finger does: it counts by
// [Glass] when it goes down and acts when it comes up, once, however often it is repeated in between. It must be used
// on the screen's thread.
type Keys struct {
	Used    func()            // called for each key that means something
	Focused func(says string) // called when a key has moved the focus to a button; may be nil
	Help    func()            // called for F1 and Menu; may be nil
	Back    func()            // called for Back on a page without a button that leads back; may be nil

	look    theme.Look
	focus   focus.Focus
	buttons map[string]*Button
	ring    *canvas.Rectangle
	halo    *canvas.Rectangle // sets the ring apart from what is in focus
	held    fyne.KeyName      // presses target; blank: none
	target  press.Target
}

// Watch takes the buttons of the page that is shown next; anew says that it is another page than before. The returned
// object, to be painted above the page, is the ring around the button in focus.
func (k *Keys) Watch(page fyne.CanvasObject, l theme.Look, anew bool) (ring fyne.CanvasObject) {
	k.look, k.buttons = l, map[string]*Button{}
	var targets []focus.Target
	Buttons(page, func(b *Button, at fyne.Position) {
		k.buttons[b.ID] = b
		targets = append(targets, focus.Target{Target: b.seen(at), Part: b.Part, Back: b.Back})
	})
	if anew {
		k.held = ""
	}
	k.focus.Show(targets, anew)
	k.ring, k.halo = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	k.ring.StrokeColor, k.halo.StrokeColor = l.Ink, l.Ground
	k.placeRing()
	return container.NewWithoutLayout(k.halo, k.ring)
}

// The ring: its width, how far it is outside the button, and the width of the halo inside it, in millimetres; and the
// least width in pixels (WCAG 2.2, 2.4.13: 2 CSS pixels). Further outside it would be over the texts between buttons.
const (
	ringMM, ringPixels = 1.3, 5
	ringOutMM          = 0.8
	haloMM, haloPixels = 1.1, 2
)

// placeRing puts the ring around the button in focus, and inside the panel.
func (k *Keys) placeRing() {
	l := k.look
	width, halo := max(ringPixels, l.MM(ringMM)), max(haloPixels, l.MM(haloMM))
	out := width * ringOutMM / ringMM
	t, ok := k.focus.At()
	k.ring.Hidden, k.halo.Hidden = !ok, !ok
	around := func(r *canvas.Rectangle, out, stroke float32) {
		x, y := max(0, t.X-out), max(0, t.Y-out)
		r.StrokeWidth, r.CornerRadius = stroke, min(l.MM(theme.CornerMM), t.H/2)+out
		place(r, Area{x, y, min(l.Width, t.X+t.W+out) - x, min(l.Height, t.Y+t.H+out) - y})
		r.Refresh()
	}
	around(k.halo, out, width+halo)
	around(k.ring, out, width)
}

// At returns the id of the button in focus. It is blank if there is none.
func (k *Keys) At() string {
	t, _ := k.focus.At()
	return t.ID
}

// Says returns what the button in focus says. It is blank if there is none.
func (k *Keys) Says() string {
	if b := k.buttons[k.At()]; b != nil {
		return b.Says
	}
	return ""
}

// Down handles a key that goes down. Repeats of a key that stays down are not handled.
func (k *Keys) Down(key fyne.KeyName, shift bool) {
	switch key {
	case fyne.KeyRight:
		k.move(focus.Next)
	case fyne.KeyLeft:
		k.move(focus.Previous)
	case fyne.KeyDown:
		k.move(focus.Down)
	case fyne.KeyUp:
		k.move(focus.Up)
	case fyne.KeyTab:
		k.move(map[bool]focus.Direction{false: focus.Next, true: focus.Previous}[shift])
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		t, ok := k.focus.At()
		k.press(key, t, ok)
	case fyne.KeyEscape, fyne.KeyBackspace:
		t, ok := k.focus.Find(func(t focus.Target) bool { return t.Back })
		k.press(key, t, ok)
		if !ok && k.Back != nil {
			k.Back()
		}
	case fyne.KeyF1, desktop.KeyMenu:
		k.Used()
		if k.Help != nil {
			k.Help()
		}
	default: // a key that means nothing
	}
}

// move moves the focus. A press that has not ended is none.
func (k *Keys) move(d focus.Direction) {
	if b := k.pressed(); b != nil {
		b.MouseUp(nil)
	}
	k.held = ""
	k.focus.Move(d)
	k.placeRing()
	k.Used()
	if b := k.buttons[k.At()]; b != nil && k.Focused != nil {
		k.Focused(b.Says)
	}
}

// press begins a press on a target, unless another key presses one.
func (k *Keys) press(key fyne.KeyName, t focus.Target, ok bool) {
	if k.held != "" {
		return
	}
	if b := k.buttons[t.ID]; ok && b != nil {
		b.MouseDown(nil)
		if !b.refused {
			k.held, k.target = key, t.Target
		}
	}
	k.Used()
}

// Up handles a key that comes up. It ends the press that the key has begun, if the target is still there as it was.
func (k *Keys) Up(key fyne.KeyName) {
	if k.held == "" || key != k.held {
		return
	}
	b := k.pressed()
	k.held = ""
	if b == nil {
		return
	}
	b.MouseUp(nil)
	b.Tapped(nil)
}

// pressed returns the button that a key presses.
func (k *Keys) pressed() *Button {
	if k.held == "" {
		return nil
	}
	t, ok := k.focus.Find(func(t focus.Target) bool { return t.Target == k.target })
	if !ok {
		return nil
	}
	return k.buttons[t.ID]
}

// Taken takes a key by its place on the keyboard before it means anything, and reports whether it means nothing else.
type Taken func(place int, down bool, at time.Time) bool

// Listen tells of the keys of a window. A key that stays down is one press, however often the display repeats it.
// Strikes of the same key that follow one another within a time are one press, too; see [press.Strikes]. Taken may be
// nil.
func Listen(
	c fyne.Canvas, strike time.Duration, taken Taken, down func(key fyne.KeyName, shift bool), up func(fyne.KeyName),
) {
	if taken == nil {
		taken = func(int, bool, time.Time) bool { return false }
	}
	window, ok := c.(desktop.Canvas)
	if !ok {
		return
	}
	strikes := press.Strikes{After: strike}
	window.SetOnKeyDown(func(e *fyne.KeyEvent) {
		if taken(e.Physical.ScanCode, true, time.Now()) {
			return
		}
		shift := false
		if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
			shift = d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
		}
		if strikes.Down(string(e.Name), time.Now()) {
			down(e.Name, shift)
		}
	})
	window.SetOnKeyUp(func(e *fyne.KeyEvent) {
		taken(e.Physical.ScanCode, false, time.Now())
		strikes.Up(string(e.Name), time.Now())
		up(e.Name)
	})
}
