package virtual_test

import (
	"testing"

	"infomat/device/serialport"
	"infomat/device/virtual"
)

// A macro is executed as many times as asked, outlives ESC @, and is cleared by GS ^ within its definition.
func TestMacros(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson")}, serialport.FlowNone)
	h.send([]byte("\x1d:\x1dr\x01\x1d:")...)
	h.expect(0) // its commands are executed while they are defined, too
	h.send([]byte("\x1b@\x1d^\x03\x00\x00")...)
	h.expect(0, 0, 0)
	h.send([]byte("\x1d^\x00\x00\x00")...)
	h.silence()
	h.send([]byte("\x1d:\x1dr\x01\x1d^\x01\x00\x00\x1d^\x01\x00\x00")...)
	h.expect(0)
	h.silence()
}

func TestQuietMacros(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson"), Macro: virtual.MacroQuiet}, serialport.FlowNone)
	h.send([]byte("\x1d:\x1dr\x01\x1d:")...)
	h.silence()
	h.send([]byte("\x1d^\x02\x00\x00")...)
	h.expect(0, 0)
}

func TestNoMacros(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson"), Macro: virtual.MacroLacking}, serialport.FlowNone)
	h.send([]byte("\x1d:\x1dr\x01\x1d:\x1d^\x01\x00\x00")...)
	h.expect(0)
	h.silence()
}

// A printer that restarts forgets its buffer, its half line and its macro, and goes on with the next byte.
func TestRestart(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson")}, serialport.FlowNone)
	h.send([]byte("\x1d:\x1dr\x01\x1d:")...)
	h.expect(0)
	h.printer.RestartAfter(virtual.Restart{After: 9, Noise: []byte{0xFF}})
	h.send([]byte("one\nlost kept\n\x1d^\x01\x00\x00\x1dr\x01\x1dV\x00")...)
	h.expect(0xFF, 0)
	if text := h.printer.Papers()[0].Text(); text != "one\nkept\n" || !h.printer.Happened() {
		t.Errorf("%q", text)
	}
}

// What comes while the printer is off is lost, and it answers nothing.
func TestNoPower(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson")}, serialport.FlowNone)
	h.send([]byte("half ")...)
	eventually(t, "it came", func() bool { return len(h.printer.Received()) == 5 })
	h.printer.SetFault(virtual.NoPower)
	h.send([]byte("gone\n\x10\x04\x01")...)
	h.silence()
	h.printer.SetFault(virtual.None)
	h.send([]byte("whole\n\x1dV\x00")...)
	eventually(t, "the ticket", func() bool { return len(h.printer.Papers()) == 1 })
	if text := h.printer.Papers()[0].Text(); text != "whole\n" || h.printer.Lost() != 8 {
		t.Errorf("%q, %d bytes lost", text, h.printer.Lost())
	}
}
