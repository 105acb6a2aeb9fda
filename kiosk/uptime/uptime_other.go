//go:build !linux

package uptime

import "time"

// Clock knows of nothing: on this system holds end by Go's monotonic clock.
type Clock struct{ started time.Time }

// New makes a clock.
func New() Clock { return Clock{time.Now()} }

// Boot names the machine's present start; "": not known.
func (Clock) Boot() string { return "" }

// Uptime is the time since the program was started.
func (c Clock) Uptime() time.Duration { return time.Since(c.started) }

// Asleep is not known here.
func (Clock) Asleep() time.Duration { return 0 }
