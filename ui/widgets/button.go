package widgets

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"infomat/ui/focus"
	"infomat/ui/press"
)

var (
	_ fyne.Widget       = (*Button)(nil)
	_ fyne.Tappable     = (*Button)(nil)
	_ desktop.Mouseable = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
)

// Button is an area that can be tapped. It shows a press that counts at once and calls OnTap on release inside. A press
// that does not count leaves it as it is: a mark would look like a choice.
type Button struct {
	widget.BaseWidget
	ID      string     // identifies the button for the walk and the tests: "nav.home", "cell.<guid>"
	Says    string     // its texts, a line each
	Part    focus.Part // of the page
	Back    bool       // leads to the page before
	OnTap   func()
	Counts  func() bool // reports whether a press made now counts; nil: each does
	back    *canvas.Rectangle
	face    *fyne.Container
	fill    color.Color
	pressed color.Color
	down    time.Time // start of the press; zero when the button is not pressed
	refused bool      // the last press did not count
}

// longestPress is the longest press that is taken for a finger: a drop of water on the panel presses for hours.
const longestPress = 3 * time.Second

// newButton returns a button made of a background rectangle and the face on it, both placed relative to the button.
func newButton(t Target, back *canvas.Rectangle, pressed color.Color, face *fyne.Container) *Button {
	b := &Button{
		ID: t.ID, Says: t.Says, Part: t.Part, Back: t.Back, OnTap: t.OnTap, back: back, face: face, fill: back.FillColor, pressed: pressed,
	}
	b.ExtendBaseWidget(b)
	return b
}

// NewGround returns an invisible button without a name, for what is beside the buttons of a page.
func NewGround(size fyne.Size, onTap func()) *Button {
	back := canvas.NewRectangle(color.Transparent)
	back.Resize(size)
	b := newButton(Target{OnTap: onTap}, back, color.Transparent, container.NewWithoutLayout(back))
	b.Resize(size)
	return b
}

// seen returns the button as a person sees it at a position of the page.
func (b *Button) seen(at fyne.Position) press.Target {
	size := b.Size()
	return press.Target{ID: b.ID, Says: b.Says, X: at.X, Y: at.Y, W: size.Width, H: size.Height}
}

// CreateRenderer implements fyne.Widget. It draws the face as it was laid out.
func (b *Button) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.face) }

// Tapped implements fyne.Tappable. It calls OnTap if the press counted.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.OnTap != nil && !b.refused {
		b.OnTap()
	}
}

// Down reports whether a finger is on the button.
func (b *Button) Down() bool { return !b.down.IsZero() && time.Since(b.down) < longestPress }

// MouseDown implements desktop.Mouseable. It shows the press, if it counts.
func (b *Button) MouseDown(*desktop.MouseEvent) {
	b.refused = b.Counts != nil && !b.Counts()
	if b.refused {
		return
	}
	b.down = time.Now()
	b.paint(b.pressed)
}

// MouseUp implements desktop.Mouseable. It ends the press.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.lift() }

// MouseIn implements desktop.Hoverable. It does nothing: fingers do not hover.
func (b *Button) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable. It does nothing.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable. It ends the press when the finger slides off, because the release is then
// reported to the object below the finger and not to the button.
func (b *Button) MouseOut() { b.lift() }

func (b *Button) lift() {
	if b.down.IsZero() {
		return
	}
	b.down = time.Time{}
	b.paint(b.fill)
}

func (b *Button) paint(c color.Color) {
	b.back.FillColor = c
	b.back.Refresh()
}
