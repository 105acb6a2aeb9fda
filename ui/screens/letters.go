package screens

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"infomat/ui/focus"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// letters returns the places for the tabs of a long list. A tab shows the page with the cards of a letter or a
// range of letters («А–Г»). On a wide panel the tabs are between question and foot; otherwise they are above the
// cards. It returns nil if there is no room or only one letter.
func (f *frame) letters(list []widgets.Card, columns int, least float32) []widgets.Area {
	l := f.Look
	gap, height := l.MM(theme.GapMM), max(l.MM(theme.TargetMM+1), f.denseButtonHeight())
	width := max(l.MM(theme.TargetMM), f.tabWidth())
	count := len(f.keys(list))
	if count < minCards {
		return nil
	}
	beside := f.side
	beside.CutTop(max(0, l.Reach()-beside.Y))
	places := beside.Grid(min(count, beside.Columns(width, gap)), height, gap)
	if f.enoughTabs(min(len(places), count), minTabsBeside) {
		return places
	}
	body := f.body
	strip := body.CutTop(height)
	body.CutTop(gap)
	most := strip.Columns(width, gap)
	tabs := min(count, most)
	if f.plain || len(body.Grid(columns, least, gap)) < minCards || !f.enoughTabs(tabs, minCards) {
		return nil
	}
	f.body = body
	return strip.Grid(tabs, height, gap)
}

// minTabsBeside is the least number of tabs for which the place between question and foot is used.
const minTabsBeside = 4

// sortedByLetter returns the list in alphabetical order. The card for any doctor stays first.
func sortedByLetter(list []widgets.Card) []widgets.Card {
	return slices.SortedStableFunc(
		slices.Values(list),
		func(a, b widgets.Card) int { return strings.Compare(alphabetical(a), alphabetical(b)) },
	)
}

// initials returns the first letters of a sorted list.
func initials(list []widgets.Card) (all []string) {
	for _, c := range list {
		if letter := initial(c); letter != "" && !slices.Contains(all, letter) {
			all = append(all, letter)
		}
	}
	return all
}

// alphabetical returns the key by which a card is sorted.
func alphabetical(c widgets.Card) string {
	if c.ID == anyDoctorID {
		return ""
	}
	return strings.ReplaceAll(strings.ToLower(c.Title), "ё", "е")
}

// drawTabs distributes the letters, or the groups, evenly over the tabs. Tabs with a letter on the current page are
// highlighted.
func (f *frame) drawTabs(places []widgets.Area, list []widgets.Card, perPage int) {
	all := f.keys(list)
	tabs := min(len(places), len(all))
	for i := range tabs {
		of := all[i*len(all)/tabs : (i+1)*len(all)/tabs]
		has := func(c widgets.Card) bool { return slices.Contains(of, f.key(c)) }
		page := slices.IndexFunc(list, has) / perPage
		t := widgets.Target{ID: fmt.Sprintf("letters.%d", i), Style: widgets.Outline, Part: focus.Tabs}
		t.OnTap = f.turn(&f.Pages.List, page)
		if shown := list[f.Pages.List*perPage:]; slices.ContainsFunc(shown[:min(perPage, len(shown))], has) {
			t.Style = widgets.Chosen
		}
		f.Button(places[i], t, "", span(of[0], of[len(of)-1]))
	}
}

// span returns a range of letters such as «А–Г», or a single letter.
func span(first, last string) string {
	if first == last {
		return last
	}
	return first + "–" + last
}

// initial returns the first letter of a card, upper case with Ё as Е. It is empty for the card for any doctor.
func initial(c widgets.Card) string {
	if c.ID == anyDoctorID {
		return ""
	}
	r, n := utf8.DecodeRuneInString(upperFirst(alphabetical(c)))
	if n == 0 {
		return ""
	}
	return string(r)
}

// anyDoctorID is the target id of the card for any doctor.
const anyDoctorID = "any-doctor"
