package guide

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Guide is the knowledge of one file. It is immutable and safe for concurrent use; a nil Guide knows nothing.
type Guide struct {
	titles  []text           // of the groups, in their order
	places  map[string]place // of specialities, by folded code or name
	bring   map[string]text  // by folded code or name of a speciality
	byRoom  map[string]text  // ways, by folded room
	byFloor map[int]text

	rooms   map[string]bool // that this terminal offers, folded
	floors  map[int]bool
	nowhere bool // cells of which neither room nor floor is known are offered
}

// place is where a speciality stands in the clinic's order.
type place struct{ group, rank int }

// text is a text for patients. A blank English one is the Russian one.
type text struct{ ru, en string }

// in returns the text in a language. Languages other than English have the Russian one, as all texts of a site.
func (t text) in(language string) string {
	if language == "en" && t.en != "" {
		return t.en
	}
	return t.ru
}

// fold returns what a code, a name or a room is compared by: neither case, nor Ё, nor the width of spaces matters.
func fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(spaced(s)), "ё", "е")
}

// spaced returns a text with single spaces, and with its letters composed: й may be и with a mark.
func spaced(s string) string { return norm.NFC.String(strings.Join(strings.Fields(s), " ")) }

// Grouped reports whether the clinic has an order of its own.
func (g *Guide) Grouped() bool { return g != nil && len(g.titles) > 0 }

// Titles returns the titles of the groups in their order.
func (g *Guide) Titles(language string) (all []string) {
	if g == nil {
		return nil
	}
	for _, t := range g.titles {
		all = append(all, t.in(language))
	}
	return all
}

// Place returns the number of the group of a speciality, and its place in that group. One that the clinic has not named
// is in a group of its own behind all others.
func (g *Guide) Place(code, name string) (group, rank int) {
	if g == nil {
		return 0, 0
	}
	for _, key := range [...]string{fold(code), fold(name)} {
		if p, ok := g.places[key]; ok && key != "" {
			return p.group, p.rank
		}
	}
	return len(g.titles), 0
}

// Bring returns what a patient has to know before a visit to a speciality; "" where there is nothing. A blank code is
// not known.
func (g *Guide) Bring(code, name, language string) string {
	if g == nil {
		return ""
	}
	for _, key := range [...]string{fold(code), fold(name)} {
		if t, ok := g.bring[key]; ok && key != "" {
			return t.in(language)
		}
	}
	return ""
}

// Way returns the way to a room, or else to its floor; "" where none is known.
func (g *Guide) Way(room string, floor int, language string) string {
	if g == nil {
		return ""
	}
	if t, ok := g.byRoom[fold(room)]; ok {
		return t.in(language)
	}
	return g.byFloor[floor].in(language)
}

// Restricts reports whether this terminal offers some rooms and not all.
func (g *Guide) Restricts() bool { return g != nil && len(g.rooms)+len(g.floors) > 0 }

// Offers reports whether this terminal offers cells of a room on a floor; 0: the floor is not known.
func (g *Guide) Offers(room string, floor int) bool {
	switch {
	case !g.Restricts():
		return true
	case room == "" && floor == 0:
		return g.nowhere
	}
	return g.rooms[fold(room)] || g.floors[floor]
}
