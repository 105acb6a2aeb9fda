package health

import (
	"context"
	"sync"
	"time"
)

// Source is something that has to make progress.
type Source struct {
	Name  string
	Limit time.Duration     // the longest time without a beat
	Start time.Duration     // the same before Started is called; 0: Limit
	Ask   func(beat func()) // asks it for a beat, without blocking; nil: it beats by itself
}

// Watchdog feeds the supervisor of the process, such as systemd, for as long as every source beats. A feeding that
// depended on the watchdog's own goroutine alone would go on while the screen stands still.
type Watchdog struct {
	Sources []Source
	Every   time.Duration // between two feedings
	Feed    func()        // must not block
	// called once when sources are silent beyond their limits; nothing is fed until all beat again
	Stalled func(silent []string)

	mu      sync.Mutex
	started bool
	beats   map[string]time.Time
	asked   map[string]bool // a beat was asked for and has not come
}

// Beat says that a source makes progress. It is safe for concurrent use.
func (w *Watchdog) Beat(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.beats == nil {
		w.beats, w.asked = map[string]time.Time{}, map[string]bool{}
	}
	w.beats[name] = time.Now()
	w.asked[name] = false
}

// Started says that the program has started: each source has its limit from now on. It is safe for concurrent use.
func (w *Watchdog) Started() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.started = true
	for name := range w.beats {
		w.beats[name] = time.Now()
	}
}

// Run watches until ctx ends. Each source has its limit from now on for its first beat.
func (w *Watchdog) Run(ctx context.Context) {
	for _, s := range w.Sources {
		w.Beat(s.Name)
	}
	ticker := time.NewTicker(w.Every)
	defer ticker.Stop()
	stalled := false
	for {
		silent := w.round(time.Now())
		switch {
		case len(silent) == 0:
			stalled = false
			w.Feed()
		case !stalled:
			stalled = true
			w.Stalled(silent)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// round asks for beats, and returns the sources that are silent beyond their limits.
func (w *Watchdog) round(now time.Time) (silent []string) {
	w.mu.Lock()
	var ask []Source
	for _, s := range w.Sources {
		limit := s.Limit
		if !w.started {
			limit = max(limit, s.Start)
		}
		if now.Sub(w.beats[s.Name]) > limit {
			silent = append(silent, s.Name)
		}
		if s.Ask != nil && !w.asked[s.Name] {
			w.asked[s.Name] = true // one at a time: a source that stands still is not buried under questions
			ask = append(ask, s)
		}
	}
	w.mu.Unlock()
	for _, s := range ask {
		s.Ask(func() { w.Beat(s.Name) })
	}
	return silent
}
