package service

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// The gesture that opens the mode: cornerTaps taps within cornerTime on the upper left corner, where the clinic's
// name is. Patients have no reason to tap there.
const (
	cornerTaps = 5
	cornerTime = 4 * time.Second
	cornerMM   = 45 // width of the corner; its height is half of it
)

// corner lays out the invisible area that detects the gesture.
type corner struct {
	panelMM float32
	spot    *spot
}

func newCorner(panelMM float32, open func()) *corner {
	s := &spot{open: open}
	s.ExtendBaseWidget(s)
	return &corner{panelMM: panelMM, spot: s}
}

// Layout implements fyne.Layout. It places the area in the corner.
func (c *corner) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	w := cornerMM * size.Width / c.panelMM
	c.spot.Move(fyne.NewPos(0, 0))
	c.spot.Resize(fyne.NewSize(w, w/2))
}

// MinSize implements fyne.Layout. It allows any window size.
func (c *corner) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

// spot is an invisible widget that counts taps and calls open.
type spot struct {
	widget.BaseWidget
	open func()
	taps []time.Time
}

// CreateRenderer implements fyne.Widget. It draws nothing.
func (s *spot) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// Tapped implements fyne.Tappable. It calls open after cornerTaps taps within cornerTime.
func (s *spot) Tapped(*fyne.PointEvent) {
	now := time.Now()
	s.taps = append(s.taps, now)
	for len(s.taps) > 0 && now.Sub(s.taps[0]) > cornerTime {
		s.taps = s.taps[1:]
	}
	if len(s.taps) >= cornerTaps {
		s.taps = nil
		s.open()
	}
}
