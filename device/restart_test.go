package device_test

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

// everyByte makes the tests go through all bytes of long jobs; see make soak.
var everyByte = os.Getenv("INFOMAT_EVERY_BYTE") != ""

// impatient starts a virtual printer, and a device at the other end of its line that waits for answers only briefly. It
// may give up a job on a busy machine, but never calls one printed for that.
func impatient(t *testing.T, o virtual.Options) (*device.Printer, *virtual.Printer) {
	t.Helper()
	v, err := virtual.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	d := device.New(device.Config{
		Port: v.Path(), Baud: 115200, Flow: serialport.FlowNone, Profile: o.Profile, Timeout: 600 * time.Millisecond,
		Answer: 250 * time.Millisecond, Void: text(o.Profile, voidText), Open: opener(v, o, v.Path()),
	}, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		_ = d.Close() // some tests have cut the line
		_ = v.Close()
	})
	return d, v
}

// eachMarked runs a test for each profile with a marker. Of the others no job is ever called printed; see TestPrinted.
func eachMarked(t *testing.T, test func(t *testing.T, p escpos.Profile)) {
	t.Helper()
	each(t, func(t *testing.T, p escpos.Profile) {
		if p.Marker == nil {
			t.Skip("it has no marker")
		}
		test(t, p)
	})
}

// traffic returns how many bytes the host sends for a job on a printer that is ready: questions, marker, job,
// confirmation.
func traffic(t *testing.T, d *device.Printer, v *virtual.Printer, p escpos.Profile, j device.Job) int {
	t.Helper()
	var r device.Result
	for range 20 {
		sound(t, d, v, p)
		before := len(v.Received())
		if r = d.Print(t.Context(), again(j)); r.Outcome == printed(p) {
			ended(t, v, p)
			return len(v.Received()) - before
		}
	}
	t.Fatalf("%s (%v)", r.Outcome, r.Err)
	return 0
}

// sound prints tickets until one comes out as it should.
func sound(t *testing.T, d *device.Printer, v *virtual.Printer, p escpos.Profile) {
	t.Helper()
	var r device.Result
	for range 20 {
		j := job(p, 0)
		before := len(papers(v, p))
		if r = d.Print(t.Context(), j); r.Outcome == printed(p) && whole(t, p, papers(v, p)[before:], j) == 1 {
			ended(t, v, p)
			return
		}
		if errors.Is(r.Err, device.ErrUnmarked) { // on a busy machine it answers too late for a marker, three times in a row
			_ = d.Close()
		}
		_, _ = d.Status(t.Context())
	}
	t.Fatalf("the printer does not recover: %s (%v)", r.Outcome, r.Err)
}

// ended waits until a printer has got all of a job that was printed: the marker is taken away behind it.
func ended(t *testing.T, v *virtual.Printer, p escpos.Profile) {
	t.Helper()
	if p.Marker != nil {
		eventually(t, "the marker is taken away", func() bool { return bytes.HasSuffix(v.Received(), escpos.ForgetMacro) })
	}
}

// truthful fails if an outcome is not what came out.
func truthful(t *testing.T, what string, r device.Result, came int) {
	t.Helper()
	switch {
	case r.Outcome == device.Printed && came != 1:
		t.Errorf("%s: called printed, and came out %d times", what, came)
	case r.Outcome == device.Failed && came != 0:
		t.Errorf("%s: called failed (%v), and came out %d times", what, r.Err, came)
	case came > 1:
		t.Errorf("%s: came out %d times", what, came)
	}
}

// restarts are the ways in which a printer is away.
var restarts = map[string]virtual.Restart{
	"at once":            {},
	"short":              {Away: 3 * time.Millisecond},
	"with noise":         {Away: 3 * time.Millisecond, Noise: []byte{0, 0, 0, 0}},
	"at once with noise": {Noise: []byte{0, 0, 0}},
}

// A printer that restarts at any byte of a job is never said to have printed it unless the paper is whole. The short
// run tries a part of the bytes, another one for each profile.
func TestRestartAtEveryByte(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		j := job(p, 1)
		for n := range shards {
			t.Run(fmt.Sprintf("at once, %d", n), func(t *testing.T) {
				t.Parallel()
				step := sparse(j, 24)
				restartWithin(t, virtual.Options{Profile: p}, j, virtual.Restart{}, offset(p, step)+n*step, shards*step)
			})
		}
		for name, r := range restarts {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				step := sparse(j, 3)
				restartWithin(t, virtual.Options{Profile: p}, j, r, offset(p, step), step)
			})
		}
		t.Run("on USB", func(t *testing.T) {
			t.Parallel()
			step := sparse(j, 8)
			restartWithin(t, virtual.Options{Profile: p, USB: true}, j, virtual.Restart{}, offset(p, step), step)
		})
	})
}

