package device_test

import (
	"context"
	"fmt"
	"testing"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/virtual"
)

// A printer that is put in the place of another one within a job has printed tickets of ours before, and has not seen
// the beginning of this one: nothing is called printed that is on neither printer's paper.
func TestSwappedInMidJob(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		d, v := impatient(t, virtual.Options{Profile: p})
		j := job(p, 1)
		all := traffic(t, d, v, p, j)
		came := func() int {
			n := whole(t, p, papers(v, p), j)
			v.Swap()
			defer v.Swap()
			return n + whole(t, p, papers(v, p), j)
		}
		step := sparse(j, 8)
		for at := 1 + offset(p, step); at <= all; at += step {
			for range 2 { // both have printed a ticket to its end
				v.Swap()
				sound(t, d, v, p)
			}
			before := came()
			v.SwapAfter(at)
			r := d.Print(t.Context(), again(j))
			if r.Outcome == device.Printed {
				ended(t, v, p)
			}
			truthful(t, fmt.Sprintf("another printer after %d of %d bytes", at, all), r, came()-before)
			if !v.Happened() {
				v.SwapAfter(never) // there were fewer questions this time
			}
		}
	})
}

// The line is lost within the marker, so that a definition stays open: the printer is spoken to all the same.
func TestLineLostWithinTheMarker(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		for _, kind := range []virtual.Macro{virtual.MacroExecuting, virtual.MacroQuiet} {
			t.Run(fmt.Sprint(kind), func(t *testing.T) {
				t.Parallel()
				d, v := setup(t, virtual.Options{Profile: p, Macro: kind})
				sound(t, d, v, p)
				asked := questions(p)
				for at := asked; at <= asked+len(p.DefineMarker().Ask); at++ {
					v.UnplugAfter(at)
					r := d.Print(t.Context(), job(p, at))
					if r.Outcome == device.Printed || v.Plugged() {
						t.Fatalf("pulled after %d bytes: %s (%v), plugged %t", at, r.Outcome, r.Err, v.Plugged())
					}
					if err := v.Plug(); err != nil {
						t.Fatal(err)
					}
					right(t, d, v, p, job(p, 100+at))
					ended(t, v, p)
				}
			})
		}
	})
}

// questions returns how many bytes one round of questions for the state has.
func questions(p escpos.Profile) (n int) {
	for _, q := range p.Ask {
		n += max(1, q.Repeat) * len(q.Ask)
	}
	return n
}

// Between the answers of the marker the printer may tell its state by itself.
func TestAutomaticStatusBetweenAnswers(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		if p.ASB == nil || p.Confirm == escpos.ConfirmASB {
			t.Skip("it has none, or is asked for it")
		}
		d, _ := setup(t, virtual.Options{Profile: p, Chatty: true})
		for n := range 2 {
			if r := d.Print(t.Context(), job(p, n)); r.Outcome != device.Printed {
				t.Errorf("%s (%v)", r.Outcome, r.Err)
			}
		}
	})
}

// ending is a context that ends as soon as something is so.
type ending struct {
	context.Context
	is func() bool
}

func (c ending) Err() error {
	if c.is() {
		return context.Canceled
	}
	return c.Context.Err()
}

// A job that ended before its first byte has left nothing on the paper to be marked.
func TestEndedBeforeTheFirstByte(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		d, v := setup(t, virtual.Options{Profile: p})
		sound(t, d, v, p)
		asked := len(v.Received()) + questions(p)
		over := ending{t.Context(), func() bool { return len(v.Received()) >= asked }}
		if r := d.Print(over, job(p, 1)); r.Outcome != device.Failed {
			t.Fatalf("%s (%v)", r.Outcome, r.Err)
		}
		right(t, d, v, p, job(p, 2))
		if n := len(papers(v, p)); n != 2 {
			t.Errorf("%d papers for two tickets", n)
		}
	})
}
