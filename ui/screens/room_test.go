package screens

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
)

// TestTimesComeBeforeTheDoctorsName counts the times on the first page of a long day in the largest text that each
// panel has room for on a page without turning. The doctor's name is said again by the check.
func TestTimesComeBeforeTheDoctorsName(t *testing.T) {
	test.NewTempApp(t)
	for g, want := range map[[2]int]int{{1024, 768}: 10, {1280, 800}: 14, {1366, 768}: 14} {
		v := kiosk.View{Language: "ru", Text: kiosk.TextExtra}
		env := envOf(t, g, v)
		times := 0
		for _, target := range inspect(Draw(env, states(v)["120 cells"]).Object, env.Look, env.Lang).targets {
			if strings.HasPrefix(target.what, "cell.") {
				times++
			}
		}
		if times < want {
			t.Errorf("%v: %d times on a page, want %d", g, times, want)
		}
	}
}

// TestStartButtonTakesTheRoom checks that the start button is not squeezed for a note that has no room below it: on
// these panels its texts take 66 mm.
func TestStartButtonTakesTheRoom(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range [][2]int{{1280, 800}, {1366, 768}} {
		v := kiosk.View{Language: "ru", Text: kiosk.TextExtra}
		env := envOf(t, g, v)
		in := inspect(Draw(env, states(v)["welcome"]).Object, env.Look, env.Lang)
		for _, target := range in.targets {
			if target.what == "start" && target.h < 70*env.Look.PxMM {
				t.Errorf("%v: the start button is %.0f mm high", g, target.h/env.Look.PxMM)
			}
		}
	}
}

// TestATitleStaysWithItsText turns the pages of what informs. No page ends with the title of a text that is on the next
// one.
func TestATitleStaysWithItsText(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range [][2]int{{800, 600}, {1024, 600}, {1024, 768}, {768, 1024}} {
		v := kiosk.View{Language: "ru", Text: kiosk.TextExtra}
		env := envOf(t, g, v)
		title := env.t("desk.title")
		for name, s := range states(v) {
			for leaf := range 9 {
				env.Pages = &Pages{List: leaf}
				page := Draw(env, s)
				if n := len(page.Said); n > 0 && page.Said[n-1] == title {
					t.Errorf("%v, %s, page %d ends with %q", g, name, leaf+1, title)
				}
				if page.leaves <= leaf+1 {
					break
				}
			}
		}
	}
}

// TestNumbersFillTheirPage measures the number of a ticket on a small panel, where it is on a page of its own.
func TestNumbersFillTheirPage(t *testing.T) {
	test.NewTempApp(t)
	g, v := [2]int{800, 600}, kiosk.View{Language: "ru", Text: kiosk.TextExtra}
	for _, name := range []string{"ticket, print 3", "offer after CONFIRMED", "the hold is over"} {
		env := envOf(t, g, v)
		size := sizesOf(env, states(v)[name])["А-117"]
		if mm := capital * size / env.Look.PxMM; mm < 15.9 {
			t.Errorf("%s: the number has capitals of %.1f mm", name, mm)
		}
	}
}

// TestChoicesHaveWordsOfOneSize checks the titles of the three ages on small panels.
func TestChoicesHaveWordsOfOneSize(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range geometries {
		for text := kiosk.TextNormal; text <= kiosk.TextExtra; text++ {
			v := kiosk.View{Language: "ru", Text: text}
			sizes := sizesOf(envOf(t, g, v), states(v)["age"])
			if a, b, c := sizes["Взрослый"], sizes["Подросток"], sizes["Ребёнок"]; a != b || b != c || a == 0 {
				t.Errorf("%s: the sizes are %.1f, %.1f and %.1f", variant(g, v), a, b, c)
			}
		}
	}
}

// TestHintIsSaidOnce looks for the hint that some times are not shown, which a page has beside the times or in the strip
// in which the next page reserves.
func TestHintIsSaidOnce(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range geometries {
		for text := kiosk.TextNormal; text <= kiosk.TextDouble; text++ {
			v := kiosk.View{Language: "ru", Text: text}
			env := envOf(t, g, v)
			for _, name := range []string{"two cells", "any doctor", "taken"} {
				env.Pages = &Pages{}
				said := strings.Join(Draw(env, states(v)[name]).Said, "\n")
				if n := strings.Count(said, env.t("time.hint")); n > 1 {
					t.Errorf("%s, %s: the hint is said %d times", variant(g, v), name, n)
				}
			}
		}
	}
}

// TestAPageOfTimesHasRows counts the times on the first page of twelve in each text size.
func TestAPageOfTimesHasRows(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range doubled {
		for text := kiosk.TextNormal; text <= kiosk.TextDouble; text++ {
			v := kiosk.View{Language: "ru", Text: text}
			env := envOf(t, g, v)
			page := Draw(env, states(v)["any doctor"])
			if n := strings.Count(strings.Join(page.Said, "\n"), ":"); n < 6 {
				t.Errorf("%s: %d times on a page", variant(g, v), n)
			}
		}
	}
}
