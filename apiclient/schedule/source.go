package schedule

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Source provides the free cells.
type Source interface {
	// Catalogue reads everything: specialities, doctors and their free cells of the coming days.
	Catalogue(ctx context.Context) (*Catalogue, error)
	// Cells reads one doctor's free cells again.
	Cells(ctx context.Context, doctor uuid.UUID) (Reading, error)
	// CellState reads one cell again; begin is when it begins. It returns CellFree and CellTaken only if the
	// source surely knows of a reservation that was made a moment ago, and else CellUnknown.
	CellState(ctx context.Context, doctor, cell uuid.UUID, begin time.Time) (CellState, error)
}

// Reading is a doctor's free cells as the source knew them at an instant.
type Reading struct {
	AsOf  time.Time
	Cells []Cell
}
