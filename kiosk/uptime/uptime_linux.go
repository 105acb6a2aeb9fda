package uptime

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// bootIDFile holds the identifier of the computer's present start (random(4)).
const bootIDFile = "/proc/sys/kernel/random/boot_id"

// Clock reads the kernel's clocks.
type Clock struct{ boot string }

// New returns a Clock.
func New() Clock {
	id, err := os.ReadFile(bootIDFile)
	if err != nil {
		return Clock{} // without an identifier no hold is judged by the uptime of another start
	}
	return Clock{boot: strings.TrimSpace(string(id))}
}

// Boot returns the identifier of the computer's present start, or "" where it is not known.
func (c Clock) Boot() string { return c.boot }

// Uptime returns the time since the computer was started, sleep included (CLOCK_BOOTTIME, clock_gettime(2)).
func (Clock) Uptime() time.Duration { return read(unix.CLOCK_BOOTTIME) }

// Asleep returns how long the computer has slept since its start: the difference of CLOCK_BOOTTIME and
// CLOCK_MONOTONIC, which Go uses. The latter is read twice and averaged.
func (Clock) Asleep() time.Duration {
	before := read(unix.CLOCK_MONOTONIC)
	boot := read(unix.CLOCK_BOOTTIME)
	after := read(unix.CLOCK_MONOTONIC)
	return max(0, boot-before-(after-before)/2)
}

// read returns a clock's time, or 0 where the kernel has no such clock. Every kernel that Go supports has both.
func read(clock int32) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
