package screens

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
)

// BenchmarkDraw measures how long it takes to lay out a page for a state. Painting by the toolkit is not included.
func BenchmarkDraw(b *testing.B) {
	test.NewTempApp(b)
	g, v := geometries[0], kiosk.View{Language: "ru"}
	env, all := envOf(b, g, v), states(v)
	for _, name := range []string{
		"welcome", "age", "16 specialities", "80 specialities", "16 doctors", "120 cells", "check", "ticket, print 4",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Draw(env, all[name])
			}
		})
	}
}
