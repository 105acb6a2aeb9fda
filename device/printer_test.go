package device_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/line"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

func newID() uuid.UUID { return uuid.New() }

func TestPrinted(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		d, v := setup(t, virtual.Options{Profile: p})
		for n := range 3 {
			j := job(p, n)
			if r := d.Print(
				t.Context(), j,
			); r.Outcome != printed(p) || (r.Err == nil) != (r.Outcome == device.Printed) || r.Sent.IsZero() {
				t.Fatalf("outcome %s, error %v", r.Outcome, r.Err)
			}
			eventually(t, "the ticket comes out", func() bool { return whole(t, p, papers(v, p), j) == 1 })
		}
		if v.Lost() > 0 {
			t.Errorf("%d bytes found no room", v.Lost())
		}
	})
}

func TestJobPrintsAtMostOnce(t *testing.T) {
	t.Parallel()
	d, v := setup(t, virtual.Options{})
	j := job(profile(t, "epson"), 1)
	results := make(chan device.Result, 8)
	for range cap(results) {
		go func() { results <- d.Print(t.Context(), j) }()
	}
	first := <-results
	for range cap(results) - 1 {
		if r := <-results; r != first {
			t.Errorf("the answers are %v and %v", r, first)
		}
	}
	if n := len(v.Papers()); n != 1 {
		t.Errorf("%d papers for one job", n)
	}
}

func TestBadPorts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := profile(t, "epson")
	for name, c := range map[string]struct {
		port string
		want error
	}{
		"missing":   {filepath.Join(dir, "ttyUSB0"), line.ErrNoPort},
		"directory": {dir, serialport.ErrNotTTY},
		"file":      {file, serialport.ErrNotTTY},
		"no tty":    {os.DevNull, serialport.ErrNotTTY},
	} {
		t.Run(name, func(t *testing.T) {
			d := device.New(
				device.Config{Port: c.port, Baud: 9600, Profile: p, Timeout: time.Second},
				slog.New(slog.DiscardHandler),
			)
			r := d.Print(t.Context(), job(p, 1))
			if r.Outcome != device.Failed || !errors.Is(r.Err, c.want) {
				t.Errorf("outcome %s, error %v; want failed, %v", r.Outcome, r.Err, c.want)
			}
			if s, err := d.Status(t.Context()); err == nil || s.Device != device.DeviceNone || s.Ready() {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

func TestBusyPort(t *testing.T) {
	t.Parallel()
	d, v := setup(t, virtual.Options{})
	if _, err := d.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := profile(t, "epson")
	other := device.New(
		device.Config{Port: v.Path(), Baud: 9600, Profile: p, Timeout: time.Second},
		slog.New(slog.DiscardHandler),
	)
	if r := other.Print(t.Context(), job(p, 1)); r.Outcome != device.Failed || !errors.Is(r.Err, line.ErrBusy) {
		t.Errorf("outcome %s, error %v", r.Outcome, r.Err)
	}
}

// The wrong speed is called by its name, and not taken for an empty roll.
func TestWrongSpeed(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		if !talks(p) {
			t.Skip("nothing can be known of it")
		}
		_, v := setup(t, virtual.Options{Profile: p, Baud: 9600, Seed: 3})
		d := device.New(
			device.Config{Port: v.Path(), Baud: 19200, Profile: p, Timeout: 3 * time.Second, Answer: 2 * time.Second},
			slog.New(slog.DiscardHandler),
		)
		defer d.Close()
		r := d.Print(t.Context(), job(p, 1))
		var foreign *escpos.BadStatusError
		if r.Outcome != device.Failed || !errors.As(r.Err, &foreign) || !strings.Contains(
			r.Err.Error(), "speed or profile wrong?",
		) {
			t.Errorf("%s, %v", r.Outcome, r.Err)
		}
		if s, _ := d.Status(t.Context()); s.Device != device.DeviceForeign {
			t.Errorf("%+v", s)
		}
	})
}

func TestContextEndsTheWait(t *testing.T) {
	t.Parallel()
	d, v := setup(t, virtual.Options{})
	v.SetFault(virtual.Silent)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if r := d.Print(ctx, job(profile(t, "epson"), 1)); r.Outcome == device.Printed {
		t.Error("called printed")
	}
	<-ctx.Done()
}

// A terminal that is switched off while it sends has sent the whole job: what comes of it is not known, and
// it may well come out.
func TestAJobThatWasSentIsNotCalledFailed(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := setup(t, virtual.Options{Profile: p, Baud: 9600})
	j := job(p, 1)
	begun := ending{t.Context(), func() bool { return bytes.Contains(v.Received(), j.Data[:4]) }}
	if r := d.Print(begun, j); r.Outcome != device.Unknown || r.Sent.IsZero() {
		t.Errorf("%s (%v)", r.Outcome, r.Err)
	}
}

// A cable that is pulled and put back needs nobody.
func TestUnplugged(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := setup(t, virtual.Options{Profile: p})
	for n := range 3 {
		if r := d.Print(t.Context(), job(p, n)); r.Outcome != device.Printed {
			t.Fatalf("%s (%v)", r.Outcome, r.Err)
		}
		if err := v.Unplug(); err != nil {
			t.Fatal(err)
		}
		if s, err := d.Status(t.Context()); err == nil || s.Device != device.DeviceNone {
			t.Fatalf("unplugged: %+v, %v", s, err)
		}
		if r := d.Print(t.Context(), job(p, 100)); r.Outcome != device.Failed {
			t.Fatalf("unplugged: %s (%v)", r.Outcome, r.Err)
		}
		if err := v.Plug(); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(v.Papers()); n != 3 {
		t.Errorf("%d papers", n)
	}
}

// A printer that lacks what its profile confirms by is told from one that is switched off. It prints, each
// job once, and never is it said to have printed.
func TestAPrinterThatDoesNotConfirm(t *testing.T) {
	t.Parallel()
	p := profile(t, "star")
	lacking := p
	lacking.ASB = nil
	v, err := virtual.Start(virtual.Options{Profile: lacking})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	d := device.New(device.Config{
		Port: v.Path(), Baud: 115200, Flow: serialport.FlowNone, Profile: p, Timeout: 300 * time.Millisecond,
		Answer: 10 * time.Second,
	}, slog.New(slog.DiscardHandler))
	defer d.Close()
	for n := 1; n <= 2; n++ {
		r := d.Print(t.Context(), job(p, n))
		if r.Outcome != device.Unknown || !errors.Is(r.Err, device.ErrSilent) || !strings.Contains(
			r.Err.Error(), "does not answer the question that confirms a job in its profile (asb)",
		) {
			t.Errorf("%s, %v", r.Outcome, r.Err)
		}
		if papers := v.Papers(); len(papers) != n {
			t.Errorf("%d papers after %d jobs", len(papers), n)
		}
	}
	if n := bytes.Count(v.Received(), p.ASB.Ask); n != 2 { // at first, and once more with what could end a picture
		t.Errorf("a printer that lacks an answer was waited for %d times", n)
	}
	if s, err := d.Status(t.Context()); err != nil || s.Device != device.DeviceOnline {
		t.Errorf("%+v, %v", s, err)
	}
}
