package press

import "testing"

// TestTheSameTargetTwiceCountsOnce strikes a target that has acted and stayed, and another one. A strike that does not
// count does not begin the time anew.
func TestTheSameTargetTwiceCountsOnce(t *testing.T) {
	g := Gate{Strike: after(500).Sub(begin)}
	g.Show([]Target{back, first}, false)
	g.Painted(after(0))
	g.Handled(after(1000))
	g.Acted(first.ID, after(1000))
	for ms := 1000; ms <= 2000; ms += 50 {
		g.Handled(after(ms))
		if got, want := g.Counts(first), ms >= 1500; got != want || g.Ready() != want {
			t.Errorf("%d ms after a tap another one counts: %v", ms-1000, got)
		}
		if !g.Counts(back) {
			t.Errorf("%d ms after a tap one on another target does not count", ms-1000)
		}
	}
}

// TestTheSameKeyTwiceCountsOnce gives instants in milliseconds, and of each press whether it counts.
func TestTheSameKeyTwiceCountsOnce(t *testing.T) {
	type press struct {
		key      string
		down, up int
		counts   bool
	}
	for name, presses := range map[string][]press{
		"once and again":    {{"1", 0, 80, true}, {"1", 100, 180, false}, {"1", 579, 600, false}, {"1", 580, 600, true}},
		"no end of tremble": {{"1", 0, 50, true}, {"1", 300, 350, false}, {"1", 540, 550, false}, {"1", 560, 600, true}},
		"after a long one":  {{"1", 0, 9000, true}, {"1", 9100, 9200, false}, {"1", 9500, 9600, true}},
		"as fast as it can": {{"1", 0, 20, true}, {"2", 40, 60, true}, {"1", 80, 100, true}, {"3", 120, 140, true}},
	} {
		s := Strikes{After: after(500).Sub(begin)}
		for _, p := range presses {
			if got := s.Down(p.key, after(p.down)); got != p.counts {
				t.Errorf("%s: the press at %d ms counts: %v", name, p.down, got)
			}
			s.Up(p.key, after(p.up))
		}
	}
	rolled := Strikes{After: after(500).Sub(begin)} // the second key goes down before the first one comes up
	for _, key := range []string{"1", "2", "1"} {
		if !rolled.Down(key, after(0)) {
			t.Errorf("of rolled keys %s does not count", key)
		}
	}
	rolled.Up("2", after(10))
	if rolled.Up("1", after(20)); rolled.Down("1", after(30)) {
		t.Error("the last of rolled keys counts twice")
	}
}
