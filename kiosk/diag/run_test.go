package diag_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"infomat/kiosk/diag"
	"infomat/kiosk/health"
)

// finds is a check that finds this.
func finds(f health.Finding) *diag.Check {
	return diag.One(f.Part, 0, func(context.Context) health.Finding { return f })
}

func TestReport(t *testing.T) {
	var told, begun []string
	checks := []*diag.Check{
		finds(health.New(health.PartTCP, "skipped")), finds(health.New(health.PartDisk, "low")),
		finds(health.New(health.PartPrinter, "silent")),
		finds(health.New(health.PartPIN, "ok")),
	}
	r := diag.Run(t.Context(), "1", checks[:1], nil, nil)
	if !r.CanServe || r.Worst() != health.OK || r.Findings[0].TookMS != 0 {
		t.Errorf("skipped: %+v", r)
	}
	r = diag.Run(t.Context(), "1", checks[:2], nil, nil)
	if !r.CanServe || r.Worst() != health.Warning {
		t.Errorf("a warning: %+v", r)
	}
	r = diag.Run(t.Context(), "1", checks, func(parts []health.Part) { begun = append(begun, string(parts[0])) },
		func(f health.Finding) { told = append(told, string(f.Part)) })
	if r.CanServe || r.Worst() != health.Failure || strings.Join(told, " ") != "tcp disk printer pin" ||
		strings.Join(begun, " ") != "tcp disk printer pin" {
		t.Errorf("a failure: %+v, told %v, begun %v", r, told, begun)
	}
	if r.Version != "1" || r.At.IsZero() || r.Findings[1].At.IsZero() {
		t.Errorf("%+v", r)
	}
	if f, ok := r.Failed(health.PartPrinter); !ok || f.Kind != "silent" {
		t.Errorf("%+v, %v", f, ok)
	}
	if f, ok := r.Failed(); !ok || f.Part != health.PartPrinter {
		t.Errorf("%+v, %v", f, ok)
	}
	if _, ok := r.Failed(health.PartDisk); ok {
		t.Error("a warning is called a failure")
	}
}

// Whatever hangs, a report comes, and asking again does not begin the check again while it hangs.
func TestACheckThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun atomic.Int64
		free := make(chan struct{})
		hangs := &diag.Check{
			Parts: []health.Part{health.PartDNS, health.PartClock}, Within: 10 * time.Second,
			Look: func(context.Context) []health.Finding {
				begun.Add(1)
				<-free
				return []health.Finding{health.New(health.PartDNS, "ok"), health.New(health.PartClock, "ok")}
			},
		}
		checks := []*diag.Check{hangs, finds(health.New(health.PartPrinter, "ok"))}
		started := time.Now()
		for range 3 {
			r := diag.Run(t.Context(), "1", checks, nil, nil)
			if len(r.Findings) != 3 || r.CanServe || r.Findings[2].Kind != "ok" {
				t.Fatalf("%+v", r)
			}
			for i, part := range hangs.Parts {
				if f := r.Findings[i]; f.Part != part || f.Kind != health.KindNoAnswer || f.Detail == "" {
					t.Errorf("%+v", f)
				}
			}
		}
		if took := time.Since(started); took != 11*time.Second || begun.Load() != 1 {
			t.Errorf("three reports took %v, and %d checks were begun", took, begun.Load())
		}
		close(free)
		synctest.Wait()
		if r := diag.Run(t.Context(), "1", checks, nil, nil); !r.CanServe || begun.Load() != 2 {
			t.Errorf("after it has returned: %+v", r)
		}
	})
}

// A check that obeys its context says itself what it was waiting for; a minute is what it has where it does not say.
func TestACheckThatGivesUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		checks := []*diag.Check{diag.One(health.PartHTTP, 0, func(ctx context.Context) health.Finding {
			<-ctx.Done()
			time.Sleep(time.Second / 2)
			return health.New(health.PartHTTP, "timeout")
		})}
		started := time.Now()
		r := diag.Run(t.Context(), "1", checks, nil, nil)
		if f := r.Findings[0]; f.Kind != "timeout" || f.TookMS != 60500 || r.TookMS != 60500 || !f.At.Equal(started) {
			t.Errorf("%+v, report in %v ms", f, r.TookMS)
		}
	})
}

func TestACheckThatPanics(t *testing.T) {
	checks := []*diag.Check{diag.One(health.PartPrinter, 0, func(context.Context) health.Finding { panic("here") })}
	for range 1000 { // the next run may begin as soon as the answer is there
		if r := diag.Run(t.Context(), "1", checks, nil, nil); r.CanServe || r.Findings[0].Kind != health.KindPanic {
			t.Errorf("%+v", r)
		}
	}
}

func TestJudgement(t *testing.T) {
	if f := diag.Judgement(health.PartTouch, true); f.Kind != "ok" || f.Level != health.OK || f.At.IsZero() {
		t.Errorf("%+v", f)
	}
	if f := diag.Judgement(health.PartTouch, false); f.Kind != "fault" || f.Level != health.Warning || f.At.IsZero() {
		t.Errorf("%+v", f)
	}
}
