package file

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
