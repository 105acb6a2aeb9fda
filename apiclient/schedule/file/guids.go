package file

import (
	"fmt"

	"github.com/google/uuid"
)

// checkGUIDs returns an error for the first cell whose GUID an earlier one has.
func (r *reader) checkGUIDs() error {
	n := repeated(r.guids)
	if n < 0 {
		return nil
	}
	doctor := 0
	for i, p := range r.places {
		if p.cell <= n {
			doctor = i
		}
	}
	at := r.places[doctor]
	const want = "write a different GUID for each cell"
	bad := newProblem("is used twice in the document", want, "cells", n-at.cell, "guid")
	return r.errorAtPath(at.offset, bad, fmt.Sprintf("doctors[%d]", doctor))
}

// repeated returns the number of the first GUID that an earlier one equals, or -1. It takes the GUIDs with the
// same last byte at a time: the set of those stays in the processor's cache, and that of all would not.
func repeated(guids []uuid.UUID) int {
	var groups [256][]int32
	for i, g := range guids {
		last := g[len(g)-1]
		groups[last] = append(groups[last], int32(i))
	}
	first := -1
	seen := map[uuid.UUID]struct{}{}
	for _, group := range groups {
		clear(seen)
		for n, i := range group {
			seen[guids[i]] = struct{}{}
			if len(seen) > n {
				continue
			}
			if first < 0 || int(i) < first {
				first = int(i)
			}
			break
		}
	}
	return first
}
