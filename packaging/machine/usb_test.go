package machine

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// plugWithin is the time in which the terminal has to find a printer that was plugged in.
const plugWithin = 3 * time.Minute

// printerIs returns the serial number of the device behind the printer's fixed name; "" if there is none.
func (h *hall) printerIs() string {
	out, err := h.shell.run(lookWithin,
		`udevadm info -q property -n "$(readlink -f /dev/infomat-printer)" | sed -n 's/^ID_SERIAL_SHORT=//p'`)
	if err != nil {
		return ""
	}
	return out
}

// printerState is the state of the printer as diag tells it.
func (h *hall) printerState() string {
	out, _ := h.shell.run(lookWithin, `infomat diag --config /etc/infomat/infomat.toml --json 2>/dev/null |
		grep -o '"check":"printer","finding":"[a-z_]*"' | sed 's/.*:"\(.*\)"/\1/'`)
	return out
}

// printerWorks reports whether the printer answers. Beside another device it is unpinned: setup has not been told which
// one it is.
func (h *hall) printerWorks() bool {
	return slices.Contains([]string{"ok", "unpinned"}, h.printerState())
}

var printerCable = map[string]any{
	"driver": "usb-serial", "bus": "usb.0", "port": "3", "chardev": "printer", "serial": "PRINTER",
}

func (h *hall) plugPrinter(t *testing.T) {
	t.Helper()
	if err := h.monitor.plug("printer-cable", cloned(printerCable)); err != nil {
		t.Fatal(err)
	}
}

// cloned returns a copy that plug may change.
func cloned(m map[string]any) map[string]any {
	c := map[string]any{}
	for k, v := range m {
		c[k] = v
	}
	return c
}

// plugStranger plugs in a second serial device.
func (h *hall) plugStranger(t *testing.T) {
	t.Helper()
	before := h.ask(t, "ls /dev/ttyUSB* | wc -l")
	if err := h.monitor.plug("stranger-cable", map[string]any{
		"driver": "usb-serial", "bus": "usb.0", "port": "4", "chardev": "stranger", "serial": "STRANGER",
		"always-plugged": true,
	}); err != nil {
		t.Fatal(err)
	}
	until(t, lookWithin, "the stranger's line", func() bool {
		return h.ask(t, "udevadm settle; ls /dev/ttyUSB* | wc -l") != before
	})
}

// stranger plugs in a second serial device. It does not become the printer: neither at once, nor when the printer's
// cable is pulled and put back.
func (h *hall) stranger(t *testing.T) {
	h.plugStranger(t)
	if is := h.printerIs(); is != "PRINTER" {
		t.Errorf("after a second serial device was plugged in, the printer is %q", is)
	}
	if err := h.monitor.pull("printer-cable"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(5 * time.Second)
	if is := h.printerIs(); is == "STRANGER" {
		t.Errorf("with the printer's cable pulled, the printer is %q", is)
	}
	h.plugPrinter(t)
	until(t, plugWithin, "the printer", func() bool { return h.printerIs() == "PRINTER" && h.printerWorks() })
	if err := h.monitor.pull("stranger-cable"); err != nil {
		t.Fatal(err)
	}
}

// pulledInMidTicket pulls the printer's cable while the ticket is on the line, and puts it back.
func (h *hall) pulledInMidTicket(t *testing.T) {
	papers, bookings, received := len(h.paper.Papers()), len(h.registry.Bookings()), 0
	h.book(t, func() { received = len(h.paper.Received()) },
		"half a ticket", func() bool { return h.printing(received) })
	if err := h.monitor.pull("printer-cable"); err != nil {
		t.Fatal(err)
	}
	until(t, screenWithin, "the end of the print", func() bool {
		stages, _ := h.stages(t)
		return len(stages) > 4
	})
	stages, _ := h.stages(t)
	if end := stages[len(stages)-1]; end != "PRINT_FAILED" && end != "PRINT_UNKNOWN" {
		t.Errorf("the print ended as %s: %v", end, stages)
	}
	if n := len(h.paper.Papers()); n != papers {
		t.Errorf("%d tickets were cut off", n-papers)
	}
	if n := len(h.registry.Bookings()); n != bookings+1 {
		t.Errorf("the registry has made %d bookings", n-bookings)
	}
	until(t, screenWithin, "the screen with the booking", func() bool {
		time.Sleep(glance)
		return h.past(t, "check") && h.past(t, "reserving")
	})
	time.Sleep(reads) // that of the print's end
	h.keep(t, "pulled-in-mid-ticket")
	h.plugPrinter(t)
	until(t, plugWithin, "the printer is back", func() bool { return h.printerWorks() })
	if now, _ := h.stages(t); !slices.Equal(now[:len(stages)], stages) {
		t.Errorf("the journal was %v and is %v", stages, now)
	}
	h.home(t)
	tickets := len(h.tickets())
	h.visit(t)
	if n := len(h.paper.Papers()) - papers - (len(h.tickets()) - tickets); n != 1 {
		t.Errorf("%d pieces of paper are void, not the one that the pulled cable has left", n)
	}
}

// home goes back to the welcome screen from where a visit has ended, or waits until the terminal does.
func (h *hall) home(t *testing.T) {
	t.Helper()
	for range taps {
		if !h.past(t, "welcome") {
			return
		}
		for _, s := range h.memory.screens {
			if s.name == "ticket" {
				h.touch(t, &s, "nav.home")
			}
		}
		for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(glance) {
			if !h.past(t, "welcome") {
				return
			}
		}
	}
	h.await(t, bootWithin, "welcome")
}

// hub hangs everything on a USB hub, pulls the hub and puts it back.
func (h *hall) hub(t *testing.T) {
	devices := map[string]map[string]any{
		"touch":         {"driver": "usb-tablet", "bus": "usb.0", "port": "5.1"},
		"keyboard":      {"driver": "usb-kbd", "bus": "usb.0", "port": "5.2"},
		"printer-cable": cloned(printerCable),
	}
	devices["printer-cable"]["port"] = "5.3"
	plug := func() {
		t.Helper()
		if err := h.monitor.plug("hub", map[string]any{"driver": "usb-hub", "bus": "usb.0", "port": "5"}); err != nil {
			t.Fatal(err)
		}
		for id, device := range devices {
			if err := h.monitor.plug(id, cloned(device)); err != nil {
				t.Fatal(err)
			}
		}
		until(t, plugWithin, "the printer at the hub", func() bool {
			return h.printerIs() == "PRINTER" && h.printerWorks()
		})
	}
	pull := func(ids ...string) {
		t.Helper()
		for _, id := range ids {
			if err := h.monitor.pull(id); err != nil && !strings.Contains(err.Error(), "DeviceNotFound") {
				t.Fatal(err)
			}
		}
	}
	pull("touch", "keyboard", "printer-cable")
	plug()
	pull("hub") // with everything on it
	until(t, plugWithin, "the terminal knows that the printer has gone", func() bool {
		return !slices.Contains([]string{"", "ok", "unpinned"}, h.printerState())
	})
	h.keep(t, "hub-pulled")
	if h.ask(t, "systemctl is-active infomat infomat-display | sort -u") != "active" {
		t.Error("the terminal does not run without its devices")
	}
	plug()
	h.await(t, screenWithin, "welcome")
	h.visit(t)
}
