package device

import (
	"context"
	"time"
)

// Watch asks for the status at the given interval and calls changed with the first status and with each one
// that differs from the one before, including those that a job has observed. It returns when ctx ends. Only
// one Watch may run at a time.
func (p *Printer) Watch(ctx context.Context, every time.Duration, changed func(Status)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var last *Status
	report := func(s Status) {
		if last == nil || *last != s {
			last = &s
			changed(s)
		}
	}
	for ctx.Err() == nil {
		_, _ = p.Status(ctx) // the status comes through p.seen
		select {
		case s := <-p.seen:
			report(s)
		default:
		}
		select {
		case <-ctx.Done():
		case s := <-p.seen:
			report(s)
		case <-ticker.C:
		}
	}
}
