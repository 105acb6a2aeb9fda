package dots

import (
	"image"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// inkOf returns where a character has dots, relative to its cell, when it is drawn on a sheet without edges.
func inkOf(r rune, f Face) (ink image.Rectangle, ok bool) {
	grey := image.NewAlpha(image.Rect(-f.Width, -f.Height, 2*f.Width, 2*f.Height))
	drawing.Lock()
	defer drawing.Unlock()
	d := font.Drawer{Dst: grey, Src: image.Opaque, Face: faceOf(f), Dot: fixed.P(0, f.Height*19/24)}
	d.DrawString(string(r))
	for y := grey.Rect.Min.Y; y < grey.Rect.Max.Y; y++ {
		for x := grey.Rect.Min.X; x < grey.Rect.Max.X; x++ {
			if grey.AlphaAt(x, y).A >= threshold {
				ink = ink.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return ink, !ink.Empty()
}
