package device_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/virtual"
)

// What the printer says of itself in the middle of a job is no answer to anything else: the ticket is printed, and
// paper that runs low is paper that runs low.
func TestAutomaticStatusAtEveryByte(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		if p.ASB == nil {
			t.Skip("it has no automatic status")
		}
		d, v := setup(t, virtual.Options{Profile: p, ASB: true})
		j := job(p, 1)
		all, step := traffic(t, d, v, p, j), sparse(j, 15)
		for at := 1 + offset(p, step); at <= all; at += step {
			v.FaultAfter(at, virtual.PaperLow)
			if r := d.Print(t.Context(), again(j)); r.Outcome != device.Printed {
				t.Errorf("paper low told after %d of %d bytes: %s (%v)", at, all, r.Outcome, r.Err)
			}
			if !v.Happened() { // there were fewer questions this time
				v.FaultAfter(never, virtual.None)
				continue
			}
			if s, err := d.Status(t.Context()); err != nil || s.Paper != device.PaperLow {
				t.Errorf("%+v, %v", s, err)
			}
			v.SetFault(virtual.None)
		}
	})
}

// The automatic status is switched off before the first job.
func TestAutomaticStatusIsSwitchedOff(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		d, v := setup(t, virtual.Options{Profile: p, ASB: true})
		j := job(p, 1)
		if r := d.Print(t.Context(), j); r.Outcome != printed(p) {
			t.Errorf("%s (%v)", r.Outcome, r.Err)
		}
		before, _, sent := bytes.Cut(v.Received(), j.Data[:4])
		if off := bytes.Contains(before, escpos.ASBOff); !sent || off != (p.ASB != nil) {
			t.Errorf("%t before the job: % x", off, before)
		}
	})
}

// Answers may be late.
func TestLateAnswers(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		d, _ := setup(t, virtual.Options{Profile: p, Late: 120 * time.Millisecond})
		for n := range 2 {
			if r := d.Print(t.Context(), job(p, n)); r.Outcome != printed(p) {
				t.Errorf("%s (%v)", r.Outcome, r.Err)
			}
		}
		d, v := impatient(t, virtual.Options{Profile: p, Late: 20 * time.Millisecond})
		j := job(p, 4)
		for at := 13; at < len(j.Data); at += len(j.Data) / 2 {
			restarted(t, d, v, p, j, at)
		}
	})
}

// An answer may come once more when the next questions were asked already: it is no answer to the marker.
func TestAnswersOnceMoreLate(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		d, v := impatient(t, virtual.Options{Profile: p, Again: 25 * time.Millisecond})
		j := job(p, 4)
		for at := 13; at < len(j.Data); at += len(j.Data) / 4 {
			restarted(t, d, v, p, j, at)
		}
	})
}

// Each answer may come twice.
func TestAnswersTwice(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		patient, _ := setup(t, virtual.Options{Profile: p, Twice: true})
		for n := range 3 {
			if r := patient.Print(t.Context(), job(p, n)); r.Outcome != printed(p) {
				t.Errorf("%s (%v)", r.Outcome, r.Err)
			}
		}
		d, v := impatient(t, virtual.Options{Profile: p, Twice: true})
		j := job(p, 4)
		all := traffic(t, d, v, p, j)
		for at := 13; at < all; at += all / 3 {
			restarted(t, d, v, p, j, at)
		}
	})
}

// restarted prints a job within which the printer restarts after a number of bytes. What is said of it is true.
func restarted(t *testing.T, d *device.Printer, v *virtual.Printer, p escpos.Profile, j device.Job, at int) {
	t.Helper()
	sound(t, d, v, p)
	before := len(papers(v, p))
	v.RestartAfter(virtual.Restart{After: at})
	r := d.Print(t.Context(), again(j))
	truthful(t, fmt.Sprintf("restart after %d bytes", at), r, whole(t, p, papers(v, p)[before:], j))
}
