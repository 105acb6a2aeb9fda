package device

import (
	"context"
	"time"
)

// Watch asks for the state whenever the printer is idle for a while, and tells changed each state that differs from the one before, first the first;
// also those that a job has seen. It lives until ctx ends. There is one Watch at a time.
func (p *Printer) Watch(ctx context.Context, every time.Duration, changed func(Status)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var told *Status
	tell := func(s Status) {
		if told == nil || *told != s {
			told = &s
			changed(s)
		}
	}
	for ctx.Err() == nil {
		_, _ = p.Status(ctx) // what comes through seen says it
		select {
		case s := <-p.seen:
			tell(s)
		default:
		}
		select {
		case <-ctx.Done():
		case s := <-p.seen:
			tell(s)
		case <-ticker.C:
		}
	}
}
