package schedule

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Source is where free cells come from.
type Source interface {
	// Catalogue reads everything: specialities, doctors and their free cells of the coming days.
	Catalogue(ctx context.Context) (*Catalogue, error)
	// Cells reads one doctor's free cells anew.
	Cells(ctx context.Context, doctor uuid.UUID) (Reading, error)
	// CellState reads one cell anew; begin is when it begins. It says CellFree and CellTaken only where the source surely knows of a reservation that
	// was asked for a moment ago, else CellUnknown.
	CellState(ctx context.Context, doctor, cell uuid.UUID, begin time.Time) (CellState, error)
}

// Reading is a doctor's free cells as the source knew them at an instant.
type Reading struct {
	AsOf  time.Time
	Cells []Cell
}

// tally counts what cannot be offered, by reason.
type tally map[string]int

func (t tally) dropped() (list []Dropped) {
	for reason, count := range t {
		list = append(list, Dropped{reason, count})
	}
	slices.SortFunc(list, func(a, b Dropped) int { return cmp.Compare(a.Reason, b.Reason) })
	return list
}
