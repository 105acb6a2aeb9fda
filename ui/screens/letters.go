package screens

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// letters finds the places of the tabs of a long list, which lead to the cards of a letter or of some («А–Г»): on a
// wide panel between question and foot, else above the cards, if these keep enough room. None where there is no room,
// or but one letter.
func (f *frame) letters(list []widgets.Card, columns int, least float32) []widgets.Area {
	l := f.Look
	gap, height := l.MM(theme.GapMM), l.MM(theme.TargetMM+1)
	width := max(l.MM(theme.TargetMM), f.ButtonWidth("", "Ш–Щ"))
	count := len(initials(list))
	if count < fewest {
		return nil
	}
	beside := f.side
	if l.Low {
		beside.CutTop(max(0, l.Height/2-beside.Y))
	}
	if places := beside.Grid(min(count, beside.Columns(width, gap)), height, gap); len(places) >= fewestBeside {
		return places
	}
	body := f.body
	strip := body.CutTop(height)
	body.CutTop(gap)
	most := strip.Columns(width, gap)
	if f.plain || len(body.Grid(columns, least, gap)) < fewest || most < fewest {
		return nil
	}
	f.body = body
	return strip.Grid(min(count, most), height, gap)
}

// fewestBeside is how many tabs beside the list are worth more than those above it.
const fewestBeside = 4

// sortedByLetter is a list in the order of the alphabet. «Любой врач» stays first.
func sortedByLetter(list []widgets.Card) []widgets.Card {
	return slices.SortedStableFunc(
		slices.Values(list),
		func(a, b widgets.Card) int { return strings.Compare(alphabetical(a), alphabetical(b)) },
	)
}

// initials are the letters of a sorted list.
func initials(list []widgets.Card) (all []string) {
	for _, c := range list {
		if letter := initial(c); letter != "" && !slices.Contains(all, letter) {
			all = append(all, letter)
		}
	}
	return all
}

// alphabetical is what a card is sorted by.
func alphabetical(c widgets.Card) string {
	if c.ID == anyDoctorID {
		return ""
	}
	return strings.ReplaceAll(strings.ToLower(c.Title), "ё", "е")
}

// drawTabs shares the letters out among the tabs. Those whose letters stand on the present page are marked.
func (f *frame) drawTabs(places []widgets.Area, list []widgets.Card, perPage int) {
	all := initials(list)
	tabs := min(len(places), len(all))
	for i := range tabs {
		of := all[i*len(all)/tabs : (i+1)*len(all)/tabs]
		has := func(c widgets.Card) bool { return slices.Contains(of, initial(c)) }
		page := slices.IndexFunc(list, has) / perPage
		t := widgets.Target{ID: fmt.Sprintf("letters.%d", i), Style: widgets.Outline, OnTap: f.turn(&f.Pages.List, page)}
		if shown := list[f.Pages.List*perPage:]; slices.ContainsFunc(shown[:min(perPage, len(shown))], has) {
			t.Style = widgets.Chosen
		}
		f.Button(places[i], t, "", span(of[0], of[len(of)-1]))
	}
}

// span is «А–Г», or one letter.
func span(first, last string) string {
	if first == last {
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
