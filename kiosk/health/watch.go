package health

import (
	"context"
	"slices"
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

	Alarms func(now time.Time) []Alarm // what is due for a technician; nil: nothing is
	Alarm  func(a Alarm, on bool)      // called from Run's goroutine when an alarm comes or goes; must not block

	told  *kiosk.Service // what was told last; owned by Run's goroutine
	rings []Alarm        // what was told of alarms
}

// Run lives until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	ticker := time.NewTicker(w.Every)
	defer ticker.Stop()
	w.told = nil
	for ctx.Err() == nil {
		w.round(ctx)
		select {
		case <-ctx.Done():
		case <-ticker.C:
		case <-w.Wake:
		}
	}
}

// round asks once. What is known of booking is told before the printer is asked: its answer can take seconds, and a patient can do without
// paper.
func (w *Watch) round(ctx context.Context) {
	if w.Alarms != nil {
		w.ring(w.Alarms(time.Now()))
	}
	s := kiosk.Service{Down: w.down(time.Now())}
	if w.told != nil {
		s.NoPaper = w.told.NoPaper
		w.tell(s)
	}
	s.NoPaper = w.Paper != nil && !w.Paper(ctx)
	if ctx.Err() == nil {
		w.tell(s)
	}
}

// ring tells which alarms have come, and which have gone.
func (w *Watch) ring(due []Alarm) {
	for _, a := range due {
		if !slices.Contains(w.rings, a) {
			w.Alarm(a, true)
		}
	}
	for _, a := range w.rings {
		if !slices.Contains(due, a) {
			w.Alarm(a, false)
		}
	}
	w.rings = due
}

// tell tells a change, and nothing else.
func (w *Watch) tell(s kiosk.Service) {
	if w.told != nil && *w.told == s {
		return
	}
	w.told = &s
	w.Changed(s)
}

func (w *Watch) down(now time.Time) kiosk.Reason {
	for _, ask := range w.Booking {
		if reason := ask(now); reason != "" {
			return reason
		}
	}
	return ""
}
