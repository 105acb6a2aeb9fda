package virtual_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

func TestRealTimeStatus(t *testing.T) {
	for fault, want := range map[virtual.Fault]string{
		virtual.None: "\x12\x12\x12\x12", virtual.PaperLow: "\x12\x12\x12\x1e", virtual.PaperOut: "\x1a\x32\x12\x7e",
		virtual.CoverOpen: "\x1a\x16\x12\x12",
		virtual.Cutter:    "\x1a\x12\x1a\x12", virtual.CoverOpen | virtual.PaperLow: "\x1a\x16\x12\x1e",
		virtual.Offline: "\x1a\x12\x12\x12",
	} {
		h := start(t, virtual.Options{Profile: profile(t, "epson")}, serialport.FlowNone)
		h.printer.SetFault(fault)
		for n := range byte(4) {
			h.send(0x10, 0x04, n+1)
			h.expect(want[n])
		}
	}
}

// A real-time command is obeyed while the printer stands still and its buffer is full of other things, and
// is no part of the ticket.
func TestRealTimeComesBeforeTheBuffer(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson")}, serialport.FlowNone)
	h.printer.SetFault(virtual.CoverOpen)
	h.send([]byte("ab\x10\x04\x02cd\n\x1dV\x00")...)
	h.expect(0x16)
	if n := len(h.printer.Papers()); n != 0 {
		t.Fatalf("%d papers with an open cover", n)
	}
	h.printer.SetFault(virtual.None)
	eventually(t, "the ticket", func() bool { return len(h.printer.Papers()) == 1 })
	if text := h.printer.Papers()[0].Text(); text != "abcd\n" {
		t.Errorf("%q", text)
	}
}

func TestClearDropsWhatWaits(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson")}, serialport.FlowNone)
	h.printer.SetFault(virtual.PaperOut)
	h.send([]byte("half a ticket\n\x10\x05\x02")...)
	h.send(0x10, 0x04, 0x01)
	h.expect(0x1a)
	h.printer.SetFault(virtual.None)
	h.send([]byte("whole\n\x1dV\x00")...)
	eventually(t, "the ticket", func() bool { return len(h.printer.Papers()) == 1 })
	if text := h.printer.Papers()[0].Text(); text != "whole\n" {
		t.Errorf("%q", text)
	}
}

// GS r is answered in the order of the buffer, and not without paper.
func TestPaperSensorWaitsItsTurn(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson")}, serialport.FlowNone)
	h.send(0x1d, 'r', 1)
	h.expect(0)
	h.printer.SetFault(virtual.PaperOut)
	h.send(0x1d, 'r', 1)
	h.silence()
	h.printer.LoadPaper(1)
	h.expect(0) // the roll is short, but its end is seen only when it moves
}

// GS I is answered with maker and model, and what a printer is not asked for otherwise is not.
func TestIdentify(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson-tm-m30")}, serialport.FlowNone)
	h.send(0x1d, 'I', 66, 0x1d, 'I', 67)
	h.expect([]byte("_EPSON\x00_EPSON-TM-M30\x00")...)
	h.send(0x1d, 'I', 2)
	h.silence()
}

func TestProcessID(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson-tm-m30")}, serialport.FlowNone)
	h.send([]byte("x\n\x1d(H\x06\x0000ab12")...)
	h.expect([]byte("\x37\x22ab12\x00")...)
}

// The automatic status tells of changes, and of nothing else.
func TestAutomaticStatus(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "star")}, serialport.FlowNone)
	h.printer.SetFault(virtual.PaperLow)
	h.silence()
	h.send(0x1d, 'a', 0xff)
	h.expect(0x10, 0, 0x03, 0)
	h.printer.SetFault(virtual.PaperLow)
	h.silence()
	h.printer.SetFault(virtual.CoverOpen)
	h.expect(0x38, 0, 0, 0)
	h.printer.SetFault(virtual.None)
	h.expect(0x10, 0, 0, 0)
	h.send(0x1d, 'a', 0)
	h.send(0x10, 0x04, 0x01)
	h.expect(0x12)
	h.printer.SetFault(virtual.CoverOpen)
	h.silence()
}

func TestCustomFullStatus(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "custom-vkp80")}, serialport.FlowNone)
	h.send([]byte("x\n\x1bi\x1de\x03\x0c")...)
	eventually(t, "the ticket is presented", func() bool {
		p := h.printer.Papers()
		return len(p) == 1 && p[0].Fate == virtual.Presented
	})
	time.Sleep(500 * time.Millisecond) // the motor runs out
	h.send(0x10, 0x04, 0x14)
	h.expect(0x10, 0x0f, 0x20, 0, 0, 0)
	if !h.printer.TakeTicket() || h.printer.TakeTicket() {
		t.Error("it can be taken once")
	}
	h.send(0x10, 0x04, 0x14)
	h.expect(0x10, 0x0f, 0, 0, 0, 0)
}

