package device_test

import (
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/virtual"
)

// meant is the state that a fault shows, on a printer that can tell all.
var meant = map[virtual.Fault]device.Status{
	virtual.None:      {Device: device.DeviceOnline, Paper: device.PaperFull},
	virtual.PaperLow:  {Device: device.DeviceOnline, Paper: device.PaperLow},
	virtual.PaperOut:  {Device: device.DeviceOffline, Paper: device.PaperOut},
	virtual.CoverOpen: {Device: device.DeviceUser, Paper: device.PaperFull},
	virtual.Cutter:    {Device: device.DeviceFault, Paper: device.PaperFull},
	virtual.Jam:       {Device: device.DeviceFault, Paper: device.PaperFull},
	virtual.Offline:   {Device: device.DeviceOffline, Paper: device.PaperFull},
	virtual.Silent:    {Device: device.DeviceSilent, Paper: device.PaperUnknown},
	virtual.Garbage:   {Device: device.DeviceForeign, Paper: device.PaperUnknown},
	virtual.NoPower:   {Device: device.DeviceSilent, Paper: device.PaperUnknown},
}

// expected is what this kind of printer can tell of a fault.
func expected(p escpos.Profile, f virtual.Fault) device.Status {
	want := meant[f]
	switch {
	case !talks(p):
		return device.Status{Device: device.DeviceNotSupported, Paper: device.PaperNotSupported}
	case f == virtual.Jam && p.Knows(escpos.Jam):
		want.Paper = device.PaperJammed
	case f == virtual.Offline && p.Confirm == escpos.ConfirmESCv: // its questions wait in the buffer
		return meant[virtual.Silent]
	case (f == virtual.Offline || f == virtual.PaperOut) && !says(p, escpos.Offline):
		want.Device = device.DeviceOnline
	}
	return want
}

// says reports whether the questions that are asked tell a thing.
func says(p escpos.Profile, s escpos.Status) bool {
	p.ASB = nil
	return p.Knows(s)
}

// cannotTell are faults of which a kind of printer has no bit: a job is sent, stays in the buffer, and is
// not confirmed.
func cannotTell(p escpos.Profile, f virtual.Fault) bool {
	return f == virtual.Offline && !says(p, escpos.Offline) && p.Confirm != escpos.ConfirmESCv
}

func name(f virtual.Fault) string {
	if f == virtual.None {
		return "none"
	}
	return f.Name()
}

func TestEveryStateOfEveryPrinter(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		for f := range meant {
			t.Run(name(f), func(t *testing.T) {
				t.Parallel()
				d, v := setup(t, virtual.Options{Profile: p, Seed: 5})
				v.SetFault(f)
				got, err := d.Status(t.Context())
				want := expected(p, f)
				if got.Device != want.Device || got.Paper != want.Paper {
					t.Errorf("device %s, paper %s (%v); want %s, %s", got.Device, got.Paper, err, want.Device, want.Paper)
				}
				if ready := f == virtual.None || f == virtual.PaperLow || !talks(p) || cannotTell(
					p, f,
				); got.Ready() != ready || ready != (got.Reason == "") {
					t.Errorf("ready %t because %q", got.Ready(), got.Reason)
				}
			})
		}
	})
}

// A fault that stands before the job keeps it from being sent; when it is mended nothing comes out by
// itself, and the next job does.
func TestFaultBeforeTheJob(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		for f := range meant {
			t.Run(name(f), func(t *testing.T) {
				t.Parallel()
				d, v := setup(t, virtual.Options{Profile: p, Seed: 1}) // noise that prints no line of its own
				v.SetFault(f)
				first, second := job(p, 1), job(p, 2)
				want := device.Failed
				switch {
				case f == virtual.None || f == virtual.PaperLow:
					want = printed(p)
				case !talks(p) || cannotTell(p, f):
					want = device.Unknown
				}
				if r := d.Print(t.Context(), first); r.Outcome != want {
					t.Fatalf("%s (%v), want %s", r.Outcome, r.Err, want)
				}
				v.SetFault(virtual.None)
				right(t, d, v, p, second)
				if n := whole(t, p, papers(v, p), first); want == device.Failed && n != 0 || n > 1 {
					t.Errorf("a job that %s came out %d times", want, n)
				}
			})
		}
	})
}

// A printer that stops in the middle of a job is not called printed, and what is printed after it was
// mended is right and there once.
func TestFaultInTheMiddle(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		for f := range meant {
			if f == virtual.None {
				continue
			}
			t.Run(name(f), func(t *testing.T) {
				t.Parallel()
				// on a busy machine it prints late, and a small buffer would lose bytes
				d, v := setup(t, virtual.Options{Profile: p, Speed: 100, Seed: 9, Buffer: max(p.Buffer, 4096)})
				first, second := job(p, 1), job(p, 2)
				v.FaultAtItem(3, f)
				r := d.Print(t.Context(), first)
				if r.Outcome == device.Printed && f != virtual.PaperLow {
					t.Fatalf("called printed (%v)", r.Err)
				}
				v.SetFault(virtual.None)
				right(t, d, v, p, second)
				if n := whole(t, p, papers(v, p), first); n > 1 || r.Outcome == device.Failed && n > 0 {
					t.Errorf("a job that %s came out %d times", r.Outcome, n)
				}
			})
		}
	})
}

// right prints a job on a printer that is sound again: it comes out once, whole, and on a paper of its own.
func right(t *testing.T, d *device.Printer, v *virtual.Printer, p escpos.Profile, j device.Job) {
	t.Helper()
	var r device.Result
	eventually(
		t,
		"the printer is ready again",
		func() bool { r = d.Print(t.Context(), again(j)); return r.Outcome != device.Failed },
	)
	if r.Outcome != printed(p) {
		t.Fatalf("after the fault was mended: %s (%v)", r.Outcome, r.Err)
	}
	if !talks(p) {
		return // what such a printer has left in its buffer nobody knows
	}
	if n := whole(t, p, papers(v, p), j); n != 1 {
		for i, paper := range v.Papers() {
			t.Logf("paper %d:\n%s", i, paper.Text())
		}
		t.Fatalf("the ticket after the fault came out %d times (hanging: %q)", n, v.Unfinished().Text())
	}
}

// again is the same ticket as another job.
func again(j device.Job) device.Job {
	j.ID = newID()
	return j
}

// The paper ends in the middle of a ticket, by its length.
func TestRollEnds(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := setup(t, virtual.Options{Profile: p, PaperMM: 50})
	tickets := 0
	for ; tickets < 50; tickets++ {
		r := d.Print(t.Context(), job(p, tickets))
		if r.Outcome == device.Printed {
			continue
		}
		break
	}
	if tickets == 0 || tickets > 3 || len(v.Papers()) != tickets {
		t.Fatalf("%d tickets of %d papers", tickets, len(v.Papers()))
	}
	if s, err := d.Status(t.Context()); err != nil || s.Paper != device.PaperOut {
		t.Errorf("%+v, %v", s, err)
	}
	v.LoadPaper(0)
	time.Sleep(20 * time.Millisecond)
	if n := len(v.Papers()); n != tickets {
		t.Errorf("%d papers came out by themselves", n-tickets)
	}
	right(t, d, v, p, job(p, 100))
}
