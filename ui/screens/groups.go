package screens

import (
	"cmp"
	"slices"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// grouping is the clinic's own order of a list: the group of each card by its target, and the titles of the groups in
// their order. The zero grouping is none.
type grouping struct {
	of     map[string]string // title by id
	titles []string
}

// inGroups returns the specialities in the clinic's own order, and their groups. Those that the clinic has not named
// are behind all others.
func (e Env) inGroups(list []kiosk.Speciality) ([]kiosk.Speciality, grouping) {
	if !e.Guide.Grouped() {
		return list, grouping{}
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b kiosk.Speciality) int {
		group, rank := e.Guide.Place(a.Code, a.Name)
		other, behind := e.Guide.Place(b.Code, b.Name)
		return cmp.Or(cmp.Compare(group, other), cmp.Compare(rank, behind))
	})
	titles := append(e.Guide.Titles(e.Language), e.t("speciality.others"))
	g := grouping{of: map[string]string{}}
	for _, s := range list {
		at, _ := e.Guide.Place(s.Code, s.Name)
		title := titles[min(at, len(titles)-1)]
		g.of[specialityID(s)] = title
		if !slices.Contains(g.titles, title) {
			g.titles = append(g.titles, title)
		}
	}
	return list, g
}

// specialityID returns the target of a speciality's card.
func specialityID(s kiosk.Speciality) string { return "speciality." + s.Code }

// keys returns what the tabs of a list stand for: the clinic's groups, or first letters.
func (f *frame) keys(list []widgets.Card) []string {
	if len(f.groups.titles) > 0 {
		return f.groups.titles
	}
	return initials(list)
}

// key returns the one of keys that a card belongs to.
func (f *frame) key(c widgets.Card) string {
	if len(f.groups.titles) > 0 {
		return f.groups.of[c.ID]
	}
	return initial(c)
}

// sorted returns a list in the order of its tabs.
func (f *frame) sorted(list []widgets.Card) []widgets.Card {
	if len(f.groups.titles) > 0 {
		return list
	}
	return sortedByLetter(list)
}

// tabbed reports whether a list needs tabs, if so many cards are on a page. Letters help from the third page on.
func (f *frame) tabbed(cards, perPage int) bool {
	if len(f.groups.titles) > 0 {
		return cards > perPage
	}
	return !f.ordered && cards > 2*perPage
}

// byPages returns a list in which each of the clinic's groups begins on a page of its own, so that its tab shows it
// alone.
func (f *frame) byPages(list []widgets.Card, perPage int) (all []widgets.Card) {
	if len(f.groups.titles) == 0 || perPage == 0 {
		return list
	}
	for i, c := range list {
		if i > 0 && f.key(c) != f.key(list[i-1]) {
			for len(all)%perPage != 0 {
				all = append(all, widgets.Card{})
			}
		}
		all = append(all, c)
	}
	return all
}

// tabWidth returns the least width of a tab.
func (f *frame) tabWidth() float32 {
	if len(f.groups.titles) == 0 {
		return f.ButtonWidth("", "Ш–Щ")
	}
	widest := float32(0)
	for _, title := range f.groups.titles {
		widest = max(widest, f.ButtonWidth("", title))
	}
	return widest
}

// enoughTabs reports whether a list can have n tabs. Letters share one, groups do not.
func (f *frame) enoughTabs(n, least int) bool {
	if groups := len(f.groups.titles); groups > 0 {
		return n == groups
	}
	return n >= least
}
