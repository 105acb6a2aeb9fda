package main

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb/xproto"

	"infomat/kiosk"
	"infomat/kiosk/pin"
)

// trembling is a terminal as it is shipped: of the same key or button struck twice within 0.5 s it takes one
// (EN 301 549, 5.8).
func trembling(o *screenOptions) { o.strike = 500 * time.Millisecond }

// TestWindowStrikesCountOnce strikes each arrow two and three times within half a second, then once more, and then
// different ones as fast as they can be.
func TestWindowStrikesCountOnce(t *testing.T) {
	v := visitIn(t, newWorld(t), nil, withKeypad, trembling)
	k := newKeyboard(t)
	v.walk(kiosk.StepAge)
	var order []string // by Right, slowly
	for range v.targets() {
		order = append(order, v.focus())
		k.press(keyRight)
		time.Sleep(600 * time.Millisecond)
	}
	if at := v.focus(); at != order[0] || len(order) < 4 {
		t.Fatalf("the buttons are %v, and then %s", order, at)
	}
	at := 0
	for _, c := range []struct {
		key     xproto.Keysym
		strikes int
		step    int
	}{{keyRight, 2, 1}, {keyRight, 3, 1}, {keyLeft, 2, -1}, {keyTab, 3, 1}, {keyRight, 1, 1}} {
		for range c.strikes {
			k.press(c.key)
			time.Sleep(80 * time.Millisecond)
		}
		at = (at + c.step + len(order)) % len(order)
		if got := v.focus(); got != order[at] {
			t.Errorf("%d strikes of %#x lead to %s, want %s", c.strikes, c.key, got, order[at])
		}
		time.Sleep(600 * time.Millisecond)
	}
	k.press(keyRight, keyLeft, keyRight, keyTab)
	time.Sleep(50 * time.Millisecond)
	if got := v.focus(); got != order[(at+2)%len(order)] {
		t.Errorf("four different strikes lead to %s", got)
	}
}

// secretWith returns a PIN that has the same digit twice in a row, or has not.
func secretWith(twice bool) string {
	for {
		secret := pin.Random()
		same := false
		for i := 1; i < len(secret); i++ {
			same = same || secret[i] == secret[i-1]
		}
		if same == twice {
			return secret
		}
	}
}

// TestWindowPINUnderATremblingHand types a PIN by keys and by touch, each digit twice. It counts once. Digits that
// differ count as fast as they come, and a PIN that has a digit twice needs half a second for the second one.
func TestWindowPINUnderATremblingHand(t *testing.T) {
	world := newWorld(t)
	v := visitIn(t, world, nil, trembling)
	k := newKeyboard(t)
	try := func(secret string, twice bool, enter func(digit string)) {
		t.Helper()
		if err := pin.Set(world.Config.Service.PINFile, secret); err != nil {
			t.Fatal(err)
		}
		k.press(keyF12)
		v.onPage("keypad")
		v.usable()
		for i, d := range secret {
			if i > 0 && secret[i] == secret[i-1] {
				time.Sleep(600 * time.Millisecond)
			}
			if enter(string(d)); twice {
				enter(string(d))
			}
		}
		v.onPage("menu")
		fyne.DoAndWait(v.screen.mode.Close)
		v.onPage("")
		time.Sleep(600 * time.Millisecond) // until F12 counts again
	}
	byKey := func(d string) { k.press(digits(d)...) }
	byTouch := func(d string) {
		t.Helper()
		x, y := -1, -1
		fyne.DoAndWait(func() {
			for _, key := range v.screen.mode.Targets() {
				if key.ID == "key."+d {
					x, y = int(key.X+key.W/2), int(key.Y+key.H/2)
				}
			}
		})
		if x < 0 {
			return // the menu is open, and the tap too many of the last digit has no place
		}
		v.tapAt(x, y)
		time.Sleep(50 * time.Millisecond)
	}
	begin := time.Now()
	try(secretWith(false), false, byKey)
	t.Logf("six different digits by keys: %v", time.Since(begin))
	try(secretWith(false), true, byKey)
	try(secretWith(true), false, byKey)
	try(secretWith(false), true, byTouch)
	try(secretWith(true), false, byTouch)
}

// TestWindowKeysHeldForLong leans something against a key: on a page, on «Забронировать», on the keypad for the PIN.
// `make soak` does it for a minute. The display repeats the key; it counts once, and the terminal stays usable.
func TestWindowKeysHeldForLong(t *testing.T) {
	long := lasting(t, "INFOMAT_HELD", 2*time.Second)
	world := newWorld(t)
	secret := secretWith(false)
	if err := pin.Set(world.Config.Service.PINFile, secret); err != nil {
		t.Fatal(err)
	}
	v := visitIn(t, world, nil, withKeypad, trembling)
	k := newKeyboard(t)
	hold := func(key xproto.Keysym) {
		t.Helper()
		release := k.hold(key)
		defer release()
		for end := time.Now().Add(long); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			if begin := time.Now(); v.focus() == "" || time.Since(begin) > 5*time.Second {
				t.Fatalf("the screen's thread answered after %v while a key was held", time.Since(begin))
			}
		}
	}
	v.walk(kiosk.StepAge)
	before := v.focus()
	k.press(keyRight)
	next := v.focus()
	k.press(keyLeft)
	if hold(keyRight); v.focus() != next {
		t.Errorf("a held arrow led from %s to %s, want %s", before, v.focus(), next)
	}
	v.walk(kiosk.StepCheck)
	for v.focus() != "reserve" {
		k.press(keyUp)
		time.Sleep(600 * time.Millisecond)
	}
	release := k.hold(keyReturn)
	time.Sleep(long)
	if s, n := v.screen.shell.State(), len(v.sim.Bookings()); s.Step != kiosk.StepCheck || n > 0 {
		t.Errorf("while Select is held the page is %v, with %d bookings", s.Step, n)
	}
	release()
	v.at(kiosk.StepTicket)
	if hold(keyReturn); len(v.sim.Bookings()) != 1 {
		t.Errorf("%d bookings", len(v.sim.Bookings()))
	}
	k.press(keyF12)
	v.onPage("keypad")
	release = k.hold(xproto.Keysym(secret[0]))
	time.Sleep(min(long, 50*time.Second)) // the keypad closes after a minute without a key
	release()
	k.press(digits(secret[1:])...)
	v.onPage("menu")
	if s := (&pin.Lock{File: world.Config.Service.PINFile}).Status(); s.Left != 5 {
		t.Errorf("a digit that was held cost attempts: %+v", s)
	}
}
