package health_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"infomat/kiosk/health"
)

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
