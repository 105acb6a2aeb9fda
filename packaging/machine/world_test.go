package machine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// closes waits for a screen that is the terminal's and not the welcome screen: booking is closed, and it says so.
func (h *hall) closes(t *testing.T, within time.Duration, stage string) {
	t.Helper()
	until(t, within, "the screen of "+stage, func() bool {
		out, err := h.shell.run(lookWithin, "systemctl is-active infomat")
		return err == nil && out == "active"
	})
	until(t, within, "the diagnosis of "+stage, func() bool { return !h.serves() })
	time.Sleep(10 * time.Second) // a screen
	if s := h.look(t); s != nil {
		t.Errorf("%s: the screen is %s", stage, s.name)
	}
	h.keep(t, stage)
}

// serves reports whether the terminal finds that it can serve.
func (h *hall) serves() bool {
	return h.says(`infomat diag --config /etc/infomat/infomat.toml --json 2>/dev/null |
		grep -q '"canServe":true'`)
}

// clockOf1970 switches the computer on with an empty battery. Nothing is booked by a clock that is wrong, and the
// terminal opens when the clock has been set. systemd-timesyncd goes on from the time that it has kept on the disk, as
// if the computer had been off for a moment only; that time is taken away.
func (h *hall) clockOf1970(t *testing.T) {
	h.ask(t, "rm -f /var/lib/systemd/timesync/clock; sync")
	h.off(t)
	if err := h.on(t.Context(), power{clock: "1970-01-01T00:00:00"}); err != nil {
		t.Fatal(err)
	}
	h.closes(t, bootWithin, "clock-of-1970")
	t.Logf("the clock: %s", h.ask(t, "date"))
	h.ask(t, fmt.Sprintf("date -s @%d", time.Now().Unix()))
	h.await(t, bootWithin, "welcome")
	h.visit(t)
}

// networkGone switches the computer on without a network.
func (h *hall) networkGone(t *testing.T) {
	h.off(t)
	began := time.Now()
	if err := h.on(t.Context(), power{unplugged: true}); err != nil {
		t.Fatal(err)
	}
	h.closes(t, bootWithin, "network-gone")
	t.Logf("from power to the screen: %s", time.Since(began).Round(time.Second))
	if err := h.network(true); err != nil {
		t.Fatal(err)
	}
	h.await(t, bootWithin, "welcome")
	h.visit(t)
}

// off switches the computer off, as at a plug.
func (h *hall) off(t *testing.T) {
	t.Helper()
	if err := h.cut(); err != nil {
		t.Fatal(err)
	}
}

// killed kills the terminal as the kernel does when memory is short. It comes back by itself.
func (h *hall) killed(t *testing.T) {
	const main = "systemctl show -P MainPID infomat"
	before := h.ask(t, main)
	h.ask(t, "systemctl kill -s KILL infomat")
	until(t, bootWithin, "another process", func() bool {
		now, err := h.shell.run(lookWithin, "sleep 1; "+main)
		return err == nil && now != "0" && now != before
	})
	h.await(t, bootWithin, "welcome")
	h.keep(t, "after-kill")
	h.visit(t)
}

// diskFull fills the disk while the terminal runs. What is offered then is finished truly, and booking is open again
// when there is room.
func (h *hall) diskFull(t *testing.T) {
	h.ask(t, `sync; fallocate -l "$(($(df --output=avail -B1 / | tail -n 1) - 65536))" /root/fill
		dd if=/dev/zero of=/root/fill2 bs=4k 2>/dev/null; dd if=/dev/zero of=/root/fill3 bs=1k 2>/dev/null; true`)
	t.Logf("room left: %s", h.ask(t, "df --output=avail -B1 / | tail -n 1"))
	papers, bookings := len(h.paper.Papers()), len(h.registry.Bookings())
	time.Sleep(30 * time.Second)
	h.keep(t, "disk-full")
	if s := h.look(t); s != nil && s.name == "welcome" {
		h.book(t, nil, "an answer", func() bool {
			time.Sleep(glance)
			return h.past(t, "check")
		})
		time.Sleep(30 * time.Second)
		h.keep(t, "disk-full-booked")
		if n := len(h.registry.Bookings()) - bookings; n > 0 {
			if stages, _ := h.stages(t); !slices.Contains(stages, "CONFIRMED") {
				t.Errorf("the registry has a booking of which the journal has %v", stages)
			}
			if n := len(h.paper.Papers()) - papers; n != 1 {
				t.Errorf("%d tickets for one booking", n)
			}
		}
	}
	h.ask(t, "rm /root/fill*; sync")
	h.home(t)
	until(t, lookWithin*3, "booking is open again", h.serves)
	h.visit(t)
}

// flood opens as many connections to the metrics as a file table has, and holds them. It does so within the computer,
// since QEMU lets three a second in. The terminal may close one before its other end knows that it is open; that one
// counts as refused, and the flood goes on.
const flood = `systemd-run -q --unit=flood --property=LimitNOFILE=8192 bash -c '
	for i in $(seq 4096); do exec {fd}<>/dev/tcp/10.0.2.15/9100; done 2>/dev/null
	ls /proc/self/fd | wc -l >/run/flood.part; mv /run/flood.part /run/flood; sleep 3600'`

// manyConnections floods the metrics. Patients book all the same, and the log stays quiet.
func (h *hall) manyConnections(t *testing.T) {
	lines := h.ask(t, "journalctl -b -q -u infomat | wc -l")
	h.ask(t, flood)
	until(t, screenWithin, "the connections", func() bool { return h.says("sleep 1; ls /run/flood") })
	if n := h.ask(t, "cat /run/flood"); len(n) < 4 {
		t.Errorf("%s connections, not 4096", n)
	}
	t.Logf("descriptors of the terminal: %s", h.ask(t, `ls /proc/"$(systemctl show -P MainPID infomat)"/fd | wc -l`))
	h.visit(t)
	after := h.ask(t, "journalctl -b -q -u infomat | wc -l")
	t.Logf("lines of the log: %s before, %s after", lines, after)
	var a, b int
	if _, err := fmt.Sscan(lines+" "+after, &a, &b); err != nil || b-a > 200 {
		t.Errorf("the log has grown from %s to %s lines", lines, after)
	}
	said := h.ask(t, "journalctl -b -q -u infomat | grep -c 'too many open files'; true")
	if strings.TrimSpace(said) != "0" {
		t.Errorf("the terminal has run out of descriptors: %s lines", said)
	}
	h.ask(t, "systemctl stop flood")
}
