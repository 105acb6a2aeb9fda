package health

import (
	"context"
	"time"

	"infomat/kiosk"
)

// Watch asks everything that booking and paper need, and tells when the answer changes.
type Watch struct {
	Booking []func(now time.Time) kiosk.Reason // each gives the reason why booking cannot work, or ""; the first reason counts
	Paper   func(ctx context.Context) bool     // whether a ticket could be printed now; nil: tickets are not printed here
	Every   time.Duration                      // between two rounds
	Wake    <-chan struct{}                    // asks for a round at once; may be nil
	Changed func(kiosk.Service)                // called from Run's goroutine, first with the first round's result; must not block
}

// Run lives until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	ticker := time.NewTicker(w.Every)
	defer ticker.Stop()
	var last *kiosk.Service
	for {
		now := w.round(ctx, last)
		if ctx.Err() != nil {
			return
		}
		if last == nil || *last != now {
			last = &now
			w.Changed(now)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-w.Wake:
		}
	}
}

// round asks once. A printer is asked after booking, because its answer can take seconds and a patient can do without paper.
func (w *Watch) round(ctx context.Context, last *kiosk.Service) kiosk.Service {
	s := kiosk.Service{Down: w.down(time.Now())}
	if last != nil && last.Down != s.Down {
		s.NoPaper = last.NoPaper
		w.Changed(s)
	}
	s.NoPaper = w.Paper != nil && !w.Paper(ctx)
	return s
}

func (w *Watch) down(now time.Time) kiosk.Reason {
	for _, ask := range w.Booking {
		if reason := ask(now); reason != "" {
			return reason
		}
	}
	return ""
}
