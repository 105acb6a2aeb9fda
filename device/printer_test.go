package device_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func epson(t *testing.T) escpos.Profile {
	t.Helper()
	p, err := escpos.ByName("epson")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// setup starts a virtual printer and a device at the other end of its line.
func setup(t *testing.T, o virtual.Options) (*device.Printer, *virtual.Printer) {
	t.Helper()
	o.Profile = epson(t)
	v, err := virtual.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	d := device.New(device.Config{Port: v.Path(), Baud: 115200, Flow: serialport.FlowNone, Profile: o.Profile, Timeout: 600 * time.Millisecond}, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		_ = d.Close() // some tests have cut the line
		_ = v.Close()
	})
	return d, v
}

// job is a ticket that can be told from any other on the paper.
func job(t *testing.T, text string) device.Job {
	t.Helper()
	e := escpos.NewEncoder(epson(t))
	e.Line(text)
	e.Line(strings.Repeat("строка ", 6))
	e.Cut()
	return device.Job{ID: uuid.New(), Data: e.Bytes()}
}

func whole(v *virtual.Printer) (texts []string) {
	for _, p := range v.Papers() {
		texts = append(texts, p.Text())
	}
	return texts
}

func TestPrinted(t *testing.T) {
	d, v := setup(t, virtual.Options{})
	r := d.Print(t.Context(), job(t, "Талон № 008"))
	if r.Outcome != device.Printed || r.Err != nil {
		t.Fatalf("outcome %s, error %v", r.Outcome, r.Err)
	}
	papers := whole(v)
	if len(papers) != 1 || !strings.HasPrefix(papers[0], "Талон № 008\n") {
		t.Fatalf("papers: %q", papers)
	}
}

func TestJobPrintsAtMostOnce(t *testing.T) {
	d, v := setup(t, virtual.Options{})
	j := job(t, "один раз")
	first, second := d.Print(t.Context(), j), d.Print(t.Context(), j)
	if first != second {
		t.Errorf("the second answer is %v, the first was %v", second, first)
	}
	if n := len(v.Papers()); n != 1 {
		t.Errorf("%d papers for one job", n)
	}
}

func TestFaultsBeforeTheJob(t *testing.T) {
	for name, c := range map[string]struct {
		fault virtual.Fault
		want  device.Outcome
	}{
		"paper low": {virtual.PaperLow, device.Printed},
		"paper out": {virtual.PaperOut, device.Failed},
		"cover":     {virtual.CoverOpen, device.Failed},
		"cutter":    {virtual.Cutter, device.Failed},
		"offline":   {virtual.Offline, device.Failed},
		"silent":    {virtual.Silent, device.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			d, v := setup(t, virtual.Options{})
			v.SetFault(c.fault)
			r := d.Print(t.Context(), job(t, name))
			if r.Outcome != c.want {
				t.Fatalf("outcome %s (%v), want %s", r.Outcome, r.Err, c.want)
			}
			v.SetFault(virtual.None)
			if c.want == device.Failed && len(v.Papers()) != 0 {
				t.Fatalf("a job that failed came out later: %q", whole(v))
			}
			if r := d.Print(t.Context(), job(t, "danach")); r.Outcome != device.Printed {
				t.Fatalf("after the fault was mended: %s (%v)", r.Outcome, r.Err)
			}
			if last := whole(v); !strings.HasPrefix(last[len(last)-1], "danach\n") {
				t.Fatalf("the paper after the fault is %q", last)
			}
		})
	}
}

// A printer that stops in the middle of a job must not be called printed, and must not print the rest when it is mended.
func TestFaultInTheMiddle(t *testing.T) {
	for name, fault := range map[string]virtual.Fault{"paper out": virtual.PaperOut, "cover": virtual.CoverOpen, "silent": virtual.Silent} {
		t.Run(name, func(t *testing.T) {
			d, v := setup(t, virtual.Options{})
			if s, err := d.State(t.Context()); err != nil || !s.Ready() {
				t.Fatalf("state %+v, %v", s, err)
			}
			stop := make(chan struct{})
			go func() {
				defer close(stop)
				for len(v.Received()) < 40 { // past the questions, into the job
					time.Sleep(time.Millisecond)
				}
				v.SetFault(fault)
			}()
			e := escpos.NewEncoder(epson(t))
			for range 200 {
				e.Line(strings.Repeat("x", 40))
			}
			e.Cut()
			r := d.Print(t.Context(), device.Job{ID: uuid.New(), Data: e.Bytes()})
			<-stop
			if r.Outcome == device.Printed {
				t.Fatal("called printed")
			}
			v.SetFault(virtual.None)
			time.Sleep(50 * time.Millisecond)
			if n := len(v.Papers()); n != 0 {
				t.Fatalf("%d papers came out after the fault", n)
			}
		})
	}
}

// The line is cut at every byte of a job.
func TestLineCutAtEveryByte(t *testing.T) {
	j := job(t, "оборванный")
	for at := 1; at <= len(j.Data); at += 7 {
		d, v := setup(t, virtual.Options{CutAt: at})
		j.ID = uuid.New()
		if r := d.Print(t.Context(), j); r.Outcome == device.Printed {
			t.Fatalf("cut at byte %d of %d and called printed", at, len(j.Data))
		}
		if n := len(v.Papers()); n > 1 {
			t.Fatalf("%d papers", n)
		}
	}
}

func TestBadPorts(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		port string
		want error
	}{
		"missing":   {filepath.Join(dir, "ttyUSB0"), serialport.ErrNoPort},
		"directory": {dir, serialport.ErrNotTTY},
		"file":      {file, serialport.ErrNotTTY},
		"no tty":    {os.DevNull, serialport.ErrNotTTY},
	} {
		t.Run(name, func(t *testing.T) {
			d := device.New(device.Config{Port: c.port, Baud: 9600, Profile: epson(t), Timeout: time.Second}, slog.New(slog.DiscardHandler))
			r := d.Print(t.Context(), job(t, name))
			if r.Outcome != device.Failed || !errors.Is(r.Err, c.want) {
				t.Errorf("outcome %s, error %v; want failed, %v", r.Outcome, r.Err, c.want)
			}
		})
	}
}

func TestBusyPort(t *testing.T) {
	d, v := setup(t, virtual.Options{})
	if _, err := d.State(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := device.New(device.Config{Port: v.Path(), Baud: 9600, Profile: epson(t), Timeout: time.Second}, slog.New(slog.DiscardHandler))
	if r := other.Print(t.Context(), job(t, "busy")); r.Outcome != device.Failed || !errors.Is(r.Err, serialport.ErrBusy) {
		t.Errorf("outcome %s, error %v", r.Outcome, r.Err)
	}
}

func TestContextEndsTheWait(t *testing.T) {
	d, v := setup(t, virtual.Options{})
	v.SetFault(virtual.Silent)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if r := d.Print(ctx, job(t, "nie")); r.Outcome == device.Printed {
		t.Error("called printed")
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}
