package screens

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// TestReserveIsWhereNothingWasBefore checks that «Забронировать» is where no target of a page before it is: a tap too
// many there hits nothing. Pages before it are the question for the time, with all its pages, the other pages of the
// check itself, the settings of the view, and the question whether the patient is still there.
func TestReserveIsWhereNothingWasBefore(t *testing.T) {
	test.NewTempApp(t)
	for _, tag := range []string{"ru", "en"} {
		for _, g := range geometries {
			for _, v := range viewsOf(g, tag) {
				env, all := envOf(t, g, v), states(v)
				checks := map[Before]acting{}
				for _, name := range []string{"two cells", "sixty cells", "120 cells", "any doctor", "taken"} {
					env.Pages = &Pages{}
					seen := targetsOfAll(env, all[name])
					before := env.Pages.Before // all that a check takes from the page before
					if _, drawn := checks[before]; !drawn {
						checks[before] = checkAfter(env, before, all["check"])
					}
					if hits := checks[before].hits(seen); len(hits) > 0 {
						t.Errorf("%s, %s: reserve is where these are: %v", variant(g, v), name, hits)
					}
				}
			}
		}
	}
}

// acting is «Забронировать», and what else can be tapped before it: on the pages of the check, in the settings of the
// view, and beside the question whether the patient is still there.
type acting struct {
	reserve element
	others  []element
}

// checkAfter draws the check after a question for the time.
func checkAfter(env Env, before Before, check kiosk.State) (a acting) {
	env.Pages = &Pages{Before: before}
	for _, x := range targetsOfAll(env, check) {
		if x.what == "reserve" {
			a.reserve = x
		} else {
			a.others = append(a.others, x)
		}
	}
	warned, sheet := check, *env.Pages
	warned.Warning, warned.Touched = true, now.Add(-92*time.Second)
	a.others = append(a.others, targetsOf(env, warned, "")...)
	sheet.Sheet = &Sheet{}
	env.Pages = &sheet
	a.others = append(a.others, targetsOfAll(env, check)...)
	return a
}

// hits returns the targets that were where «Забронировать» is: of those seen before the check, and of its own.
func (a acting) hits(seen []element) (hits []string) {
	if a.reserve.what == "" {
		return []string{"no reserve"}
	}
	for _, x := range slices.Concat(seen, a.others) {
		if x.overlaps(a.reserve, 0) {
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
	widgets.Buttons(Draw(env, s).Object, func(b *widgets.Button, at fyne.Position) {
		if id == "" || b.ID == id {
			found = append(found, element{b.ID, at.X, at.Y, b.Size().Width, b.Size().Height})
		}
	})
	return found
}
