package screens

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// TestWhatRecursKeepsItsOrder checks that the buttons of many pages stand in one order on all of them (WCAG 2.2, 3.2.3
// and 3.2.6). A patient who changes the view may change the order.
func TestWhatRecursKeepsItsOrder(t *testing.T) {
	test.NewTempApp(t)
	recur := []string{"view.open", "speech.repeat", "nav.back", "nav.home"}
	for _, g := range geometries {
		for _, v := range []kiosk.View{{}, {Aloud: true}, {Low: true, Aloud: true, Text: kiosk.TextLarge}} {
			v.Language = "ru"
			env := envOf(t, g, v)
			first := map[[2]string]string{} // the page on which one of two buttons was first seen before the other
			for name, s := range states(v) {
				env.Pages = &Pages{}
				page := Draw(env, s)
				AddViewButton(env, page)
				places := map[string]element{}
				widgets.Buttons(page.Object, func(b *widgets.Button, at fyne.Position) {
					places[b.ID] = element{b.ID, at.X, at.Y, b.Size().Width, b.Size().Height}
				})
				for i, a := range recur {
					for _, b := range recur[i+1:] {
						one, other := places[a], places[b]
						if one.what == "" || other.what == "" {
							continue
						}
						order := [2]string{a, b}
						above, below := other.y+other.h <= one.y, one.y+one.h <= other.y
						if above || !below && other.x < one.x {
							order = [2]string{b, a}
						}
						if first[order] == "" {
							first[order] = name
						}
						if page := first[[2]string{order[1], order[0]}]; page != "" {
							t.Errorf("%s: %s is before %s on %q, not on %q", variant(g, v), order[0], order[1], name, page)
						}
					}
				}
			}
		}
	}
}
