package device_test

import (
	"errors"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/creack/pty"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
)

// chatter answers whatever comes with the same bytes, nil: with what came, until the line is closed.
func chatter(master *os.File, answer []byte) {
	buf := make([]byte, 256)
	for {
		n, err := master.Read(buf)
		if err != nil {
			return
		}
		say := answer
		if say == nil {
			say = buf[:n]
		}
		if _, err := master.Write(say); err != nil {
			return
		}
	}
}

// against prints on a line at whose end somebody chatters.
func against(t testing.TB, p escpos.Profile, answer []byte) device.Result {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); chatter(master, answer) }()
	within := 20 * time.Millisecond
	if answer == nil { // an echo is never silent
		within = 2 * time.Second
	}
	d := device.New(device.Config{
		Port: slave.Name(), Baud: 115200, Flow: serialport.FlowNone, Profile: p, Timeout: 2 * within, Answer: within,
	}, slog.New(slog.DiscardHandler))
	r := d.Print(t.Context(), job(p, 1))
	_ = d.Close()
	_ = master.Close()
	_ = slave.Close()
	<-ended
	return r
}

// Whatever a line says, it takes more than one answer to everything to pass for a printer that has printed.
func TestOneAnswerToEverythingIsNoPrinter(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		for _, answer := range []string{
			"\x00", "\x12", "\xff", "\x11", "\x13", "\x37\x22", "\x10\x0f\x00\x00\x00\x00", "\x12\x00", "OK\r\n", "ATZ",
		} {
			if p.Confirm == escpos.ConfirmESCv && answer == "\x00" {
				continue // a printer of this kind that is well says nothing else
			}
			if r := against(t, p, []byte(answer)); r.Outcome == device.Printed {
				t.Errorf("% x passes for a printer", answer)
			}
		}
	})
}

// A line that sends back what is written to it is no printer, and the reason says so.
func TestEchoIsNoPrinter(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		if !talks(p) {
			t.Skip("nothing is asked of it")
		}
		r := against(t, p, nil)
		var foreign *escpos.BadStatusError
		if r.Outcome != device.Failed || !errors.As(r.Err, &foreign) {
			t.Errorf("%s (%v)", r.Outcome, r.Err)
		}
	})
}

// Any bytes of the printer end in an outcome.
func FuzzAnswers(f *testing.F) {
	for _, s := range []string{
		"", "\x12\x12\x12\x12", "\x12", "\x1a\x32", "\x10\x0f\x20\x00\x00\x00", "\x11\x13\x12", "\xff\xfe",
	} {
		f.Add([]byte(s), 0)
	}
	all, err := escpos.Embedded()
	if err != nil {
		f.Fatal(err)
	}
	names := all.Names()
	f.Fuzz(func(t *testing.T, answer []byte, which int) {
		p := all[names[uint(which)%uint(len(names))]]
		if r := against(t, p, answer); (r.Err == nil) != (r.Outcome == device.Printed) {
			t.Errorf("%s with %v", r.Outcome, r.Err)
		}
	})
}
