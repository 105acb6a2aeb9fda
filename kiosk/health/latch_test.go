package health_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"infomat/kiosk/health"
)

func TestLatchOpensWhenTheTerminalIsAdmittedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type answer struct {
			admitted bool
			err      error
		}
		answers := []answer{{false, nil}, {true, errors.New("no answer")}, {true, nil}}
		var asked atomic.Int32
		changes := make(chan bool, 10)
		g := health.Latch{
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
		g.Shut(errors.New("refused"))
		g.Shut(errors.New("refused"))
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

// A registry that goes on refusing is asked less and less often, and as often as ever when it refuses anew.
func TestLatchAsksLessAndLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex // over the three
		var asked []time.Duration
		var shutAt time.Time
		admitted := false
		g := health.Latch{
			Every: 30 * time.Second, Longest: 5 * time.Minute, Changed: func(bool) {},
			Probe: func(context.Context) (bool, error) {
				mu.Lock()
				defer mu.Unlock()
				asked = append(asked, time.Since(shutAt))
				return admitted, nil
			},
		}
		set := func(to bool) (before []time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			before, asked, admitted, shutAt = asked, nil, to, time.Now()
			return before
		}
		ctx, cancel := context.WithCancel(t.Context())
		go g.Run(ctx)
		for range 2 {
			set(false)
			g.Shut(errors.New("refused"))
			time.Sleep(18 * time.Minute)
			synctest.Wait()
			s := time.Second
			if got, want := set(true), []time.Duration{30 * s, 90 * s, 210 * s, 450 * s, 750 * s, 1050 * s}; !slices.Equal(got,
				want) {
				t.Errorf("asked after %v, want %v", got, want)
			}
			time.Sleep(5*time.Minute + 30*time.Second)
			synctest.Wait()
			if g.IsShut() {
				t.Error("it did not open")
			}
		}
		cancel()
	})
}

// The refusal that shut the latch is kept until it opens: it says what is to be repaired.
func TestLatchKeepsItsRefusal(t *testing.T) {
	first, changes := errors.New("signature"), 0
	l := health.Latch{Changed: func(bool) { changes++ }}
	if l.Refusal() != nil || l.IsShut() {
		t.Error("shut to begin with")
	}
	l.Shut(first)
	l.Shut(errors.New("token"))
	if !errors.Is(l.Refusal(), first) || !l.IsShut() || changes != 1 {
		t.Errorf("%v, %d changes", l.Refusal(), changes)
	}
}
