package main

import (
	"cmp"
	"image"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"infomat/kiosk"
	"infomat/ui"
)

// lasting returns how long a test of patience lasts: what a variable says, which `make soak` sets, or a short time.
func lasting(t *testing.T, variable string, short time.Duration) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(cmp.Or(os.Getenv(variable), short.String()))
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return d
}

// impatient opens a terminal that soon asks whether somebody is still there.
func impatient(t *testing.T, more ...func(*screenOptions)) (*visitor, *fingers) {
	t.Helper()
	v := visitIn(t, newWorld(t), func(s *kiosk.Settings) { s.Idle, s.Warning = 3*time.Second, 3*time.Second }, more...)
	corner, err := v.hand.Place()
	if err != nil {
		t.Fatal(err)
	}
	return v, &fingers{newKeyboard(t), v, corner, rand.New(rand.NewPCG(17, 5))}
}

// fingers press the glass without looking.
type fingers struct {
	*keyboard
	v      *visitor
	corner image.Point // of the window
	random *rand.Rand
}

// somewhere returns a point of the window, mostly one on a button.
func (f *fingers) somewhere() image.Point {
	at := image.Pt(f.random.IntN(540), f.random.IntN(960))
	if all := f.v.targets(); len(all) > 0 && f.random.IntN(4) > 0 {
		x, y := all[f.random.IntN(len(all))].Middle()
		at = image.Pt(x, y)
	}
	return f.corner.Add(at)
}

func (f *fingers) move(to image.Point) { f.send(xproto.MotionNotify, 0, to) }
func (f *fingers) down(button byte)    { f.send(xproto.ButtonPress, button, image.Point{}) }
func (f *fingers) up(button byte)      { f.send(xproto.ButtonRelease, button, image.Point{}) }

// tap is what a finger does.
func (f *fingers) tap() {
	f.move(f.somewhere())
	f.down(xproto.ButtonIndex1)
	time.Sleep(time.Duration(f.random.IntN(120)) * time.Millisecond)
	f.up(xproto.ButtonIndex1)
}

// hurry taps as fast as a finger can, wherever the way to the next page is.
func (f *fingers) hurry() {
	for range 60 {
		all := f.v.targets()
		onward := slices.IndexFunc(all, func(t ui.Target) bool {
			return slices.ContainsFunc(way, func(w step) bool { return strings.HasPrefix(t.ID, w.tap) })
		})
		if onward < 0 { // a list is loading
			time.Sleep(50 * time.Millisecond)
			continue
		}
		x, y := all[onward].Middle()
		f.move(f.corner.Add(image.Pt(x, y)))
		f.down(xproto.ButtonIndex1)
		time.Sleep(20 * time.Millisecond)
		f.up(xproto.ButtonIndex1)
		time.Sleep(20 * time.Millisecond)
	}
}

// palm is what the display makes of a hand: one press that jumps from finger to finger.
func (f *fingers) palm() {
	f.move(f.somewhere())
	f.down(xproto.ButtonIndex1)
	for range 10 {
		f.move(f.somewhere())
		time.Sleep(5 * time.Millisecond)
	}
	f.up(xproto.ButtonIndex1)
}

// ten fingers press at once, as buttons of a pointer, and leave in another order.
func (f *fingers) ten() {
	order := f.random.Perm(9)
	for _, b := range order {
		f.move(f.somewhere())
		f.down(byte(b + 1))
	}
	f.random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, b := range order {
		f.move(f.somewhere())
		f.up(byte(b + 1))
	}
}

// unread checks that each booking was asked for on a page that could be read before.
func (v *visitor) unread() {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, at := range v.confirmed {
		if frame, ok := lastBefore(v.began, at); !ok || at.Sub(frame) < readable {
			v.t.Errorf("booked %v after the page had changed", at.Sub(frame))
		}
	}
	if len(v.began) < 5 {
		v.t.Errorf("only %d pages were reached", len(v.began))
	}
	v.t.Logf("%d pages, %d bookings", len(v.began), len(v.confirmed))
}

// home waits until the terminal has gone back to its first page by itself, and sees that it can be used.
func (v *visitor) home() {
	v.t.Helper()
	v.at(kiosk.StepWelcome)
	v.tap("start")
	v.at(kiosk.StepAge)
}

// TestWindowFranticFingers lets fingers, palms and whole hands come down anywhere, at any pace. Nothing is booked that
// nobody could have read, and left alone the terminal goes back to its first page.
func TestWindowFranticFingers(t *testing.T) {
	v, f := impatient(t)
	for end := time.Now().Add(lasting(t, "INFOMAT_FRANTIC", 12*time.Second)); time.Now().Before(end); {
		switch f.random.IntN(8) {
		case 0:
			f.palm()
		case 1:
			f.ten()
		case 2, 3, 4, 5:
			f.hurry()
		default:
			f.tap()
		}
		if f.random.IntN(3) == 0 {
			time.Sleep(time.Duration(f.random.IntN(1000)) * time.Millisecond)
		}
	}
	v.unread()
	v.home()
}

// TestWindowStuckTouch presses an answer and «Забронировать» and does not let go: water, or something that leans on
// the glass. The terminal goes back to its first page in spite of it, the touch does nothing when it ends, and the
// next one counts.
func TestWindowStuckTouch(t *testing.T) {
	v, f := impatient(t)
	for _, w := range []step{way[1], way[len(way)-1]} {
		v.walk(w.from)
		x, y := v.find(w.tap)
		f.move(f.corner.Add(image.Pt(x, y)))
		f.down(xproto.ButtonIndex1)
		v.until("the first page on the glass in spite of a stuck touch", func(kiosk.State) bool {
			v.mu.Lock()
			defer v.mu.Unlock()
			return v.painted.Step == kiosk.StepWelcome && !v.painted.Warning
		})
		time.Sleep(4 * time.Second) // longer than the idle time of the first page
		f.up(xproto.ButtonIndex1)
		time.Sleep(300 * time.Millisecond)
		if s := v.screen.shell.State(); s.Step != kiosk.StepWelcome {
			t.Errorf("a touch that was stuck on %s leads to %v when it ends", w.tap, s.Step)
		}
	}
	if n := len(v.sim.Bookings()); n > 0 {
		t.Errorf("%d bookings", n)
	}
	v.home()
}
