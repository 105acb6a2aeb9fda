package service

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// The gesture: so many taps on the upper left corner, where the clinic's name stands, within so long. A patient has
// no reason to tap there.
const (
	cornerTaps   = 5
	cornerWithin = 4 * time.Second
	cornerMM     = 45 // width of the corner; its height is half of it
)

// corner is the place of the gesture: nothing to see, and nothing that a tap does by itself.
type corner struct {
	panelMM float32
	spot    *spot
}

func newCorner(panelMM float32, open func()) *corner {
	s := &spot{open: open}
	s.ExtendBaseWidget(s)
	return &corner{panelMM: panelMM, spot: s}
}

// Layout puts the spot into the corner.
func (c *corner) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	w := cornerMM * size.Width / c.panelMM
	c.spot.Move(fyne.NewPos(0, 0))
	c.spot.Resize(fyne.NewSize(w, w/2))
}

// MinSize lets the window have any size.
func (c *corner) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

// spot counts taps.
type spot struct {
	widget.BaseWidget
	open func()
	taps []time.Time
}

// CreateRenderer draws nothing.
func (s *spot) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// Tapped counts, and opens at the fifth tap of four seconds.
func (s *spot) Tapped(*fyne.PointEvent) {
	now := time.Now()
	s.taps = append(s.taps, now)
	for len(s.taps) > 0 && now.Sub(s.taps[0]) > cornerWithin {
		s.taps = s.taps[1:]
	}
	if len(s.taps) >= cornerTaps {
		s.taps = nil
		s.open()
	}
}
