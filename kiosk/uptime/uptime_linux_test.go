package uptime_test

import (
	"testing"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/uptime"
)

var _ kiosk.BootClock = uptime.Clock{}

func TestTheKernelsClocks(t *testing.T) {
	c := uptime.New()
	first, asleep := c.Uptime(), c.Asleep()
	time.Sleep(20 * time.Millisecond)
	if passed := c.Uptime() - first; passed < 20*time.Millisecond || first <= 0 {
		t.Errorf("%v have passed since %v", passed, first)
	}
	if more := c.Asleep() - asleep; more < -time.Millisecond || more > 50*time.Millisecond {
		t.Errorf("the machine has slept %v meanwhile", more)
	}
	if len(c.Boot()) != 36 {
		t.Errorf("the start is called %q", c.Boot())
	}
}
