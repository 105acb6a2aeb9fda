package registry

import (
	"testing"
)

// An empty answer, where an object with a list is wanted, is an error.
func TestInsideOfNothing(t *testing.T) {
	count := func(data string) (n int, err error) {
		err = newWire[slot](Names{}).inside("slots", []byte(data), func(*slot, bool) error { n++; return nil })
		return n, err
	}
	for _, data := range []string{
		"", "  ", "5", `{"other":[]}`, `[{"other":[]}]`, `[5]`, `[null]`, `{"slots":5}`, `{"slots":[]}x`, `{"slots":[]`,
		`[{"slots":[]}`, `{"slots":[{]}`,
	} {
		if n, err := count(data); err == nil {
			t.Errorf("%q: %d", data, n)
		}
	}
	for data, want := range map[string]int{
		`{"slots":[{}]}`: 1, ` {"slots":[]}`: 0, `[{"slots":[{}]},{"x":{"slots":[5]},"slots":[{},{}]}]`: 3,
		`[]`: 0, `null`: 0,
		`{"slots":null}`: 0, `{"slots":[5,{},[]]}`: 3,
	} {
		if n, err := count(data); err != nil || n != want {
			t.Errorf("%q: %d, %v", data, n, err)
		}
	}
}
