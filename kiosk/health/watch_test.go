package health_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
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

func TestGateOpensWhenTheTerminalIsAdmittedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type answer struct {
			admitted bool
			err      error
		}
		answers := []answer{{false, nil}, {true, errors.New("no answer")}, {true, nil}}
		var asked atomic.Int32
		changes := make(chan bool, 10)
		g := health.Gate{
			Every: 30 * time.Second,
			Probe: func(context.Context) (bool, error) {
				a := answers[asked.Add(1)-1]
				return a.admitted, a.err
			},
			Changed: func(shut bool) { changes <- shut },
		}
		ctx, cancel := context.WithCancel(t.Context())
		go g.Run(ctx)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if asked.Load() != 0 || g.IsShut() {
			t.Errorf("an open gate asked %d times", asked.Load())
		}
		g.Shut()
		g.Shut()
		for want := int32(1); want <= 3; want++ { // refused, no answer, admitted
			if !g.IsShut() {
				t.Errorf("it opened after %d questions", want-1)
			}
			time.Sleep(30 * time.Second)
			synctest.Wait()
			if asked.Load() != want {
				t.Errorf("it asked %d times, want %d", asked.Load(), want)
			}
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if g.IsShut() || asked.Load() != 3 || len(changes) != 2 || !<-changes || <-changes {
			t.Errorf("shut %v, asked %d times", g.IsShut(), asked.Load())
		}
		cancel()
	})
}

func TestAlarms(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, c := range []struct {
		wire health.Wire
		want []health.Alarm
	}{
		{health.Wire{}, nil},
		{health.Wire{OwnCertificate: now.Add(31 * day), ServerCertificate: now.Add(31 * day), Skew: 5 * time.Second}, nil},
		{health.Wire{OwnCertificate: now.Add(29 * day)}, []health.Alarm{health.OwnCertificate}},
		{health.Wire{ServerCertificate: now.Add(-day)}, []health.Alarm{health.ServerCertificate}},
		{health.Wire{Skew: -6 * time.Second}, []health.Alarm{health.Clock}},
		{health.Wire{Skew: 6 * time.Second}, []health.Alarm{health.Clock}},
	} {
		if got := c.wire.Alarms(now); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.wire, got, c.want)
		}
	}
}

func TestAlarmsAreToldWhenTheyComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		due := [][]health.Alarm{nil, {health.Clock}, {health.Clock, health.OwnCertificate}, {health.OwnCertificate}, nil}
		var told []string
		round := 0
		w := health.Watch{
			Every: time.Second, Changed: func(kiosk.Service) {},
			Alarms: func(time.Time) []health.Alarm {
				round++
				return due[min(round, len(due))-1]
			},
			Alarm: func(a health.Alarm, on bool) { told = append(told, fmt.Sprint(a, on)) },
		}
		ctx, cancel := context.WithCancel(t.Context())
		go w.Run(ctx)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		cancel()
		if want := []string{"clocktrue", "own-certificatetrue", "clockfalse", "own-certificatefalse"}; !slices.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
	})
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
