package widgets

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/ui/press"
)

// Glass knows which pages of a window are painted, and tells their buttons which presses count. It must be used on the
// screen's thread.
type Glass struct {
	Do     func(func())  // runs a function on the screen's thread, such as fyne.Do
	Strike time.Duration // see [press.Gate.Strike]

	gate  press.Gate
	frame int // of Watch, counted
}

// Watch takes the buttons of the page that is shown next. The returned object must be painted last and calls painted,
// if not nil, when the page is painted for the first time. For together see [press.Gate.Show].
func (g *Glass) Watch(page fyne.CanvasObject, together bool, painted func()) (last fyne.CanvasObject) {
	g.frame++
	g.gate.Strike = g.Strike
	var targets []press.Target
	Buttons(page, func(b *Button, at fyne.Position) {
		t := b.seen(at)
		targets = append(targets, t)
		b.Counts = func() bool { return g.gate.Counts(t) }
		act := b.OnTap
		b.OnTap = func() {
			g.gate.Acted(b.ID, time.Now())
			g.handle()
			g.later(g.Strike, g.handle)
			if act != nil {
				act()
			}
		}
	})
	g.gate.Show(targets, together)
	this, seen := g.frame, false
	dot := canvas.NewRaster(func(int, int) image.Image {
		if !seen {
			seen = true
			if painted != nil {
				painted()
			}
			g.Do(func() { g.painted(this) }) // runs after the frame, which is being painted now
		}
		return image.NewNRGBA(image.Rect(0, 0, 1, 1))
	})
	dot.Resize(fyne.NewSize(1, 1))
	return dot
}

// Forget makes the next page a new one, whatever it shows. It is called when something else was shown in between.
func (g *Glass) Forget() { g.gate.Show(nil, true) }

// Ready reports whether presses count on all buttons of the page.
func (g *Glass) Ready() bool { return g.gate.Ready() }

// poll is longer than the toolkit's time from one look for presses to the next.
const poll = 40 * time.Millisecond

// painted notes that a frame is on the glass.
func (g *Glass) painted(frame int) {
	if frame != g.frame || !g.gate.Painted(time.Now()) {
		return
	}
	g.later(press.Settle, g.handle)
}

// handle notes which presses are handled: those made until now, as soon as the toolkit has looked for presses again.
func (g *Glass) handle() {
	now := time.Now()
	g.later(poll, func() { g.gate.Handled(now) })
}

func (g *Glass) later(d time.Duration, f func()) { time.AfterFunc(d, func() { g.Do(f) }) }

// PressPoll is how often a redraw that waits for a finger to leave a button is tried again.
const PressPoll = 50 * time.Millisecond

// Touched reports whether a finger is on a button of an object.
func Touched(o fyne.CanvasObject) bool {
	touched := false
	Buttons(o, func(b *Button, _ fyne.Position) { touched = touched || b.Down() })
	return touched
}

// Buttons calls visit for each button of an object with the button's position in the object's parent.
func Buttons(o fyne.CanvasObject, visit func(*Button, fyne.Position)) {
	buttons(o, fyne.Position{}, visit)
}

func buttons(o fyne.CanvasObject, at fyne.Position, visit func(*Button, fyne.Position)) {
	at = at.Add(o.Position())
	switch o := o.(type) {
	case *Button:
		visit(o, at)
	case *fyne.Container:
		for _, child := range o.Objects {
			buttons(child, at, visit)
		}
	}
}
