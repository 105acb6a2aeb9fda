package press

import (
	"testing"
	"time"
)

var (
	back    = Target{ID: "nav.back", Says: "Назад", X: 10, Y: 900, W: 90, H: 80}
	first   = Target{ID: "cell.1", Says: "10:30", X: 10, Y: 100, W: 90, H: 80}
	second  = Target{ID: "cell.2", Says: "10:40", X: 110, Y: 100, W: 90, H: 80}
	restart = Target{ID: "restart", Says: "Перезапустить", X: 10, Y: 10, W: 90, H: 80}
)

// begin is the time of the first frame of each test.
var begin = time.Date(2026, 11, 23, 10, 24, 0, 0, time.UTC)

func after(ms int) time.Time { return begin.Add(time.Duration(ms) * time.Millisecond) }

// TestAPressCountsAfterItsTargetWasReadable gives each instant as milliseconds after the first frame.
func TestAPressCountsAfterItsTargetWasReadable(t *testing.T) {
	g := Gate{}
	if g.Counts(back) {
		t.Error("a press on nothing counts")
	}
	g.Show([]Target{back, first}, true)
	g.Handled(after(0))
	if g.Counts(first) || g.Ready() {
		t.Error("a press counts before the first frame")
	}
	if !g.Painted(after(0)) || g.Painted(after(400)) {
		t.Error("the first frame is not the first, or the second is")
	}
	for ms := 50; ms <= 900; ms += 50 {
		g.Handled(after(ms))
		if got, want := g.Counts(first), ms >= 600; got != want || g.Ready() != want {
			t.Errorf("after %d ms a press counts: %v, want %v", ms, got, want)
		}
	}
}

func TestAnswersBeginAnewTogether(t *testing.T) {
	for name, c := range map[string]struct {
		next []Target
		anew bool
	}{
		"the same targets": {[]Target{back, first}, false},
		"another target":   {[]Target{back, second}, true},
		"one more":         {[]Target{back, first, second}, true},
		"one less":         {[]Target{back}, true},
	} {
		g := Gate{}
		g.Show([]Target{back, first}, true)
		g.Painted(after(0))
		g.Handled(after(1000))
		g.Show(c.next, true)
		if g.Counts(back) == c.anew {
			t.Errorf("%s: a press on what stays counts: %v", name, !c.anew)
		}
		if g.Painted(after(1100)) != c.anew {
			t.Errorf("%s: the frame is new: %v", name, !c.anew)
		}
	}
}

func TestAloneEachTargetHasItsOwnTime(t *testing.T) {
	g := Gate{}
	g.Show([]Target{back, first}, false)
	g.Painted(after(0))
	g.Handled(after(1000))
	sure := restart
	sure.Says = "Точно?"
	moved := first
	moved.Y += 30
	g.Show([]Target{back, moved, restart}, false)
	g.Painted(after(1000))
	g.Handled(after(1500))
	if !g.Counts(back) || g.Counts(moved) || g.Counts(restart) || g.Counts(first) {
		t.Error("what stays does not count, or what moved or left does")
	}
	g.Handled(after(1600))
	g.Show([]Target{back, moved, sure}, false)
	if !g.Counts(moved) || g.Counts(sure) {
		t.Error("a target that says something else counts at once")
	}
}

// TestABusyThreadMakesNoPressLater lets the thread stand still for two seconds after a frame. What was pressed
// meanwhile is handled late and does not count.
func TestABusyThreadMakesNoPressLater(t *testing.T) {
	g := Gate{}
	g.Show([]Target{first}, true)
	g.Painted(after(0))
	g.Handled(after(10))
	if g.Counts(first) { // now it is 2000 ms, and the press was made at any time since 10 ms
		t.Error("a press from before counts")
	}
}

// TestAPressThatWaitedBehindAnotherDoesNotCount lets two presses wait for a busy thread: the first one leads to another
// page, and the second one is handled before that page is there.
func TestAPressThatWaitedBehindAnotherDoesNotCount(t *testing.T) {
	g := Gate{}
	g.Show([]Target{back}, true)
	g.Painted(after(0))
	g.Handled(after(1000))
	if !g.Counts(back) {
		t.Fatal("the first press does not count")
	}
	g.Acted(first.ID, after(1300))
	if g.Counts(back) || g.Ready() {
		t.Error("a press from before the first one acted counts")
	}
	g.Handled(after(1350))
	if !g.Counts(back) {
		t.Error("a later press on a page that stayed does not count")
	}
}
