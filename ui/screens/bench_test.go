package screens

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
)

// BenchmarkDraw is what a tap costs before the toolkit paints: a state becomes a laid-out page.
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
