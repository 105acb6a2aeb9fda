package machine

import (
	"fmt"
	"testing"
	"time"
)

// left is what a hand at the keyboard must not change.
func (h *hall) left(t *testing.T) string {
	t.Helper()
	return h.ask(t, `cat /sys/class/tty/tty0/active; systemctl show -P MainPID infomat infomat-display;
		cat /proc/sys/kernel/random/boot_id; loginctl list-sessions --no-legend; ls /tmp/keyboard 2>/dev/null; true`)
}

// unmoved fails if the computer was reset, suspended or switched off, or if anything else is left of a hand.
func (h *hall) unmoved(t *testing.T, what, before string) {
	t.Helper()
	for _, name := range []string{"RESET", "SHUTDOWN", "SUSPEND", "SUSPEND_DISK"} {
		n, err := h.monitor.happened(name)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			h.keep(t, "moved")
			t.Fatalf("%s: the computer has done %s", what, name)
		}
	}
	if now := h.left(t); now != before {
		h.keep(t, "moved")
		t.Errorf("%s has left something:\n%s\nbefore:\n%s", what, now, before)
	}
}

// login is what somebody types who hopes for a prompt behind the picture.
var login = []string{"ret", "r", "o", "o", "t", "ret", "r", "o", "o", "t", "ret"}

// trace is a command that leaves a trace: touch /tmp/keyboard.
var trace = []string{
	"t", "o", "u", "c", "h", "spc", "slash", "t", "m", "p", "slash", "k", "e", "y", "b", "o", "a", "r", "d", "ret",
}

func (h *hall) typeKeys(t *testing.T, keys []string) {
	t.Helper()
	for _, k := range keys {
		if err := h.monitor.press(k); err != nil {
			t.Fatal(err)
		}
	}
}

// keyboard presses all that could reach behind the screen.
func (h *hall) keyboard(t *testing.T) {
	before := h.left(t)
	tryLogin := func(what string) {
		t.Helper()
		h.typeKeys(t, login)
		time.Sleep(15 * time.Second) // login's own pause
		h.typeKeys(t, trace)
		time.Sleep(3 * time.Second)
		h.unmoved(t, what, before)
	}
	tryLogin("a login typed blindly")
	for _, chord := range [][]string{
		{"ctrl", "alt", "f1"},
		{"ctrl", "alt", "f2"},
		{"ctrl", "alt", "f3"},
		{"alt", "f2"},
		{"alt", "left"},
		{"ctrl", "alt", "backspace"},
		{"ctrl", "alt", "delete"},
		{"alt", "sysrq", "r"},
		{"alt", "f1"},
		{"alt", "sysrq", "k"},
		{"alt", "sysrq", "e"},
		{"alt", "sysrq", "b"},
		{"sleep"},
		{"wake"},
		{"power"},
	} {
		if err := h.monitor.press(chord...); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		h.unmoved(t, fmt.Sprint(chord), before)
	}
	tryLogin("a login after all chords")
	h.await(t, screenWithin, "welcome")
	h.keep(t, "keyboard")
}

// powerButton is the button of the case.
func (h *hall) powerButton(t *testing.T) {
	before := h.left(t)
	if err := h.monitor.do("system_powerdown", nil, nil); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Second)
	h.unmoved(t, "the power button", before)
}

// typesForAnHour types some thousand keys as fast as the keyboard can.
func (h *hall) typesForAnHour(t *testing.T) {
	before := h.left(t)
	lines := h.ask(t, "journalctl -b -q | wc -l")
	began := time.Now()
	const keys = 3000
	for i := range keys {
		k := string(rune('a' + i%26))
		if err := h.monitor.do("input-send-event", map[string]any{"events": []any{keyEvent(k, true)}}, nil); err != nil {
			t.Fatal(err)
		}
		if err := h.monitor.do("input-send-event", map[string]any{"events": []any{keyEvent(k, false)}}, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Logf("%d keys in %s; lines of the log: %s before, %s after", keys, time.Since(began).Round(time.Second), lines,
		h.ask(t, "journalctl -b -q | wc -l"))
	h.unmoved(t, "a keyboard that types for an hour", before)
	h.visit(t)
}
