package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

var (
	_ fyne.Widget       = (*Button)(nil)
	_ fyne.Tappable     = (*Button)(nil)
	_ desktop.Mouseable = (*Button)(nil)
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
}

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

// MouseDown shows that the finger was seen.
func (b *Button) MouseDown(*desktop.MouseEvent) { b.paint(b.pressed) }

// MouseUp takes the press back.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.paint(b.fill) }

func (b *Button) paint(c color.Color) {
	b.back.FillColor = c
	b.back.Refresh()
}
