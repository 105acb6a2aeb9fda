package machine

import (
	"os"
	"testing"
	"time"
)

// From power to the first screen no hand is laid on.
func (h *hall) boots(t *testing.T) {
	began := time.Now()
	if err := h.on(t.Context(), power{}); err != nil {
		t.Fatal(err)
	}
	h.await(t, bootWithin, "welcome")
	t.Logf("from power to the first screen: %s", time.Since(began).Round(time.Second))
	h.keep(t, "boot")
	h.ask(t, "systemctl is-active infomat infomat-display")
}

// TestShort is the short form: boot, visit, keyboard, one power cut.
func TestShort(t *testing.T) {
	if os.Getenv("INFOMAT_MACHINE") != "short" {
		t.Skip("INFOMAT_MACHINE is not short: see make test-machine-short")
	}
	h := enter(t)
	h.boots(t)
}
