package uptime_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/uptime"
)

var _ kiosk.BootClock = uptime.Clock{}

// first returns the first word of a file of the kernel.
func first(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(data))[0]
}

// seconds returns what /proc/uptime says, to 10 ms.
func seconds(t *testing.T) time.Duration {
	t.Helper()
	s, err := strconv.ParseFloat(first(t, "/proc/uptime"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(s * float64(time.Second))
}

// Uptime lies between two readings of /proc/uptime.
func TestUptime(t *testing.T) {
	before := seconds(t)
	got := uptime.New().Uptime()
	after := seconds(t) + 10*time.Millisecond // it is cut off after two digits
	if got < before || got > after {
		t.Errorf("%v, want from %v to %v", got, before, after)
	}
}

func TestBoot(t *testing.T) {
	if got, want := uptime.New().Boot(), first(t, "/proc/sys/kernel/random/boot_id"); got != want || len(got) != 36 {
		t.Errorf("%q, want %q", got, want)
	}
}

// A computer that did not sleep in between has slept no longer than before; by design the figure varies by less than
// the time between two readings.
func TestAsleep(t *testing.T) {
	c := uptime.New()
	start := time.Now()
	a, b := c.Asleep(), c.Asleep()
	if took := time.Since(start); b-a > took || a-b > took || a < 0 || a > c.Uptime() {
		t.Errorf("slept %v, then %v, read within %v", a, b, took)
	}
}
