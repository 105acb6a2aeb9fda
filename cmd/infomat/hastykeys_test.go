package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"infomat/kiosk"
)

// TestWindowKeysHeld holds each key down on each page, as a thing that leans against the keypad does. The display
// repeats it some 25 times a second; that is one press, and it acts once when it ends.
func TestWindowKeysHeld(t *testing.T) {
	v, k := keyed(t, newWorld(t))
	for i, w := range way {
		v.at(w.from)
		for _, key := range []xproto.Keysym{keyRight, keyDown, keyUp, keyLeft} {
			before := v.focus()
			release := k.hold(key)
			time.Sleep(1500 * time.Millisecond)
			held := v.focus()
			release()
			if after := v.focus(); held == before || after != held {
				t.Errorf("%v: a held key moved the focus from %s to %s and %s", w.from, before, held, after)
			}
		}
		v.goTo(k, keyRight, w.tap)
		release := k.hold(keyReturn)
		time.Sleep(4 * time.Second)
		if s := v.screen.shell.State(); s.Step != w.from {
			t.Errorf("a key that is held at %v leads to %v", w.from, s.Step)
		}
		release()
		v.until("the next page", func(s kiosk.State) bool { return s.Step > w.from })
		if w.from == kiosk.StepCheck {
			break
		}
		time.Sleep(1200 * time.Millisecond)
		if s := v.screen.shell.State(); s.Step != way[i+1].from {
			t.Errorf("one long press at %v led to %v", w.from, s.Step)
		}
	}
	v.until("the paper", func(s kiosk.State) bool { return s.Booking.Print == kiosk.PrintDone })
	release := k.hold(keyReturn)
	time.Sleep(5 * time.Second)
	release()
	time.Sleep(time.Second)
	if n := len(v.sim.Bookings()); n != 1 {
		t.Errorf("%d bookings", n)
	}
}

// TestWindowSelectAgainAndAgainBooksNothing presses Select as fast as a nervous hand does, and as slowly as one that
// waits for each page. Whoever does not look for «Забронировать» does not book.
func TestWindowSelectAgainAndAgainBooksNothing(t *testing.T) {
	v, k := keyed(t, newWorld(t))
	for _, gap := range []time.Duration{40, 300, 700, 1000} {
		for end := time.Now().Add(6 * time.Second); time.Now().Before(end); time.Sleep(gap * time.Millisecond) {
			k.press(keyReturn)
		}
	}
	if s := v.screen.shell.State(); len(v.sim.Bookings()) != 0 || s.Step > kiosk.StepCheck {
		t.Errorf("%d bookings, the page is %v", len(v.sim.Bookings()), s.Step)
	}
}

// TestWindowKeysAtEveryGap chooses a time, moves the focus to «Забронировать» as soon as the check page is there, and
// presses it at every gap below 600 ms.
func TestWindowKeysAtEveryGap(t *testing.T) {
	v, k := keyed(t, newWorld(t))
	for _, w := range way[:5] {
		v.at(w.from)
		v.goTo(k, keyDown, w.tap)
		if w.from < kiosk.StepTime {
			k.press(keyReturn)
		}
	}
	for gap := 50 * time.Millisecond; gap < 600*time.Millisecond; gap += 50 * time.Millisecond {
		v.at(kiosk.StepTime)
		k.press(keyReturn)
		v.until("the check page", func(kiosk.State) bool {
			v.mu.Lock()
			defer v.mu.Unlock()
			return v.painted.Step == kiosk.StepCheck
		})
		begin := time.Now()
		v.goTo(k, keyUp, "reserve")
		time.Sleep(time.Until(begin.Add(gap)))
		if time.Since(begin) < 500*time.Millisecond {
			k.press(keyReturn)
		}
		v.at(kiosk.StepCheck)
		k.press(keyEscape)
	}
	if n := len(v.sim.Bookings()); n != 0 {
		t.Errorf("%d bookings that nobody could have read", n)
	}
}

// TestWindowFranticKeys presses keys at random, mostly Select and what moves the focus. What is booked was asked for
// on a check page that could be read, and the terminal stays usable.
func TestWindowFranticKeys(t *testing.T) {
	v, k := keyed(t, newWorld(t))
	all := []xproto.Keysym{keyUp, keyDown, keyLeft, keyRight, keyReturn, keyReturn, keyReturn, keyReturn, keySpace}
	random := rand.New(rand.NewPCG(17, 3))
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); {
		k.press(all[random.IntN(len(all))])
		if random.IntN(4) == 0 {
			time.Sleep(time.Duration(random.IntN(800)) * time.Millisecond)
		}
	}
	v.mu.Lock()
	for _, at := range v.confirmed {
		if frame, ok := lastBefore(v.began, at); !ok || at.Sub(frame) < readable {
			t.Errorf("booked %v after the page had changed", at.Sub(frame))
		}
	}
	t.Logf("%d pages, %d bookings", len(v.began), len(v.confirmed))
	v.mu.Unlock()
	v.until("the end of a booking", func(s kiosk.State) bool { return s.Step != kiosk.StepReserving && !s.Loading })
	for range 12 {
		k.press(keyEscape)
		time.Sleep(700 * time.Millisecond)
		v.readable()
	}
	if len(v.targets()) == 0 || v.focus() == "" {
		t.Error("the focus is gone")
	}
}
