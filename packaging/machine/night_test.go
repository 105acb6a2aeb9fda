package machine

import (
	"testing"
)

// night starts what the timers start at night, in the middle of a visit and on the welcome screen. Upgrades and the
// restart that they need wait for the end of a visit.
func (h *hall) night(t *testing.T) {
	// result starts a unit and returns how that ended.
	result := func(unit string) string {
		h.long(t, "systemctl reset-failed "+unit+" 2>/dev/null; systemctl start "+unit+"; true")
		return h.ask(t, "systemctl show -P Result "+unit)
	}
	h.ask(t, "touch /run/reboot-required")
	units := []string{"apt-daily-upgrade.service", "infomat-lockdown-restart.service"}
	h.leads(t, h.await(t, screenWithin, "welcome"), "start")
	h.await(t, screenWithin, "age")
	for _, unit := range units {
		if r := result(unit); r != "exec-condition" {
			t.Errorf("in a visit %s ended as %s", unit, r)
		}
	}
	h.await(t, bootWithin, "welcome")
	if r := result(units[0]); r != "success" {
		t.Errorf("on the welcome screen %s ended as %s", units[0], r)
	}
	boot := h.ask(t, "cat /proc/sys/kernel/random/boot_id")
	h.ask(t, "systemctl start --no-block "+units[1])
	until(t, bootWithin, "the restart", func() bool {
		now, err := h.shell.run(lookWithin, "cat /proc/sys/kernel/random/boot_id")
		return err == nil && now != boot
	})
	h.await(t, bootWithin, "welcome")
	h.keep(t, "after-the-night")
}

// removed removes the package that closes the computer. Everything is as Debian has made it.
func (h *hall) removed(t *testing.T) {
	h.long(t, "dpkg --purge infomat-lockdown")
	for what, command := range map[string]string{
		"files":        "find /etc /usr /var/lib -name '*infomat-lockdown*' -not -path '/var/lib/dpkg/*'",
		"masked units": "find /etc/systemd/system -lname /dev/null",
		"the firewall": "nft list tables",
		"deaf devices": "grep -l 1 /sys/class/input/input*/inhibited; true",
	} {
		if left := h.ask(t, command); left != "" {
			t.Errorf("%s are left: %s", what, left)
		}
	}
	h.await(t, screenWithin, "welcome")
	if err := h.monitor.do("system_powerdown", nil, nil); err != nil {
		t.Fatal(err)
	}
	until(t, screenWithin, "the button of the case", func() bool { return h.moved(t) != "" })
}
