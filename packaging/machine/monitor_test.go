package machine

import (
	"testing"
	"time"
)

// monitorGone pulls the monitor's cable and puts it back.
func (h *hall) monitorGone(t *testing.T) {
	pid := h.ask(t, "systemctl show -P MainPID infomat infomat-display")
	if err := h.pullScreen(t.Context()); err != nil {
		t.Fatal(err)
	}
	until(t, lookWithin, "the monitor is gone", func() bool {
		return h.ask(t, "cat /sys/class/drm/card*-*/status | sort -u") == "disconnected"
	})
	time.Sleep(10 * time.Second)
	if err := showOn(t.Context(), h.socket("viewer"), width, height); err != nil {
		t.Fatal(err)
	}
	h.await(t, screenWithin, "welcome")
	h.keep(t, "monitor-back")
	if now := h.ask(t, "systemctl show -P MainPID infomat infomat-display"); now != pid {
		t.Errorf("the terminal has started anew: %s, before %s", now, pid)
	}
	h.visit(t)
}

// monitorAbsent switches the computer on without a monitor. One that is plugged in later shows the terminal.
func (h *hall) monitorAbsent(t *testing.T) {
	h.off(t)
	if err := h.on(t.Context(), power{dark: true}); err != nil {
		t.Fatal(err)
	}
	until(t, bootWithin, "the terminal", func() bool { return h.says("sleep 1; systemctl is-active infomat") })
	if is := h.ask(t, "cat /sys/class/drm/card*-*/status | sort -u"); is != "disconnected" {
		t.Fatalf("the monitor is %s", is)
	}
	if err := showOn(t.Context(), h.socket("viewer"), width, height); err != nil {
		t.Fatal(err)
	}
	h.await(t, screenWithin, "welcome")
	h.keep(t, "monitor-late")
	h.visit(t)
}
