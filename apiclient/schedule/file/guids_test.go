package file

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"
)

// The first GUID that an earlier one equals is found, whatever their bytes are.
func TestTheFirstRepeatedGUID(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 500 {
		guids := make([]uuid.UUID, random.IntN(300))
		for i := range guids {
			guids[i][random.IntN(2)*15] = byte(random.IntN(256)) // the first byte or the last one
			guids[i][8] = byte(random.IntN(1 + round))
		}
		want := -1
		for i, g := range guids {
			if slices.Contains(guids[:i], g) {
				want = i
				break
			}
		}
		if got := repeated(guids); got != want {
			t.Fatalf("%d of %d, want %d", got, len(guids), want)
		}
	}
}
