package widgets

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

var (
	_ fyne.Widget       = (*Button)(nil)
	_ fyne.Tappable     = (*Button)(nil)
	_ desktop.Mouseable = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
)

// Button is an area that can be tapped. It shows the press at once and acts on release inside.
type Button struct {
	widget.BaseWidget
	ID      string // names the target for the walk and the tests: "nav.home", "cell.<guid>"
	OnTap   func()
	back    *canvas.Rectangle
	face    *fyne.Container
	fill    color.Color
	pressed color.Color
	down    time.Time // since when a finger is on it; zero: none
}

// longestPress is how long a press is believed: a drop of water on the glass presses for hours.
const longestPress = 3 * time.Second

// newButton makes a button of the rectangle behind it and the face drawn on it. Both are placed relative to the button.
func newButton(id string, back *canvas.Rectangle, pressed color.Color, face *fyne.Container, onTap func()) *Button {
	b := &Button{ID: id, OnTap: onTap, back: back, face: face, fill: back.FillColor, pressed: pressed}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer draws the face as it was laid out.
func (b *Button) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.face) }

// Tapped acts.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.OnTap != nil {
		b.OnTap()
	}
}

// Down tells whether a finger is on the button.
func (b *Button) Down() bool { return !b.down.IsZero() && time.Since(b.down) < longestPress }

// MouseDown shows that the finger was seen.
func (b *Button) MouseDown(*desktop.MouseEvent) {
	b.down = time.Now()
	b.paint(b.pressed)
}

// MouseUp takes the press back.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.lift() }

// MouseIn does nothing: fingers do not hover.
func (b *Button) MouseIn(*desktop.MouseEvent) {}

// MouseMoved does nothing.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut takes the press back when the finger slides off: its end will be told to whatever lies below it then.
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
