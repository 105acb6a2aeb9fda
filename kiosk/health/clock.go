package health

import "time"

// WallClock finds out when somebody sets the wall clock. It is for one goroutine.
type WallClock struct {
	wall   time.Time     // at the last look
	uptime time.Duration //
}

// Jumped tells by how much the wall clock was set since the last look: forward is positive. Uptime is a clock that nobody sets, and that goes on while
// the machine sleeps. What a slow correction of the clock makes between two looks is much smaller than what anybody sets it by.
func (w *WallClock) Jumped(now time.Time, uptime time.Duration) time.Duration {
	now = now.Round(0)
	was, before := w.wall, w.uptime
	w.wall, w.uptime = now, uptime
	if was.IsZero() {
		return 0
	}
	return now.Sub(was) - (uptime - before)
}
