package screens

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// titles returns the titles of the cards on a page, in order.
func titles(page Page, all []kiosk.Speciality) (seen []string) {
	for _, text := range page.Said {
		if slices.ContainsFunc(all, func(s kiosk.Speciality) bool { return s.Name == text }) {
			seen = append(seen, text)
		}
	}
	return seen
}

func TestLongListIsSortedAndHasTabs(t *testing.T) {
	test.NewTempApp(t)
	v := kiosk.View{Language: "ru"}
	env := envOf(t, geometries[0], v)
	s := states(v)["80 specialities"]
	var all []string
	for {
		page := Draw(env, s)
		seen := titles(page, s.Specialities)
		all = append(all, seen...)
		if !inspect(page.Object, env.Look, env.Lang).has("page.next") {
			break
		}
		env.Pages.List++
	}
	if len(all) != 80 || !slices.IsSorted(all) {
		t.Errorf("%d specialities, sorted: %v", len(all), slices.IsSorted(all))
	}
	env.Pages.List = 0
	first := Draw(env, s)
	last := len(inspect(first.Object, env.Look, env.Lang).tabs()) - 1
	if last < 3 {
		t.Fatalf("%d tabs", last+1)
	}
	env.Redraw = func() {}
	tap(t, first.Object, "letters."+string(rune('0'+last)))
	page := Draw(env, s)
	if seen := titles(page, s.Specialities); len(seen) == 0 || !strings.HasPrefix(
		seen[len(seen)-1], "Х",
	) && !strings.HasPrefix(seen[len(seen)-1], "Э") {
		t.Errorf("the last tab shows %v", seen)
	}
}

// TestEightyDoctorsHaveTabsInEveryTextSize checks that patients who need large text can jump in a list of forty
// pages.
func TestEightyDoctorsHaveTabsInEveryTextSize(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range geometries {
		for _, v := range []kiosk.View{{}, {Text: kiosk.TextLarge}, {Text: kiosk.TextExtra}, {Low: true}} {
			v.Language = "ru"
			env := envOf(t, g, v)
			s := states(v)["80 doctors"]
			page := Draw(env, s)
			tabs := inspect(page.Object, env.Look, env.Lang).tabs()
			if len(tabs) < 4 {
				t.Errorf("%s: %d tabs", variant(g, v), len(tabs))
				continue
			}
			tap(t, page.Object, tabs[len(tabs)-1])
			if said := strings.Join(Draw(env, s).Said, "|"); !strings.Contains(said, "|Щербакова") &&
				!strings.Contains(said, "|Процедурный") {
				t.Errorf("%s: the last tab shows %s", variant(g, v), said)
			}
		}
	}
}

func TestSinglePageHasNoPager(t *testing.T) {
	test.NewTempApp(t)
	v := kiosk.View{Language: "ru", Text: kiosk.TextExtra}
	env := envOf(t, geometries[0], v)
	if said := strings.Join(Draw(env, states(v)["3 doctors"]).Said, "|"); strings.Contains(said, "1 из 1") {
		t.Errorf("said %s", said)
	}
}

func TestShortListKeepsItsOrder(t *testing.T) {
	test.NewTempApp(t)
	v := kiosk.View{Language: "ru"}
	env := envOf(t, geometries[0], v)
	page := Draw(env, states(v)["16 specialities"])
	if tabs := inspect(page.Object, env.Look, env.Lang).tabs(); len(tabs) > 0 {
		t.Errorf("tabs %v", tabs)
	}
	if env.Pages.List != 0 {
		t.Errorf("page %d", env.Pages.List)
	}
}

func TestInitialAndSpan(t *testing.T) {
	for card, want := range map[string]string{"Ёлкина А. А.": "Е", "терапевт": "Т", "": ""} {
		if got := initial(widgets.Card{Title: card}); got != want {
			t.Errorf("initial of %q is %q, want %q", card, got, want)
		}
	}
	if got := initial(widgets.Card{Target: widgets.Target{ID: anyDoctorID}, Title: "Любой врач"}); got != "" {
		t.Errorf("initial of «Любой врач» is %q, want none", got)
	}
	if span("А", "Г") != "А–Г" || span("А", "А") != "А" {
		t.Error("span returns a wrong range")
	}
}

// TestAnyDoctorIsNotAlone checks that the first page of doctors has a doctor beside «Любой врач».
func TestAnyDoctorIsNotAlone(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range geometries {
		for _, v := range viewsOf(g, "ru") {
			if v.Aloud {
				continue
			}
			for _, name := range []string{"3 doctors", "80 doctors"} {
				env := envOf(t, g, v)
				s := states(v)[name]
				said := strings.Join(Draw(env, s).Said, "|")
				if !slices.ContainsFunc(s.Doctors, func(d kiosk.Doctor) bool { return strings.Contains(said, "|"+d.Name) }) {
					t.Errorf("%s, %s: the first page says %s", variant(g, v), name, said)
				}
			}
		}
	}
}
