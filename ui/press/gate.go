package press

import (
	"slices"
	"time"
)

// Settle is how long a target has to be on the glass before a press on it counts. Whoever presses earlier means what
// was there before: a choice among a few large targets takes longer than that (Hick's law), a second tap by a nervous
// or trembling finger does not.
const Settle = 600 * time.Millisecond

// Target is a target as a person sees it: what it is, what it says, and where it is in pixels of the window.
type Target struct {
	ID, Says   string
	X, Y, W, H float32
}

// Gate knows since when each target has been on the glass. The zero value shows nothing. It is not safe for
// concurrent use.
type Gate struct {
	Strike time.Duration // a press on the target that has just acted counts so much later

	since   map[Target]time.Time // the first frame with the target; zero: it is not painted yet
	handled time.Time            // presses made before have been handled
	acted   time.Time            // the last press that did something
	struck  string               // the target of that press
}

// Show replaces the targets by those of the next frame. A target that stays where it is, as it is, keeps its time. If
// they belong together, as the answers to one question do, all of them begin anew as soon as one of them changes.
func (g *Gate) Show(targets []Target, together bool) {
	stays := func(t Target) bool { _, ok := g.since[t]; return ok }
	keep := !together || len(targets) == len(g.since) && all(targets, stays)
	next := make(map[Target]time.Time, len(targets))
	for _, t := range targets {
		next[t] = time.Time{}
		if keep {
			next[t] = g.since[t]
		}
	}
	g.since = next
}

func all(targets []Target, is func(Target) bool) bool {
	return !slices.ContainsFunc(targets, func(t Target) bool { return !is(t) })
}

// Painted reports that the frame with the present targets is on the glass since an instant. It returns whether any of
// them is there for the first time.
func (g *Gate) Painted(at time.Time) (first bool) {
	for t, since := range g.since {
		if since.IsZero() {
			g.since[t], first = at, true
		}
	}
	return first
}

// Handled reports that every press made before an instant has been handled. A press that is handled later was made
// after it, however long the screen's thread was busy in between.
func (g *Gate) Handled(before time.Time) {
	if before.After(g.handled) {
		g.handled = before
	}
}

// Acted reports that a press on a target did something at an instant. One that was made before it does not count: it
// waited behind the other and knows nothing of what that did.
func (g *Gate) Acted(id string, at time.Time) { g.struck, g.acted = id, at }

// Counts reports whether a press on a target that is being handled now counts.
func (g *Gate) Counts(t Target) bool {
	since, ok := g.since[t]
	if !ok || since.IsZero() || g.handled.Sub(since) < Settle || g.handled.Before(g.acted) {
		return false
	}
	return t.ID != g.struck || g.handled.Sub(g.acted) >= g.Strike
}

// Ready reports whether a press counts on every target.
func (g *Gate) Ready() bool {
	for t := range g.since {
		if !g.Counts(t) {
			return false
		}
	}
	return true
}
