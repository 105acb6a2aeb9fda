package schedule

import (
	"strings"
	"testing"
)

// A name of the document is quoted in an error only if it is certainly the name of a property: errors are logged.
func TestUnknownNameIsQuotedOnlyIfItIsOne(t *testing.T) {
	for name, quoted := range map[string]bool{
		"doctor": true, "a_1": true, "Z9": true, strings.Repeat("a", 32): true,
		strings.Repeat("a", 33): false, "Иванов": false, "a b": false, "a.b": false, "\u007f": false, "ß": false,
	} {
		if got := strings.Contains(unknownName(name), name); got != quoted {
			t.Errorf("%q: %q", name, unknownName(name))
		}
	}
}

// An empty answer, where an object with a list is wanted, is an error.
func TestInsideOfNothing(t *testing.T) {
	w := newWire[slot](Names{})
	for _, data := range []string{"", "  ", "5", `{"other":[]}`, `[{"other":[]}]`} {
		if list, err := w.inside("slots", []byte(data)); err == nil {
			t.Errorf("%q: %v", data, list)
		}
	}
	for data, want := range map[string]int{
		`{"slots":[{}]}`: 1, ` {"slots":[]}`: 0, `[{"slots":[{}]},{"slots":[{},{}]}]`: 3, `[]`: 0,
	} {
		if list, err := w.inside("slots", []byte(data)); err != nil || len(list) != want {
			t.Errorf("%q: %v, %v", data, list, err)
		}
	}
}
