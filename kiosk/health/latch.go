package health

import (
	"context"
	"sync/atomic"
	"time"
)

// Latch is shut when the registry refuses the terminal as such, and opens when the registry would admit it again.
// Only an answer of the registry proves that: the latch asks, with pauses that double, and stays shut for as long as
// no answer says otherwise. Each question is one more request that the registry has to refuse, hence the pauses.
type Latch struct {
	Probe func(ctx context.Context) (admitted bool, err error) // must be bounded in time by itself
	// the longest time from Shut to the first question; the pauses double from there
	Every   time.Duration
	Longest time.Duration   // the longest pause between two questions
	Changed func(shut bool) // called by Shut, or by Run; must not block

	refusal atomic.Pointer[error] // nil: the latch is open
}

// Shut shuts the latch because of a refusal.
func (l *Latch) Shut(refusal error) {
	if l.refusal.CompareAndSwap(nil, &refusal) {
		l.Changed(true)
	}
}

// IsShut reports whether the terminal is refused.
func (l *Latch) IsShut() bool { return l.refusal.Load() != nil }

// Refusal is the error that shut the latch; nil where it is open.
func (l *Latch) Refusal() error {
	if r := l.refusal.Load(); r != nil {
		return *r
	}
	return nil
}

// Run asks, while the latch is shut, until ctx ends.
func (l *Latch) Run(ctx context.Context) {
	ticker := time.NewTicker(l.Every)
	defer ticker.Stop()
	waited, pause := time.Duration(0), l.Every
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !l.IsShut() {
			waited, pause = 0, l.Every
			continue
		}
		if waited += l.Every; waited < pause {
			continue
		}
		waited, pause = 0, min(2*pause, l.Longest)
		if admitted, err := l.Probe(ctx); err == nil && admitted && l.refusal.Swap(nil) != nil {
			l.Changed(false)
		}
	}
}
