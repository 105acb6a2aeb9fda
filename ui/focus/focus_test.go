package focus

import (
	"slices"
	"strings"
	"testing"

	"infomat/ui/press"
)

func at(id string, part Part, x, y float32) Target {
	return Target{Target: press.Target{ID: id, X: x, Y: y, W: 90, H: 80}, Part: part, Back: id == "back"}
}

// page is a wide page: the head, the days, three times in two rows, and the foot at the left of them.
func page() []Target {
	return []Target{
		at("home", Foot, 100, 300), at("back", Foot, 0, 300), at("t2", Body, 300, 205), at("t1", Body, 200, 200),
		at("t3", Body, 200, 300), at("view", Head, 900, 0), at("d2", Tabs, 300, 100), at("d1", Tabs, 200, 100), at("", Body, 0, 0),
	}
}

// path returns the ids that a direction visits in n moves.
func path(f *Focus, d Direction, n int) string {
	ids := []string{f.at.ID}
	for range n {
		f.Move(d)
		ids = append(ids, f.at.ID)
	}
	return strings.Join(ids, " ")
}

func TestTheOrderIsThatOfReading(t *testing.T) {
	f := Focus{}
	f.Move(Next)
	if _, ok := f.At(); ok {
		t.Error("a page without targets has a focus")
	}
	f.Show(page(), true)
	for d, want := range map[Direction]string{
		Next:     "t1 t2 t3 back home view d1 d2 t1",
		Previous: "t1 d2 d1 view home back t3 t2 t1",
		Down:     "t1 t3 home view d2 t2 t3",
		Up:       "t1 d1 view home t3 t1",
	} {
		f.Show(page(), true)
		if got := path(&f, d, len(strings.Fields(want))-1); got != want {
			t.Errorf("direction %d visits %s, want %s", d, got, want)
		}
	}
}

func TestAPageBeginsWhereNothingIsLost(t *testing.T) {
	reserve, retry := at("reserve", Act, 0, 200), at("retry", Act, 0, 200)
	for name, c := range map[string]struct {
		targets []Target
		want    string
	}{
		"answers":              {page(), "t1"},
		"the check":            {[]Target{at("view", Head, 900, 0), reserve, at("back", Foot, 0, 300), at("home", Foot, 100, 300)}, "back"},
		"a number":             {[]Target{at("view", Head, 900, 0), at("home", Foot, 100, 300)}, "view"},
		"nothing was reserved": {[]Target{at("home", Foot, 0, 300), retry}, "home"},
		"only what acts":       {[]Target{reserve}, ""},
	} {
		f := Focus{}
		f.Show(c.targets, true)
		if t1, _ := f.At(); t1.ID != c.want {
			t.Errorf("%s begins with %q, want %q", name, t1.ID, c.want)
		}
	}
}

func TestFocusStaysWhereItWasMoved(t *testing.T) {
	f := Focus{}
	f.Show([]Target{at("back", Foot, 0, 300)}, true)
	f.Show(page(), false)
	if f.at.ID != "t1" {
		t.Errorf("the answers that arrive get the focus at %s", f.at.ID)
	}
	f.Move(Next)
	moved := page()
	moved[2].X, moved[2].Says = 500, "10:40"
	f.Show(moved, false)
	if f.at != moved[2] {
		t.Errorf("the focus is at %+v, want the target that moved", f.at)
	}
	f.Show(slices.Replace(page(), 2, 3, at("other", Body, 510, 200)), false)
	if f.at.ID != "other" {
		t.Errorf("the focus is at %s, want what took the place", f.at.ID)
	}
	f.Show(page(), false)
	if f.at.ID != "t1" {
		t.Errorf("the focus is at %s, want the first answer after its target has left", f.at.ID)
	}
	f.Move(Next)
	f.Show(page(), true)
	if f.at.ID != "t1" {
		t.Errorf("a new page has the focus at %s", f.at.ID)
	}
}

// TestFocusNeverFallsOnWhatActs lets a target that acts take the place of the one in focus.
func TestFocusNeverFallsOnWhatActs(t *testing.T) {
	f := Focus{}
	f.Show([]Target{at("a", Act, 0, 100), at("back", Foot, 0, 300)}, true)
	f.Move(Previous)
	if f.at.ID != "a" {
		t.Fatal("what acts cannot be reached")
	}
	f.Show([]Target{at("b", Act, 0, 100), at("back", Foot, 0, 300)}, false)
	if f.at.ID != "back" {
		t.Errorf("the focus fell on %s", f.at.ID)
	}
}
