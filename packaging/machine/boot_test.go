package machine

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"infomat/device/virtual"
)

// boots switches the computer on. From power to the first screen no hand is laid on.
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

// anew switches the computer off and puts a new disk in, after a part has left the computer in a state that nobody
// knows.
func (h *hall) anew(t *testing.T) {
	t.Helper()
	h.off(t)
	h.registry.release()
	h.paper.SetFault(virtual.None)
	if err := os.Remove(filepath.Join(h.run, "disk.qcow2")); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}

// part is a part of the test. It begins and ends on the welcome screen.
type part struct {
	name string
	do   func(*testing.T)
}

// plays plays the parts one after the other. One that fails does not keep the next ones from being played.
func (h *hall) plays(t *testing.T, parts []part) {
	h.boots(t) // no part, so that a single one can be played: -run TestWhole/Hub
	for i, p := range parts {
		if t.Run(p.name, p.do) {
			continue
		}
		h.tells(t)
		h.holds(t)
		if i < len(parts)-1 {
			h.anew(t)
			h.boots(t)
		}
	}
}

// holds keeps a computer on which a part has failed for somebody who looks into it by its sockets, until they remove
// the file hold. It does so only where INFOMAT_MACHINE_HOLD is set.
func (h *hall) holds(t *testing.T) {
	if os.Getenv("INFOMAT_MACHINE_HOLD") == "" {
		return
	}
	file := h.socket("hold")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _ = h.monitor.conn.Close(), h.shell.conn.Close()
	for {
		if _, err := os.Stat(file); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// TestShort is the short form: boot, visit, keyboard, one power cut.
func TestShort(t *testing.T) {
	if os.Getenv("INFOMAT_MACHINE") != "short" {
		t.Skip("INFOMAT_MACHINE is not short: see make test-machine-short")
	}
	h := enter(t)
	h.plays(t, []part{
		{"Visit", h.visits},
		{"Keyboard", h.keyboard},
		{"PowerCut", func(t *testing.T) { h.powerCut(t, stageCuts[3]) }},
	})
}

// TestWhole is everything.
func TestWhole(t *testing.T) {
	if os.Getenv("INFOMAT_MACHINE") != "whole" {
		t.Skip("INFOMAT_MACHINE is not whole: see make test-machine")
	}
	h := enter(t)
	parts := []part{
		{"Visit", h.visits},
		{"Keyboard", h.keyboard},
		{"PowerButton", h.powerButton},
		{"TypesForAnHour", h.typesForAnHour},
		{"Stranger", h.stranger},
		{"PulledInMidTicket", h.pulledInMidTicket},
		{"Sticks", h.plugsSticks},
		{"Monitor", h.monitorGone},
		{"Hub", h.hub},
		{"Killed", h.killed},
		{"Connections", h.manyConnections},
		{"ClosedPort", h.resists(packet)},
		{"Adapter", h.resists(adapter)},
		{"Night", h.night},
		{"DiskFull", h.diskFull},
	}
	for _, c := range stageCuts {
		parts = append(parts, part{"PowerCut-" + c.stage, func(t *testing.T) { h.powerCut(t, c) }})
	}
	parts = append(parts, part{"ClockOf1970", h.clockOf1970}, part{"NetworkGone", h.networkGone},
		part{"MonitorAbsent", h.monitorAbsent}, part{"Removed", h.removed})
	h.plays(t, parts)
}
