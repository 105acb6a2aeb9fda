package health

import (
	"context"
	"sync/atomic"
	"time"
)

// Gate is shut when the registry refuses the terminal as such, and opens when it would be admitted again. Whether it would be shows only when it asks: time
// alone proves nothing, so the gate asks, and stays shut for as long as no answer comes. It asks less and less often: to the registry each question
// is one more request that it has to refuse.
type Gate struct {
	Probe   func(ctx context.Context) (admitted bool, err error) // must be bounded in time by itself
	Every   time.Duration                                        // at most so long from being shut to the first question; the pauses double from there
	Longest time.Duration                                        // the longest pause between two questions
	Changed func(shut bool)                                      // called from Shut's caller or from Run's goroutine; must not block

	shut atomic.Bool
}

// Shut shuts the gate.
func (g *Gate) Shut() {
	if g.shut.CompareAndSwap(false, true) {
		g.Changed(true)
	}
}

// IsShut tells whether the terminal is refused.
func (g *Gate) IsShut() bool { return g.shut.Load() }

// Run asks, while the gate is shut, until ctx ends.
func (g *Gate) Run(ctx context.Context) {
	ticker := time.NewTicker(g.Every)
	defer ticker.Stop()
	waited, pause := time.Duration(0), g.Every
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !g.IsShut() {
			waited, pause = 0, g.Every
			continue
		}
		if waited += g.Every; waited < pause {
			continue
		}
		waited, pause = 0, min(2*pause, g.Longest)
		if admitted, err := g.Probe(ctx); err == nil && admitted && g.shut.CompareAndSwap(true, false) {
			g.Changed(false)
		}
	}
}
