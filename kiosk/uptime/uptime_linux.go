package uptime

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// bootIDFile names the present start of the machine (random(4)).
const bootIDFile = "/proc/sys/kernel/random/boot_id"

// Clock reads the kernel's clocks.
type Clock struct{ boot string }

// New makes a clock.
func New() Clock {
	id, err := os.ReadFile(bootIDFile)
	if err != nil {
		return Clock{} // without a name no hold is judged by the uptime of another start
	}
	return Clock{boot: strings.TrimSpace(string(id))}
}

// Boot names the machine's present start; "": not known.
func (c Clock) Boot() string { return c.boot }

// Uptime is the time since the machine was started, sleep included (CLOCK_BOOTTIME, clock_gettime(2)).
func (Clock) Uptime() time.Duration { return read(unix.CLOCK_BOOTTIME) }

// Asleep is how much of it the machine has slept: what CLOCK_BOOTTIME has counted and CLOCK_MONOTONIC, by which Go counts, has not.
func (Clock) Asleep() time.Duration {
	before := read(unix.CLOCK_MONOTONIC)
	boot := read(unix.CLOCK_BOOTTIME)
	after := read(unix.CLOCK_MONOTONIC)
	return max(0, boot-before-(after-before)/2)
}

// read gives 0 where the kernel does not know the clock, which no kernel that Go runs on does.
func read(clock int32) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
