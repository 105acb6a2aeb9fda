package terminal

import (
	"context"

	"infomat/kiosk"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// appender writes a record durably: the journal does.
type appender interface {
	Append(ctx context.Context, r kiosk.Record) error
}

// records is the journal as the visit needs it. A record that cannot be written is reported to the watch, which alone
// decides what that means for the next visit.
type records struct {
	journal appender
	report  func(health.Finding)
}

// Append writes a record durably.
func (r *records) Append(ctx context.Context, k kiosk.Record) error {
	err := r.journal.Append(ctx, k)
	if err != nil && ctx.Err() == nil {
		r.report(checks.Unwritable(err))
	}
	return err
}
