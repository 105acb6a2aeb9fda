package machine

import (
	"fmt"
	"testing"
	"time"
)

// left is what a hand at the keyboard must not change.
func (h *hall) left(t *testing.T) string {
	t.Helper()
	return h.ask(t, `cat /sys/class/tty/tty0/active; systemctl show -P MainPID infomat infomat-display
		cat /proc/sys/kernel/random/boot_id; loginctl list-sessions --no-legend; ls /tmp/keyboard 2>/dev/null
		systemctl list-jobs --no-legend | grep -oE '(reboot|poweroff|halt|suspend|sleep|hibernate)[a-z.-]*'; true`)
}

// moved tells whether the computer was reset, suspended or switched off; "" if it was not.
func (h *hall) moved(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"RESET", "SHUTDOWN", "SUSPEND", "SUSPEND_DISK"} {
		n, err := h.monitor.happened(name)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			return "the computer has done " + name
		}
	}
	return ""
}

// changed tells what a hand has moved or left since before was asked for; "" if nothing.
func (h *hall) changed(t *testing.T, before string) string {
	t.Helper()
	if moved := h.moved(t); moved != "" {
		return moved // and perhaps it does not answer
	}
	if now := h.left(t); now != before {
		return fmt.Sprintf("it is now:\n%s\nand was:\n%s", now, before)
	}
	return ""
}

// unmoved fails if a hand has moved or left anything.
func (h *hall) unmoved(t *testing.T, what, before string) {
	t.Helper()
	if changed := h.changed(t, before); changed != "" {
		h.keep(t, "moved")
		t.Fatalf("%s: %s", what, changed)
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

// typesLogin logs in blindly, which takes a shell some seconds, and leaves a trace.
func (h *hall) typesLogin(t *testing.T) {
	t.Helper()
	passwordAfter, shellAfter := 3*time.Second*max(1, h.patience), 12*time.Second*max(1, h.patience)
	h.typeKeys(t, login[:6])
	time.Sleep(passwordAfter)
	h.typeKeys(t, login[6:])
	time.Sleep(shellAfter)
	h.typeKeys(t, trace)
	time.Sleep(passwordAfter)
}

// chords are what could reach behind the screen.
var chords = [][]string{
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
	{"power"},
}

// chordsAtPS2 are pressed at the second keyboard.
var chordsAtPS2 = [][]string{{"ctrl", "alt", "f2"}, {"ctrl", "alt", "delete"}, {"power"}, {"wake"}, {"sleep"}}

// keyboard presses all that could reach behind the screen. TestOpen shows of each protection that it would be seen here
// if it was missing.
func (h *hall) keyboard(t *testing.T) {
	before := h.left(t)
	h.typesLogin(t)
	h.pressAll(t, chords)
	h.atPS2(t, func() { h.pressAll(t, chordsAtPS2) })
	h.typesLogin(t)
	h.unmoved(t, "a keyboard", before)
	h.await(t, screenWithin, "welcome")
	h.keep(t, "keyboard")
}

// pressAll presses chords, none of which may do anything.
func (h *hall) pressAll(t *testing.T, chords [][]string) {
	t.Helper()
	for _, chord := range chords {
		if err := h.monitor.press(chord...); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond)
		if moved := h.moved(t); moved != "" {
			t.Fatalf("%v: %s", chord, moved)
		}
	}
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

// typesForAnHour types as many keys as somebody does in an hour, as fast as the keyboard can.
func (h *hall) typesForAnHour(t *testing.T) {
	before := h.left(t)
	lines := h.ask(t, "journalctl -b -q | wc -l")
	began := time.Now()
	const keys = 3000
	for i := range keys {
		k := string(rune('a' + i%26))
		for _, down := range []bool{true, false} {
			if err := h.monitor.do("input-send-event", map[string]any{"events": []any{keyEvent(k, down)}}, nil); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Logf("%d keys in %s; lines of the log: %s before, %s after", keys, time.Since(began).Round(time.Second), lines,
		h.ask(t, "journalctl -b -q | wc -l"))
	h.unmoved(t, "a keyboard that types for an hour", before)
	h.await(t, screenWithin, "welcome")
}
