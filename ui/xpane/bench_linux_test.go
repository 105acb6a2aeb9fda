package xpane

import (
	"image"
	"testing"
)

// BenchmarkPixels converts a countdown as large as it gets on an upright panel of full HD.
func BenchmarkPixels(b *testing.B) {
	picture := image.NewNRGBA(image.Rect(0, 0, 363, 363))
	b.ReportAllocs()
	for b.Loop() {
		pixels(picture)
	}
}
