package machine

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stick is a USB stick that somebody plugs in.
type stick struct {
	name    string
	make    func(ctx context.Context, file string) error
	written bool // the report can be written to it
}

const stickSize = 8 << 20

// The label and the file's names have control characters and the escape of a terminal.
const evil = "\x1b[2J\x07\r\nroot"

var sticks = []stick{
	{"plain", func(ctx context.Context, file string) error { return fat(ctx, file, "REPORT") }, true},
	{"control-characters", func(ctx context.Context, file string) error {
		if err := fat(ctx, file, "LABEL123456"); err != nil {
			return err
		}
		return replace(file, "LABEL123456", (evil + "           ")[:11])
	}, true},
	{"full", func(ctx context.Context, file string) error {
		if err := fat(ctx, file, "FULL"); err != nil {
			return err
		}
		fill := file + ".fill"
		defer os.Remove(fill)
		if err := os.WriteFile(fill, make([]byte, stickSize), 0o644); err != nil {
			return err
		}
		_ = run(ctx, "mcopy", "-i", file, fill, "::FILL.BIN") // fails when there is no room left
		for i := range 64 {
			if err := run(ctx, "mmd", "-i", file, fmt.Sprintf("::D%d", i)); err != nil {
				return nil
			}
		}
		return nil
	}, false},
	{"hostile", func(ctx context.Context, file string) error {
		// The boot sector of a FAT, and tables in which every chain runs in circles.
		if err := fat(ctx, file, "HOSTILE"); err != nil {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for i := 512; i < len(data); i++ {
			data[i] = byte(i * 7 / 3)
		}
		return os.WriteFile(file, data, 0o644)
	}, false},
	{"ext4", func(ctx context.Context, file string) error {
		if err := os.WriteFile(file, make([]byte, stickSize), 0o644); err != nil {
			return err
		}
		return run(ctx, "mke2fs", "-q", "-F", "-t", "ext4", file)
	}, false},
}

func fat(ctx context.Context, file, label string) error {
	if err := os.WriteFile(file, make([]byte, stickSize), 0o644); err != nil {
		return err
	}
	return run(ctx, "mkfs.vfat", "-n", label, file)
}

// replace writes other bytes in the place of a text.
func replace(file, old, new string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, bytes.ReplaceAll(data, []byte(old), []byte(new)), 0o644)
}

// mounted returns what of a stick is mounted.
func (h *hall) mounted(t *testing.T) string {
	t.Helper()
	return h.ask(t, "grep ^/dev/sd /proc/mounts; true")
}

// technician opens the diagnostics mode.
func (h *hall) technician(t *testing.T) {
	t.Helper()
	for range 5 {
		if err := h.monitor.tap(40, 40, width, height); err != nil {
			t.Fatal(err)
		}
	}
	keypad := h.await(t, screenWithin, "service-keypad")
	for range taps {
		for _, digit := range pin {
			h.answers(t, keypad, "key."+string(digit))
		}
		for deadline := time.Now().Add(2 * patience); time.Now().Before(deadline); time.Sleep(glance) {
			if s := h.look(t); s != nil && s.name == "service-menu" {
				return
			}
		}
		t.Log("service-keypad: a digit was lost")
		for range pin {
			h.answers(t, keypad, "key.erase")
		}
	}
	t.Fatal("the PIN was not taken")
}

// pin opens the diagnostics mode of the test's disk.
const pin = "738216"

// plugStick plugs in a stick whose bytes are a file's, and waits until the computer knows it.
func (h *hall) plugStick(t *testing.T, name, file string) {
	t.Helper()
	if err := h.monitor.do("blockdev-add", map[string]any{
		"driver": "raw", "node-name": "stick-" + name, "file": map[string]any{"driver": "file", "filename": file},
	}, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.monitor.plug("stick", map[string]any{
		"driver": "usb-storage", "bus": "usb.0", "port": "6", "drive": "stick-" + name, "removable": true,
	}); err != nil {
		t.Fatal(err)
	}
	until(t, lookWithin, "the stick's device", func() bool { return h.says("udevadm settle; ls /dev/sd?") })
}

func (h *hall) pullStick(t *testing.T, name string) {
	t.Helper()
	if err := h.monitor.pull("stick"); err != nil {
		t.Fatal(err)
	}
	if err := h.monitor.do("blockdev-del", map[string]any{"node-name": "stick-" + name}, nil); err != nil {
		t.Fatal(err)
	}
}

// triesStick plugs a stick in on the welcome screen, opens the report page, and leaves. Only on the report page a stick
// is mounted, and none harms the terminal.
func (h *hall) triesStick(t *testing.T, s stick) {
	file := filepath.Join(h.run, s.name+".img")
	if err := s.make(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	h.plugStick(t, s.name, file)
	time.Sleep(10 * time.Second)
	if m := h.mounted(t); m != "" {
		t.Errorf("on the welcome screen a stick is mounted: %s", m)
	}
	h.technician(t)
	if m := h.mounted(t); m != "" {
		t.Errorf("in the menu a stick is mounted: %s", m)
	}
	h.leads(t, h.await(t, screenWithin, "service-menu"), "page.report")
	time.Sleep(20 * time.Second)
	if m := h.mounted(t); s.written && m == "" {
		t.Errorf("on the report page the stick is not mounted")
	}
	for _, option := range []string{"noexec", "nosuid", "nodev"} {
		if m := h.mounted(t); m != "" && !strings.Contains(m, option) {
			t.Errorf("the stick is mounted without %s: %s", option, m)
		}
	}
	h.keep(t, "report-"+s.name)
	h.leave(t)
	until(t, lookWithin, "the stick is unmounted", func() bool { return h.mounted(t) == "" })
	h.pullStick(t, s.name)
	if oops := h.ask(t, "dmesg | grep -E 'BUG|Oops|Call Trace' | head -n 3; true"); oops != "" {
		t.Errorf("the kernel: %s", oops)
	}
}

// leave leaves a page of the diagnostics mode, and the mode.
func (h *hall) leave(t *testing.T) {
	t.Helper()
	for _, s := range h.memory.screens {
		if s.name == "service-report" {
			h.touch(t, &s, "back")
		}
	}
	h.leads(t, h.await(t, screenWithin, "service-menu"), "leave")
	h.await(t, screenWithin, "welcome")
}

func (h *hall) plugsSticks(t *testing.T) {
	if err := h.shows(t.Context(), "technician"); err != nil {
		t.Fatal(err)
	}
	for _, s := range sticks {
		if !t.Run(s.name, func(t *testing.T) { h.triesStick(t, s) }) {
			return // the stick may be plugged in still
		}
	}
}
