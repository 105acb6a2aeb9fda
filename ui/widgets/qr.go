package widgets

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2/canvas"
	"github.com/boombuler/barcode/qr"
)

// quiet is the width of the white border that a QR reader needs, in modules (ISO/IEC 18004 §9.1).
const quiet = 4

// QR draws a QR code as large as fits into the area. It is black on white in every contrast mode, because cameras
// expect that, and a module is a whole number of pixels. If content is too long for a QR code, QR draws nothing and
// marks the sheet as broken.
func (s *Sheet) QR(a Area, content string) {
	code, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		s.broken = true
		return
	}
	modules := code.Bounds().Dx() + 2*quiet
	scale := int(min(a.W, a.H)) / modules
	picture := image.NewGray(image.Rect(0, 0, modules*scale, modules*scale))
	for y := range modules * scale {
		for x := range modules * scale {
			at := image.Pt(x/scale-quiet, y/scale-quiet)
			if !at.In(code.Bounds()) || code.At(at.X, at.Y) == color.White {
				picture.SetGray(x, y, color.Gray{Y: 0xFF})
			}
		}
	}
	side := float32(modules * scale)
	i := canvas.NewImageFromImage(picture)
	i.ScaleMode = canvas.ImageScalePixels
	place(i, Area{a.X + (a.W-side)/2, a.Y + (a.H-side)/2, side, side})
	s.Add(i)
}
