package health_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"infomat/kiosk"
	"infomat/kiosk/health"
)

// A round is asked for by Wake, so that no test waits for a clock.
func TestWatchTellsChangesOnly(t *testing.T) {
	defer goleak.VerifyNone(t)
	var down atomic.Value
	down.Store(kiosk.ReasonStarting)
	var paper atomic.Bool
	told := make(chan kiosk.Service, 10)
	wake := make(chan struct{})
	w := health.Watch{
		Booking: []func(time.Time) kiosk.Reason{
			func(time.Time) kiosk.Reason { return "" },
			func(time.Time) kiosk.Reason { return down.Load().(kiosk.Reason) },
		},
		Paper:   func(context.Context) bool { return paper.Load() },
		Every:   time.Hour,
		Wake:    wake,
		Changed: func(s kiosk.Service) { told <- s },
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()

	expect(t, told, kiosk.Service{Down: kiosk.ReasonStarting, NoPaper: true})
	wake <- struct{}{}
	down.Store(kiosk.Reason(""))
	wake <- struct{}{} // the round before may or may not have seen the change; this one has
	expect(t, told, kiosk.Service{NoPaper: true})
	paper.Store(true)
	wake <- struct{}{}
	wake <- struct{}{}
	expect(t, told, kiosk.Service{})
	cancel()
	<-ended
	for len(told) > 0 {
		if s := <-told; s != (kiosk.Service{}) {
			t.Errorf("told %+v after nothing changed", s)
		}
	}
}

func expect(t *testing.T, told <-chan kiosk.Service, want kiosk.Service) {
	t.Helper()
	select {
	case got := <-told:
		if got != want {
			t.Fatalf("told %+v, want %+v", got, want)
		}
	case <-time.After(5 * time.Second):
		t.Fatalf("nothing told, want %+v", want)
	}
}
