package diag

import (
	"context"
	"os"
	"time"
)

// Step looks at one thing, or at several that can only be seen together, and gives a finding for each.
type Step struct {
	Checks []string // what the step looks at
	Look   func(ctx context.Context) []Finding
}

// patience bounds one step: whatever hangs, a report comes.
const patience = 60 * time.Second

// Run takes the steps one after the other. Begin is told what is looked at next, found what was found; both may be nil.
func Run(ctx context.Context, version string, steps []Step, begin func(checks []string), found func(Finding)) Report {
	started := time.Now()
	r := Report{At: started, Version: version, CanServe: true}
	r.Host, _ = os.Hostname() // a report without it is a report
	for _, s := range steps {
		if begin != nil {
			begin(s.Checks)
		}
		for _, f := range look(ctx, s) {
			r.CanServe = r.CanServe && f.Level != Failure
			r.Findings = append(r.Findings, f)
			if found != nil {
				found(f)
			}
		}
	}
	r.TookMS = ms(time.Since(started))
	return r
}

// look takes one step. A finding that does not say how long it took has taken as long as the step.
func look(ctx context.Context, s Step) []Finding {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	started := time.Now()
	all := s.Look(ctx)
	for i := range all {
		all[i].At = started
		if all[i].TookMS == 0 && all[i].Level != Skipped {
			all[i].TookMS = ms(time.Since(started))
		}
	}
	return all
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
