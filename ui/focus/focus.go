package focus

import (
	"cmp"
	"slices"

	"infomat/ui/press"
)

// Part is a part of a page. A page is read part by part.
type Part int

// The parts.
const (
	Body  Part = iota // the answers
	Head              // the button of the view
	Tabs              // what chooses among the answers: days, letters
	Pager             // leads to further answers
	Act               // changes something in the world
	Foot              // leads away from the page
)

// reading is the order of the parts.
var reading = []Part{Head, Tabs, Body, Pager, Act, Foot}

// Rank returns the place of a part in the order of reading.
func Rank(p Part) int { return slices.Index(reading, p) }

// Target is a target of a page.
type Target struct {
	press.Target
	Part Part
	Back bool // leads to the page before
}

// Direction is where the focus moves.
type Direction int

// The directions. Next and Previous go through all targets as they are read.
const (
	Next Direction = iota
	Previous
	Up
	Down
)

// Focus is a target of a page. The zero value has none. It is not safe for concurrent use.
type Focus struct {
	rows  [][]Target // as they are read
	at    Target
	moved bool // somebody has moved it since the page began
}

// Show replaces the targets. On a new page, and as long as nobody has moved it, the focus is on the target with which the
// page begins. Otherwise it stays on its target, or on what is in that target's place.
func (f *Focus) Show(targets []Target, anew bool) {
	f.rows = rows(targets)
	all := f.all()
	if anew {
		f.moved = false
	}
	if f.moved {
		same := slices.IndexFunc(all, func(t Target) bool { return t.ID == f.at.ID })
		if same < 0 {
			same = slices.IndexFunc(all, func(t Target) bool { return t.Part == f.at.Part && t.Part != Act && meet(t, f.at) })
		}
		if same >= 0 {
			f.at = all[same]
			return
		}
	}
	f.at, f.moved = begin(all), false
}

// begin returns the target with which a page begins: the first answer, else the way back, else the first target that
// leads nowhere else. A page whose only targets end the visit begins with the settings of the view: pressing Select
// again and again must not clear a number that was not read.
func begin(all []Target) (first Target) {
	for _, is := range []func(Target) bool{
		func(t Target) bool { return t.Part == Body },
		func(t Target) bool { return t.Back },
		func(t Target) bool { return t.Part != Act },
	} {
		if i := slices.IndexFunc(all, is); i >= 0 {
			return all[i]
		}
	}
	return Target{}
}

// At returns the target in focus.
func (f *Focus) At() (t Target, ok bool) { return f.at, f.at.ID != "" }

// Find returns the first target for which is reports true, as they are read.
func (f *Focus) Find(is func(Target) bool) (t Target, ok bool) {
	all := f.all()
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	return Target{}, false
}

// All returns the targets as they are read.
func (f *Focus) all() []Target { return slices.Concat(f.rows...) }

// Move moves the focus. Behind the last target the first one follows.
func (f *Focus) Move(d Direction) {
	if len(f.rows) == 0 {
		return
	}
	f.moved = true
	switch d {
	case Next, Previous:
		all := f.all()
		f.at = all[around(slices.Index(all, f.at), d == Next, len(all))]
	case Up, Down:
		row := slices.IndexFunc(f.rows, func(r []Target) bool { return slices.Contains(r, f.at) })
		f.at = nearest(f.rows[around(row, d == Down, len(f.rows))], f.at)
	}
}

// around returns the index after or before i in a circle of n.
func around(i int, after bool, n int) int {
	if after {
		return (i + 1) % n
	}
	return (i - 1 + n) % n
}

// nearest returns the target of a row whose middle is nearest to that of a target above or below.
func nearest(row []Target, to Target) Target {
	away := func(t Target) float32 { return max(middle(t)-middle(to), middle(to)-middle(t)) }
	return slices.MinFunc(row, func(a, b Target) int { return cmp.Compare(away(a), away(b)) })
}

func middle(t Target) float32 { return t.X + t.W/2 }

// meet reports whether one target has the middle of another.
func meet(t, other Target) bool {
	x, y := middle(other), other.Y+other.H/2
	return t.X <= x && x <= t.X+t.W && t.Y <= y && y <= t.Y+t.H
}

// rows returns the targets part by part, row by row, from left to right.
func rows(targets []Target) (all [][]Target) {
	for _, part := range reading {
		of := slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return t.Part != part || t.ID == "" })
		slices.SortStableFunc(of, func(a, b Target) int { return cmp.Compare(a.Y, b.Y) })
		for len(of) > 0 {
			below := func(t Target) bool { return t.Y+t.H/2 > of[0].Y+of[0].H }
			n := slices.IndexFunc(of, below)
			if n < 0 {
				n = len(of)
			}
			row := slices.SortedFunc(slices.Values(of[:n]), func(a, b Target) int { return cmp.Compare(a.X, b.X) })
			all, of = append(all, row), of[n:]
		}
	}
	return all
}
