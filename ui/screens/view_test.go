package screens

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
	"infomat/ui/theme"
)

// withSheet returns an Env in which the settings of the view are open.
func withSheet(e Env) Env {
	e.Pages = &Pages{Sheet: &Sheet{}}
	return e
}

// TestSheetLayout checks the settings of the view at every panel size, in every language, text size and mode, with two
// languages and with five.
func TestSheetLayout(t *testing.T) {
	test.NewTempApp(t)
	more := []LanguageName{{"tt", "Татарча"}, {"kk", "Қазақша"}, {"uk", "Українська"}}
	for _, tag := range []string{"ru", "en"} {
		for _, g := range geometries {
			for _, v := range viewsOf(g, tag) {
				if v.Contrast != kiosk.ContrastCalm { // does not change places
					continue
				}
				for _, languages := range [][]LanguageName{nil, more} {
					env := withSheet(envOf(t, g, v))
					env.Languages = append(env.Languages, languages...)
					seen := checkSheet(t, variant(g, v), env, states(v)["ticket, print 3"])
					for _, id := range []string{"view.text", "view.contrast", "view.low", "view.aloud"} {
						if !slices.Contains(seen, id) {
							t.Errorf("%s: the settings have no %s on any page: %v", variant(g, v), id, seen)
						}
					}
					if n := len(env.Languages) - 1; count(seen, "view.language.") != n {
						t.Errorf("%s: the settings offer %v, want %d languages", variant(g, v), seen, n)
					}
				}
			}
		}
	}
}

// checkSheet turns the pages of the settings, checks the layout of each, and returns the ids of all their buttons.
func checkSheet(t *testing.T, name string, env Env, s kiosk.State) (seen []string) {
	t.Helper()
	for {
		page := Draw(env, s)
		look := env.Look
		look.Text = page.Text
		in := inspect(page.Object, look, env.Lang)
		for _, problem := range in.problems() {
			t.Errorf("%s: %s", name, problem)
		}
		if in.has("letters.0") {
			t.Errorf("%s: the settings have tabs", name)
		}
		if !in.has("view.close") {
			t.Errorf("%s: no way back", name)
		}
		for _, target := range in.targets {
			seen = append(seen, target.what)
		}
		if !in.has("page.next") {
			return seen
		}
		env.Pages.Sheet.pages.List++
	}
}

func count(all []string, prefix string) (n int) {
	for _, x := range all {
		if strings.HasPrefix(x, prefix) {
			n++
		}
	}
	return n
}

// TestEachSettingGoesThroughAllItsValues taps each setting until its first value is back.
func TestEachSettingGoesThroughAllItsValues(t *testing.T) {
	test.NewTempApp(t)
	for id, want := range map[string][]string{
		"view.text":     {"сейчас обычный", "сейчас крупный", "сейчас очень крупный", "сейчас вдвое крупнее обычного"},
		"view.contrast": {"сейчас спокойные", "сейчас чёрным по белому", "сейчас белым по чёрному"},
		"view.low":      {"сейчас по всему экрану", "сейчас внизу, чтобы дотянуться сидя"},
		"view.aloud":    {"сейчас без голоса", "сейчас экран читает вслух"},
	} {
		v := kiosk.View{Language: "ru"}
		for i := range len(want) + 1 {
			env := withSheet(envOf(t, [2]int{1080, 1920}, v))
			env.Send = func(e kiosk.Event) { v = e.(kiosk.SetView).View }
			page := Draw(env, states(v)["age"])
			if said := page.Said; !slices.Contains(said, want[i%len(want)]) {
				t.Errorf("%s, tap %d: the page says %q, not %q", id, i, said, want[i%len(want)])
			}
			tap(t, page.Object, id)
		}
	}
}

// TestViewButtonIsWhereItCanBeReached checks the button of the view on each page: 20 mm, apart from the others, and in
// the low mode in the lower half.
func TestViewButtonIsWhereItCanBeReached(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range geometries {
		for _, v := range []kiosk.View{{}, {Text: kiosk.TextExtra}, {Low: true}, {Low: true, Text: kiosk.TextLarge}} {
			v.Language = "ru"
			env := envOf(t, g, v)
			for name, s := range states(v) {
				page := Draw(env, s)
				AddViewButton(env, page)
				look := env.Look
				look.Text = page.Text
				in := inspect(page.Object, look, env.Lang)
				waits := s.Step == kiosk.StepReserving || s.Step == kiosk.StepIdentifying || s.Booking.Visit.Busy()
				if wants := !s.Warning && !waits; in.has("view.open") != wants {
					t.Errorf("%s, %s: the button of the view is there: %v", variant(g, v), name, !wants)
				}
				for _, problem := range in.problems() {
					t.Errorf("%s, %s: %s", variant(g, v), name, problem)
				}
				if page.Tool.W > 0 && page.Tool.W < env.Look.PxMM*20-1 || theme.TargetMM < 20 {
					t.Errorf("%s, %s: the button of the view is %.0f pixels wide", variant(g, v), name, page.Tool.W)
				}
			}
		}
	}
}
