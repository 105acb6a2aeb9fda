package screens

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
)

// TestReserveIsWhereNothingWasBefore checks that «Забронировать» is where no target of a page before it is: a tap too
// many there hits nothing.
func TestReserveIsWhereNothingWasBefore(t *testing.T) {
	test.NewTempApp(t)
	for _, tag := range []string{"ru", "en"} {
		for _, g := range [][2]int{
			{1080, 1920}, {2160, 3840}, {1920, 1080}, {1366, 768}, {1280, 1024}, {1280, 800}, {1024, 768}, {800, 600},
		} {
			for _, v := range viewsOf(tag) {
				if v.Contrast != kiosk.ContrastCalm { // does not change places
					continue
				}
				if v.Aloud && (v.Text == kiosk.TextExtra || v.Low) {
					continue // the foot has so many rows that nothing else fits beside it
				}
				env := envOf(t, g, v)
				all := states(v)
				acts := targetsOf(env, all["check"], "reserve")
				for _, before := range targetsOf(withSheet(env), all["check"], "") {
					pages := v.Low && v.Text == kiosk.TextExtra // the settings are drawn in another text size
					if !pages && before.overlaps(acts[0], 0) {
						t.Errorf("%s: reserve is where %s of the settings of the view is", variant(g, v), before.what)
					}
				}
				for _, name := range []string{"sixty cells", "any doctor", "taken", "idle"} {
					for page := range 2 {
						env.Pages = &Pages{List: page}
						for _, before := range targetsOf(env, all[name], "") {
							if before.overlaps(acts[0], 0) {
								t.Errorf("%s: %s is where %s of %s is", variant(g, v), acts[0].what, before.what, name)
							}
						}
					}
				}
			}
		}
	}
}

// TestDoneStaysWhenThePrintEnds checks that «Готово» neither moves nor makes room for a button that prints.
func TestDoneStaysWhenThePrintEnds(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range geometries {
		for _, v := range []kiosk.View{{}, {Text: kiosk.TextLarge}, {Low: true}} {
			v.Language = "ru"
			env, all := envOf(t, g, v), states(v)
			for _, page := range []string{"ticket", "unconfirmed"} {
				before := targetsOf(env, all[fmt.Sprint(page, ", print ", kiosk.PrintRunning)], "nav.home")
				if len(targetsOf(env, all[fmt.Sprint(page, ", print ", kiosk.PrintRunning)], "copy")) != 0 {
					t.Errorf("%s, %s: a button that does nothing while a print is in progress", variant(g, v), page)
				}
				after := all[fmt.Sprint(page, ", print ", kiosk.PrintDone)]
				if home := targetsOf(env, after, "nav.home"); home[0] != before[0] {
					t.Errorf("%s, %s: «Готово» moves from %v to %v", variant(g, v), page, before[0], home[0])
				}
				if copies := targetsOf(env, after, "copy"); copies[0].overlaps(before[0], 0) {
					t.Errorf("%s, %s: the copy is where «Готово» was", variant(g, v), page)
				}
			}
		}
	}
}

// targetsOf returns the targets of a page, or the one with the given id.
func targetsOf(env Env, s kiosk.State, id string) (found []element) {
	page := Draw(env, s)
	look := env.Look
	look.Text = page.Text
	for _, x := range inspect(page.Object, look, env.Lang).targets {
		if id == "" || x.what == id {
			found = append(found, x)
		}
	}
	return found
}
