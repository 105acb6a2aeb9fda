package machine

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// attack is something that somebody does to the terminal. It reports whether that came through.
type attack func(h *hall, t *testing.T) bool

// packet says something to a program in the computer that listens at a port which is nobody's business.
func packet(h *hall, t *testing.T) bool {
	h.ask(t, `systemctl is-active -q echo || systemd-run -q --unit=echo \
		systemd-socket-activate --accept --inetd -l 9999 cat`)
	until(t, lookWithin, "a listener in the computer", func() bool { return h.says("ss -Hltn | grep -q :9999") })
	conn, err := net.DialTimeout("tcp", h.closed, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(15 * time.Second))
	if _, err := io.WriteString(conn, "hello\n"); err != nil {
		return false
	}
	answer := make([]byte, 6)
	_, err = io.ReadFull(conn, answer)
	return err == nil && string(answer) == "hello\n"
}

// adapter plugs in a network adapter, which would bring a network of the attacker's.
func adapter(h *hall, t *testing.T) bool {
	if err := h.monitor.do("netdev_add", map[string]any{"type": "user", "id": "theirs"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.monitor.plug("adapter", map[string]any{
		"driver": "usb-net", "bus": "usb.0", "port": "7", "netdev": "theirs",
	}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.monitor.pull("adapter"); err != nil {
			t.Fatal(err)
		}
		if err := h.monitor.do("netdev_del", map[string]any{"id": "theirs"}, nil); err != nil {
			t.Fatal(err)
		}
	}()
	const known = `grep -qs 0525 /sys/bus/usb/devices/*/idVendor`
	until(t, lookWithin, "the adapter at its socket", func() bool { return h.says(known) })
	time.Sleep(3 * time.Second)
	h.ask(t, "udevadm settle")
	return h.says("ls -d /sys/class/net/*/device/driver | xargs readlink | grep -qE 'cdc_ether|rndis_host'")
}

// logsIn types a login blindly.
func logsIn(h *hall, t *testing.T) bool {
	h.typesLogin(t)
	in := h.says("ls /tmp/keyboard")
	h.ask(t, "rm -f /tmp/keyboard; systemctl try-restart getty@tty1") // ends a login
	return in
}

// pressed returns the attack that presses a chord.
func pressed(chord ...string) attack {
	return func(h *hall, t *testing.T) bool {
		before := h.left(t)
		if err := h.monitor.press(chord...); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		return h.changed(t, before) != ""
	}
}

// keyboardCable is the keyboard of arguments.
var keyboardCable = map[string]any{"driver": "usb-kbd", "bus": "usb.0", "port": "2"}

// atPS2 does something at the keyboard of the computer's PS/2 socket, which has keys that QEMU's USB keyboard has not:
// Sleep and Wake. QEMU gives the keys to that keyboard while the other one is unplugged.
func (h *hall) atPS2(t *testing.T, do func()) {
	t.Helper()
	if err := h.monitor.pull("keyboard"); err != nil {
		t.Fatal(err)
	}
	do()
	if err := h.monitor.plug("keyboard", cloned(keyboardCable)); err != nil {
		t.Fatal(err)
	}
}

// pressedAtPS2 returns the attack that presses a chord at the PS/2 keyboard.
func pressedAtPS2(chord ...string) attack {
	return func(h *hall, t *testing.T) (through bool) {
		h.atPS2(t, func() { through = pressed(chord...)(h, t) })
		return through
	}
}

// caseButton presses the button of the case.
func caseButton(h *hall, t *testing.T) bool {
	before := h.left(t)
	if err := h.monitor.do("system_powerdown", nil, nil); err != nil {
		t.Fatal(err)
	}
	time.Sleep(5 * time.Second)
	return h.changed(t, before) != ""
}

// secondLine plugs in the printer and a second serial device, which would become the printer.
func secondLine(h *hall, t *testing.T) bool {
	h.plugPrinter(t)
	until(t, plugWithin, "the printer", func() bool { return h.printerIs() == "PRINTER" })
	h.plugStranger(t)
	became := h.printerIs() == "STRANGER"
	for _, cable := range []string{"stranger-cable", "printer-cable"} {
		if err := h.monitor.pull(cable); err != nil {
			t.Fatal(err)
		}
	}
	return became
}

// strangersStick plugs a stick in while patients book.
func strangersStick(h *hall, t *testing.T) bool {
	file := filepath.Join(h.run, "stranger.img")
	if err := fat(t.Context(), file, "STRANGER"); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(file)
	h.plugStick(t, "stranger", file)
	defer h.pullStick(t, "stranger")
	time.Sleep(10 * time.Second)
	return h.mounted(t) != ""
}

// resists returns the part in which an attack must not come through.
func (h *hall) resists(a attack) func(*testing.T) {
	return func(t *testing.T) {
		if a(h, t) {
			h.keep(t, "attacked")
			t.Fatal("the attack has come through")
		}
	}
}
