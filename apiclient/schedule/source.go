package schedule

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Source is where free cells come from.
type Source interface {
	// Catalogue reads everything: specialities, doctors and their free cells of the coming days.
	Catalogue(ctx context.Context) (*Catalogue, error)
	// Cells reads one doctor's free cells anew.
	Cells(ctx context.Context, doctor uuid.UUID) ([]Cell, error)
	// CellState reads one cell anew; begin is when it begins.
	CellState(ctx context.Context, doctor, cell uuid.UUID, begin time.Time) (CellState, error)
}
