package diag

import (
	"context"
	"os"
	"sync/atomic"
	"time"

	"infomat/kiosk/health"
)

// Check is one unit of diagnosis: it looks at one part, or at several that can only be seen together. A Check is
// used by pointer and kept over several runs, so that one that hangs is never begun a second time.
type Check struct {
	Parts  []health.Part                              // what the check looks at, in the order of its findings
	Look   func(ctx context.Context) []health.Finding // should return within Within, at the latest when ctx ends
	Within time.Duration                              // how long a look may take; 0: a minute

	busy atomic.Bool // a look is in flight
}

// patience bounds a look, and grace is how much longer it may take to say itself why it gave up.
const (
	patience = time.Minute
	grace    = time.Second
)

// One is a check that looks at one part.
func One(part health.Part, within time.Duration, look func(ctx context.Context) health.Finding) *Check {
	return &Check{Parts: []health.Part{part}, Within: within, Look: func(ctx context.Context) []health.Finding {
		return []health.Finding{look(ctx)}
	}}
}

// Run makes the checks one after the other. Begin is told what is looked at next, found what was found; both may be
// nil. A report comes whatever a check does: one that does not return in time, or that has not returned since an
// earlier run, is a finding of health.KindNoAnswer for each of its parts, and one that panics of health.KindPanic.
func Run(
	ctx context.Context, version string, checks []*Check, begin func(parts []health.Part), found func(health.Finding),
) Report {
	started := time.Now()
	r := Report{At: started, Version: version, CanServe: true}
	r.Host, _ = os.Hostname() // blank where the system has none
	for _, c := range checks {
		if begin != nil {
			begin(c.Parts)
		}
		for _, f := range c.look(ctx) {
			r.add(f)
			if found != nil {
				found(f)
			}
		}
	}
	r.TookMS = ms(time.Since(started))
	return r
}

// look makes the check. A finding that does not say how long it took has taken as long as the whole check.
func (c *Check) look(ctx context.Context) []health.Finding {
	within := c.Within
	if within == 0 {
		within = patience
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	started := time.Now()
	all := c.inTime(ctx, within)
	for i := range all {
		all[i].At = started
		if all[i].TookMS == 0 && all[i].Level != health.Skipped {
			all[i].TookMS = ms(time.Since(started))
		}
	}
	return all
}

// inTime returns what the check finds, or what it means that it finds nothing in time.
func (c *Check) inTime(ctx context.Context, within time.Duration) []health.Finding {
	if !c.busy.CompareAndSwap(false, true) {
		return c.all(health.KindNoAnswer, "the check that was begun before has not ended yet")
	}
	answer := make(chan []health.Finding, 1)
	go func() {
		all := c.safely(ctx)
		c.busy.Store(false) // before the answer: the next run may begin as soon as that is there
		answer <- all
	}()
	late := time.NewTimer(within + grace)
	defer late.Stop()
	select {
	case all := <-answer:
		return all
	case <-late.C:
		return c.all(health.KindNoAnswer, "the check takes longer than "+within.String())
	}
}

// safely makes the check; a panic becomes a finding of each of its parts.
func (c *Check) safely(ctx context.Context) (all []health.Finding) {
	defer func() {
		if v := recover(); v != nil {
			all = c.all(health.KindPanic, "")
		}
	}()
	return c.Look(ctx)
}

// all is the same finding for each part of the check.
func (c *Check) all(kind, detail string) (all []health.Finding) {
	for _, part := range c.Parts {
		f := health.New(part, kind)
		f.Detail = detail
		all = append(all, f)
	}
	return all
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
