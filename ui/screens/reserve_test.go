package screens

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
)

// TestReserveIsWhereNothingWasBefore checks that «Забронировать» is where no target of a page before it is: a tap too
// many there hits nothing. Pages before it are the question for the time, with all its pages, the other pages of the
// check itself, the settings of the view, and the question whether the patient is still there.
func TestReserveIsWhereNothingWasBefore(t *testing.T) {
	test.NewTempApp(t)
	for _, tag := range []string{"ru", "en"} {
		for _, g := range geometries {
			for _, v := range viewsOf(tag) {
				all := states(v)
				for _, name := range []string{"two cells", "sixty cells", "120 cells", "any doctor", "taken"} {
					if hits := hitsOfReserve(envOf(t, g, v), all[name], all["check"]); len(hits) > 0 {
						t.Errorf("%s, %s: reserve is where these are: %v", variant(g, v), name, hits)
					}
				}
			}
		}
	}
}

// hitsOfReserve goes from the question for the time to «Забронировать» and returns the targets that were there before.
func hitsOfReserve(env Env, question, check kiosk.State) (hits []string) {
	seen := targetsOfAll(env, question)
	env.Pages = &Pages{Before: env.Pages.Before}
	var acts element
	var others []element
	for _, x := range targetsOfAll(env, check) {
		if x.what == "reserve" {
			acts = x
		} else {
			others = append(others, x)
		}
	}
	if acts.what == "" {
		return []string{"no reserve"}
	}
	warned, sheet := check, *env.Pages
	warned.Warning, warned.Touched = true, now.Add(-92*time.Second)
	seen = append(append(seen, others...), targetsOf(env, warned, "")...)
	sheet.Sheet = &Sheet{}
	env.Pages = &sheet
	seen = append(seen, targetsOfAll(env, check)...)
	for _, x := range seen {
		if x.overlaps(acts, 0) {
			hits = append(hits, x.what)
		}
	}
	return hits
}

// targetsOfAll returns the targets of all pages of a state, or of the settings of the view if they are open. Afterwards
// env.Pages is at the last one.
func targetsOfAll(env Env, s kiosk.State) (all []element) {
	list := &env.Pages.List
	if env.Pages.Sheet != nil {
		list = &env.Pages.Sheet.pages.List
	}
	for {
		wanted := *list
		found := targetsOf(env, s, "")
		if *list < wanted {
			return all // there was no further page
		}
		all = append(all, found...)
		if !slices.ContainsFunc(found, func(x element) bool { return x.what == "page.next" }) {
			return all
		}
		*list++
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
				if home := targetsOf(env, after, "nav.home"); !home[0].near(before[0]) {
					t.Errorf("%s, %s: «Готово» moves from %v to %v", variant(g, v), page, before[0], home[0])
				}
				if copies := targetsOf(env, after, "copy"); copies[0].overlaps(before[0], 0) {
					t.Errorf("%s, %s: the copy is where «Готово» was", variant(g, v), page)
				}
			}
		}
	}
}

// near reports whether two elements are at the same place on the glass: a pixel is less than 0.3 mm.
func (a element) near(b element) bool {
	apart := max(a.x-b.x, b.x-a.x, a.y-b.y, b.y-a.y, a.w-b.w, b.w-a.w, a.h-b.h, b.h-a.h)
	return apart < 1
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