// The host that obeys XOFF loses nothing; the one that does not loses what finds no room, without a word.
func TestBufferAndHandshake(t *testing.T) {
	job := append([]byte(strings.Repeat("0123456789012345\n", 12)), 0x1d, 'V', 0)
	for _, c := range []struct {
		buffer, baud int
		flow         serialport.Flow
		loses        bool
	}{
		{45, 1200, serialport.FlowXONXOFF, false},
		{45, 115200, serialport.FlowNone, true},
		{4096, 19200, serialport.FlowNone, false},
	} {
		h := start(
			t,
			virtual.Options{
				Profile: profile(t, "epson"),
				Baud:    c.baud,
				Buffer:  c.buffer,
				XonXoff: c.flow == serialport.FlowXONXOFF,
				Speed:   20,
			},
			c.flow,
		)
		h.send(job...)
		if c.loses {
			eventually(t, "something is lost", func() bool { return h.printer.Lost() > 0 })
			continue
		}
		eventually(t, "the ticket", func() bool { return len(h.printer.Papers()) == 1 })
		if text := h.printer.Papers()[0].Text(); text != string(job[:len(job)-3]) || h.printer.Lost() > 0 {
			t.Errorf("%+v: %d bytes lost, %d printed of %d", c, h.printer.Lost(), len(text), len(job))
		}
	}
}

func TestWrongSpeedIsNoise(t *testing.T) {
	v, err := virtual.Start(virtual.Options{Profile: profile(t, "epson"), Baud: 9600, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	port, err := serialport.Open(serialport.Config{Name: v.Path(), Baud: 115200, Flow: serialport.FlowNone})
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	h := &host{t, v, port}
	h.send([]byte("Ticket\n")...)
	if err := port.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var b [1]byte
	if _, err := port.Read(b[:]); err != nil {
		t.Errorf("no noise came: %v", err)
	}
	for _, it := range v.Unfinished().Items {
		for _, r := range it.Runs {
			if strings.Contains(r.Text, "Ticket") {
				t.Error("what was sent at another speed can be read")
			}
		}
	}
}

// The line has the same name after the cable was pulled and put back, and the printer goes on with what it has.
func TestUnplugAndPlug(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson")}, serialport.FlowNone)
	name := h.printer.Path()
	h.send([]byte("one ")...)
	eventually(t, "it came", func() bool { return len(h.printer.Received()) == 4 })
	if err := errors.Join(h.printer.Unplug(), h.printer.Unplug()); err != nil || h.printer.Plugged() {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the line's name: %v", err)
	}
	if err := errors.Join(h.printer.Plug(), h.printer.Plug()); err != nil || h.printer.Path() != name {
		t.Fatal(err, h.printer.Path())
	}
	port, err := serialport.Open(serialport.Config{Name: name, Baud: 9600, Flow: serialport.FlowNone})
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	(&host{t, h.printer, port}).send([]byte("two\n\x1dV\x00")...)
	eventually(t, "the ticket", func() bool { return len(h.printer.Papers()) == 1 })
	if text := h.printer.Papers()[0].Text(); text != "one two\n" {
		t.Errorf("%q", text)
	}
}

func TestPaperRunsOut(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson"), PaperMM: 2050}, serialport.FlowNone)
	h.send(0x10, 0x04, 0x04)
	h.expect(0x12)
	for range 20 {
		h.send(0x1b, 'd', 1)
	}
	eventually(t, "its end is near", func() bool { return h.printer.Fault() == virtual.PaperLow })
	for range 2050 / 4 / 100 {
		h.send(bytes.Repeat([]byte{'\n'}, 100)...)
	}
	eventually(t, "it is out", func() bool { return h.printer.Fault()&virtual.PaperOut != 0 })
	h.printer.LoadPaper(0)
	if f := h.printer.Fault(); f != virtual.None {
		t.Errorf("%b with a new roll", f)
	}
}

// Whatever comes over the line, the printer stays a printer.
func FuzzInterpret(f *testing.F) {
	for _, s := range []string{
		"\x1b@\x1bt\x11abc\n\x1dV\x42\x00", "\x1dv0\x03\x02\x00\x02\x00\xff\xff\xff\xff", "\x1b*\x21\x02\x00abcdef\n",
		"\x1d(k\x03\x001Q0", "\x1de\x03\x05\x1de\x02", "\x1d(H\x06\x0000ab12", "\x1d(k\x00\x00", "\x1d(k\x04\x001P01",
	} {
		f.Add([]byte(s), 0)
	}
	all, err := escpos.Embedded()
	if err != nil {
		f.Fatal(err)
	}
	names := all.Names()
	f.Fuzz(func(t *testing.T, data []byte, which int) {
		p := all[names[uint(which)%uint(len(names))]]
		for _, paper := range virtual.Interpret(data, p) {
			if len(paper.Items) > 50 {
				continue
			}
			if img, err := virtual.Draw(paper, p); err == nil && img.Bounds().Dx() < p.Dots {
				t.Errorf("a paper %d dots wide", img.Bounds().Dx())
			}
		}
	})
}

func TestAPictureThatIsTooLargeIsNotDrawn(t *testing.T) {
	p := profile(t, "epson")
	feed := bytes.Repeat([]byte{0x1b, 'd', 255}, 50)
	if _, err := virtual.Draw(virtual.Interpret(feed, p)[0], p); err == nil {
		t.Error("a paper of 50 metres is drawn")
	}
}
