package screens

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// letters puts a long list into the order of the alphabet, and draws tabs above it that lead to the page where a letter begins: «А–Г». n is how many
// cards a page has without the tabs. Where they have no room the list stays as it is. «Любой врач» stays first.
func (f *frame) letters(list []widgets.Card, n int) []widgets.Card {
	l := f.Look
	gap := l.MM(theme.GapMM)
	height := l.MM(theme.TargetMM + 1)
	perPage := n - int((height+gap)/(f.body.H/float32(n))+0.999)
	width := max(l.MM(theme.TargetMM), f.ButtonWidth("", "Ш–Щ"))
	most := f.body.Columns(width, gap)
	if f.plain || perPage < fewest || most < fewest {
		return list
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b widgets.Card) int { return strings.Compare(alphabetical(a), alphabetical(b)) })
	pages := (len(sorted) + perPage - 1) / perPage
	f.drawTabs(f.body.CutTop(height), sorted, perPage, min(most, pages), pages)
	f.body.CutTop(gap)
	return sorted
}

// alphabetical is what a card is sorted by.
func alphabetical(c widgets.Card) string {
	if c.ID == anyDoctorID {
		return ""
	}
	return strings.ReplaceAll(strings.ToLower(c.Title), "ё", "е")
}

func (f *frame) drawTabs(row widgets.Area, list []widgets.Card, perPage, tabs, pages int) {
	gap := f.Look.MM(theme.GapMM)
	w := (row.W - gap*float32(tabs-1)) / float32(tabs)
	for i := range tabs {
		page, next := i*pages/tabs, (i+1)*pages/tabs
		first, last := list[page*perPage], list[min(next*perPage, len(list))-1]
		t := widgets.Target{ID: fmt.Sprintf("letters.%d", i), Style: widgets.Outline, OnTap: f.turn(&f.Pages.List, page)}
		if f.Pages.List >= page && f.Pages.List < next {
			t.Style = widgets.Chosen
		}
		f.Button(row.CutLeft(w), t, "", span(initial(first), initial(last)))
		row.CutLeft(gap)
	}
}

// span is «А–Г», or one letter.
func span(first, last string) string {
	if first == last || first == "" {
		return last
	}
	return first + "–" + last
}

// initial is the letter that a card stands under; none for «Любой врач».
func initial(c widgets.Card) string {
	if c.ID == anyDoctorID {
		return ""
	}
	r, n := utf8.DecodeRuneInString(upper(alphabetical(c)))
	if n == 0 {
		return ""
	}
	return string(r)
}

// anyDoctorID names the card of whoever is free.
const anyDoctorID = "any-doctor"
