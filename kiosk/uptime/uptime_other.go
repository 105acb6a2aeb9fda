//go:build !linux

package uptime

import "time"

// Clock knows neither the computer's start nor its sleep: on this system holds end by Go's monotonic clock.
type Clock struct{ started time.Time }

// New returns a Clock.
func New() Clock { return Clock{time.Now()} }

// Boot returns "": the computer's present start is not known.
func (Clock) Boot() string { return "" }

// Uptime returns the time since New.
func (c Clock) Uptime() time.Duration { return time.Since(c.started) }

// Asleep returns 0: it is not known.
func (Clock) Asleep() time.Duration { return 0 }
