package usbprinter

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"infomat/device/line"
)

func TestOneWay(t *testing.T) {
	p, printer := onTerminal(t, &fake{mute: true})
	if !p.OneWay() {
		t.Error("taken for two-way")
	}
	if _, err := p.Read(make([]byte, 1)); !errors.Is(err, ErrOneWay) {
		t.Errorf("reading: %v", err)
	}
	if err := p.Flush(); err != nil {
		t.Errorf("flushing: %v", err)
	}
	if _, err := p.Write([]byte("x")); err != nil {
		t.Errorf("writing: %v", err)
	}
	b := make([]byte, 1)
	if _, err := printer.Read(b); err != nil || b[0] != 'x' {
		t.Errorf("%q, %v", b, err)
	}
}

func TestPortStatus(t *testing.T) {
	var b byte
	var bad error
	p, _ := onTerminal(t, &fake{status: func() (byte, error) { return b, bad }})
	for status, want := range map[byte]string{
		0x18: "no trouble", 0x38: "paper out", 0x08: "off line", 0x10: "error", 0x20: "paper out, off line, error",
		0x00: "tells nothing", 0xFF: "tells nothing", 0x19: "tells nothing", 0x58: "tells nothing",
	} {
		b = status
		s, err := p.PortStatus()
		if err != nil || s.String() != want || s.Known() == (want == "tells nothing") {
			t.Errorf("%#x: %s, known %t, %v; want %s", status, s, s.Known(), err, want)
		}
	}
	bad = syscall.EIO // the printer does not support the request
	if _, err := p.PortStatus(); err == nil || errors.Is(err, line.ErrHangup) {
		t.Errorf("not supported: %v", err)
	}
	bad = syscall.ENODEV
	if _, err := p.PortStatus(); !errors.Is(err, line.ErrHangup) {
		t.Errorf("gone: %v", err)
	}
}

func TestErrorsOfOpening(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]error{
		filepath.Join(dir, "none"): line.ErrNoPort, dir: ErrNotPrinter, file: ErrNotPrinter, os.DevNull: ErrNotPrinter,
		"": line.ErrNoPort,
	} {
		if _, err := Open(Config{Name: name}); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", name, err, want)
		}
	}
	for errno, want := range map[error]error{
		syscall.EBUSY: line.ErrBusy, syscall.ENODEV: line.ErrNoPort, syscall.ENXIO: line.ErrNoPort,
		syscall.EACCES: os.ErrPermission,
	} {
		_, err := Open(Config{Name: "lp0", Driver: &fake{open: func() (*os.File, error) { return nil, errno }}})
		if !errors.Is(err, want) {
			t.Errorf("%v: %v, want %v", errno, err, want)
		}
	}
}

func TestIs(t *testing.T) {
	for name, want := range map[string]bool{
		"/dev/usb/lp14": true, "/dev/usb/by-id/usb-x-if00": true, "/dev/usb/../ttyS9": false, os.DevNull: false,
		"/dev/ttyUSB14": false, "virtual": false, "": false,
	} {
		if Is(name) != want {
			t.Errorf("%q: %t", name, !want)
		}
	}
}
