package schedule

import (
	"bytes"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// byName sorts by name as a Russian dictionary does: «ё» beside «е», numbers by their value.
func byName[T any](list []T, name func(T) string) {
	type named struct {
		key   []byte
		value T
	}
	order := collate.New(language.Russian, collate.Numeric)
	var keys collate.Buffer
	all := make([]named, len(list))
	for i, v := range list {
		all[i] = named{order.KeyFromString(&keys, name(v)), v}
	}
	slices.SortStableFunc(all, func(a, b named) int { return bytes.Compare(a.key, b.key) })
	for i, n := range all {
		list[i] = n.value
	}
}
