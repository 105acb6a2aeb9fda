package health

import "time"

// WallClock finds out when somebody sets the wall clock. It is not safe for concurrent use.
type WallClock struct {
	wall   time.Time     // at the last look
	uptime time.Duration //
}

// Jumped returns by how much the wall clock was set since the last call; forward is positive. Uptime is a clock that
// nobody sets, and that goes on while the computer sleeps. A slow correction of the clock by a time service is much
// smaller between two calls than what anybody sets it by: see ClockStep.
func (w *WallClock) Jumped(now time.Time, uptime time.Duration) time.Duration {
	now = now.Round(0)
	was, before := w.wall, w.uptime
	w.wall, w.uptime = now, uptime
	if was.IsZero() {
		return 0
	}
	return now.Sub(was) - (uptime - before)
}
