package screens

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// doubled are the panels on which text of twice the normal size can be chosen.
var doubled = [][2]int{{1080, 1920}, {1920, 1080}, {1280, 1024}, {2160, 3840}}

// TestDoubleIsNeverLess draws every state in text of twice the normal size (WCAG 2.2, 1.4.4). No page falls back to a
// smaller one: what has no room is turned. Only in the low mode of a wide panel, half of which is out of reach, choices
// of a doctor and of a time may be one step smaller; and so may the pages with a keypad, whose number is as wide as the
// panel.
func TestDoubleIsNeverLess(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range geometries {
		v := kiosk.View{Language: "ru", Text: kiosk.TextDouble}
		want := slices.Contains(doubled, g)
		if got := envOf(t, g, v).Look.MostText() == kiosk.TextDouble; got != want {
			t.Errorf("%v: text of twice the normal size can be chosen: %v", g, got)
		}
		for _, v.Low = range []bool{false, true} {
			for name, s := range states(v) {
				if !want {
					break
				}
				mayBeLess := typed(s) || v.Low && g[0] > g[1] && (s.Step == kiosk.StepTime || s.Step == kiosk.StepDoctor)
				page := Draw(envOf(t, g, v), s)
				if page.Text != kiosk.TextDouble && !mayBeLess || page.tight {
					t.Errorf("%s, %s: text %d, tight %v", variant(g, v), name, page.Text, page.tight)
				}
			}
		}
	}
}

// typed reports whether a state's page has a keypad.
func typed(s kiosk.State) bool { return s.Step == kiosk.StepPolicy || s.Step == kiosk.StepBirth }

// sizesOf returns the font size of each line of text on the pages that a state is spread over, of equal lines the
// smallest one.
func sizesOf(env Env, s kiosk.State) map[string]float32 {
	sizes := map[string]float32{}
	var visit func(fyne.CanvasObject)
	visit = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				visit(child)
			}
		case *widgets.Button:
			for _, child := range test.WidgetRenderer(o).Objects() {
				visit(child)
			}
		case *canvas.Text:
			if size, ok := sizes[o.Text]; !ok || o.TextSize < size {
				sizes[o.Text] = o.TextSize
			}
		}
	}
	for leaf := 0; ; leaf++ {
		env.Pages = &Pages{List: leaf}
		page := Draw(env, s)
		visit(page.Object)
		if page.leaves <= leaf+1 {
			return sizes
		}
	}
}

// TestDoubleIsLarger compares each line with itself in the normal size. Texts that the normal size draws larger than
// they need to be, because their page has room, grow by less than the rest, but they do grow. A number that is as wide
// as the panel cannot.
func TestDoubleIsLarger(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range doubled {
		lines, twice := 0, 0
		for name, s := range states(kiosk.View{Language: "ru"}) {
			if typed(s) {
				continue
			}
			normal := sizesOf(envOf(t, g, kiosk.View{Language: "ru"}), s)
			double := sizesOf(envOf(t, g, kiosk.View{Language: "ru", Text: kiosk.TextDouble}), s)
			for line, size := range normal {
				larger, ok := double[line]
				if !ok { // it is wrapped elsewhere
					continue
				}
				lines++
				if larger > 1.99*size {
					twice++
				}
				if larger < 1.15*size && name != "ticket with long values" && len(line) > 1 {
					t.Errorf("%v, %s: %q grows by %.2f", g, name, line, larger/size)
				}
			}
		}
		t.Logf("%v: %d of %d lines are twice as large", g, twice, lines)
		if 2*twice < lines {
			t.Errorf("%v: %d of %d lines are twice as large", g, twice, lines)
		}
	}
}