// shards is how many printers share the bytes of a job.
const shards = 4

// sparse returns the step with which about n of the bytes of a job are tried: 1 in the long run.
func sparse(j device.Job, n int) int {
	if everyByte {
		return 1
	}
	return max(1, len(j.Data)/n)
}

// A whole ticket, as a patient gets it, with a restart at some of its bytes.
func TestRestartWithinATicket(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		j := ticketOf(t, p, "008", false)
		step := sparse(j, 3)
		restartWithin(t, virtual.Options{Profile: p}, j, virtual.Restart{}, offset(p, step), step)
	})
}

// restartWithin lets a printer restart at every so many bytes of a job, the first of them left out.
func restartWithin(t *testing.T, o virtual.Options, j device.Job, r virtual.Restart, skip, step int) {
	t.Helper()
	p := o.Profile
	o.Seed = 11
	d, v := impatient(t, o)
	all := traffic(t, d, v, p, j)
	for at := 1 + skip; at <= all; at += step {
		sound(t, d, v, p)
		r.After = at
		before := len(papers(v, p))
		v.RestartAfter(r)
		result := d.Print(t.Context(), again(j))
		if !v.Happened() {
			v.RestartAfter(virtual.Restart{After: never}) // there were fewer questions this time
		}
		eventually(t, "the printer is back", func() bool { return v.Fault() == virtual.None })
		truthful(t, fmt.Sprintf("restart after %d of %d bytes", at, all), result, whole(t, p, papers(v, p)[before:], j))
	}
}

// never is a number of bytes that no test sends.
const never = 1 << 40

// offset is a number below step that is the same in each run.
func offset(p escpos.Profile, step int) int {
	h := fnv.New64a()
	_, _ = h.Write([]byte(p.Name))
	return rand.New(rand.NewPCG(h.Sum64(), 1)).IntN(step)
}

// A printer that has lost its power for the first half of a job has the second one only.
func TestSecondHalfAlone(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		d, v := impatient(t, virtual.Options{Profile: p})
		sound(t, d, v, p)
		j := job(p, 1)
		all := len(j.Data)
		v.RestartAfter(virtual.Restart{After: 13, Away: time.Duration(all/2) * 10 * time.Second / 115200})
		r := d.Print(t.Context(), j)
		truthful(t, "without its first half", r, whole(t, p, papers(v, p), j))
	})
}

// The device is pulled in the middle of a job and comes back under another number.
func TestComesBackUnderAnotherNumber(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		j := job(p, 1)
		for _, at := range []int{3, len(j.Data) / 2, len(j.Data) - 1} {
			for _, usb := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d, USB %t", at, usb), func(t *testing.T) {
					t.Parallel()
					comesBack(t, virtual.Options{Profile: p, CutAt: at, USB: usb}, j)
				})
			}
		}
	})
}

// comesBack prints a job in the middle of which the device is pulled and put back.
func comesBack(t *testing.T, o virtual.Options, j device.Job) {
	t.Helper()
	d, v := setup(t, o)
	back := make(chan struct{})
	go func() {
		defer close(back)
		for v.Plugged() {
			time.Sleep(time.Millisecond)
		}
		_ = v.Plug() // the next jobs show whether it is in
	}()
	r := d.Print(t.Context(), j)
	<-back
	if r.Outcome == device.Printed {
		t.Error("called printed")
	}
	right(t, d, v, o.Profile, job(o.Profile, 2))
	truthful(t, "pulled", r, whole(t, o.Profile, papers(v, o.Profile), j))
}

// A printer that was switched off and on between two jobs prints the next one as any other.
func TestRestartBetweenJobs(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		d, v := setup(t, virtual.Options{Profile: p})
		for n := range 3 {
			if r := d.Print(t.Context(), job(p, n)); r.Outcome != printed(p) {
				t.Fatalf("%s (%v)", r.Outcome, r.Err)
			}
			v.SetFault(virtual.NoPower)
			v.SetFault(virtual.None)
		}
	})
}
