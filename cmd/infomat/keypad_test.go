package main

import (
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb/xproto"

	"infomat/kiosk"
	"infomat/kiosk/pin"
	"infomat/terminal/demo"
	"infomat/ui"
)

// withKeypad is a terminal of a site with a keypad.
func withKeypad(o *screenOptions) { o.keypad = true }

// keyed opens a terminal with a keypad. Nothing of it is tapped.
func keyed(t *testing.T, world *demo.World) (*visitor, *keyboard) {
	t.Helper()
	v := visitIn(t, world, nil, withKeypad)
	return v, newKeyboard(t)
}

// focus returns the id of the button in focus.
func (v *visitor) focus() (id string) {
	fyne.DoAndWait(func() { id = v.screen.mode.Listening().At() })
	return id
}

// goTo moves the focus to a button with one key, and waits until its page can be used. An id that ends with a dot is a
// prefix.
func (v *visitor) goTo(k *keyboard, key xproto.Keysym, id string) {
	v.t.Helper()
	var seen []string
	for range 80 {
		at := v.focus()
		if at == id || strings.HasSuffix(id, ".") && strings.HasPrefix(at, id) {
			return
		}
		seen = append(seen, at)
		k.press(key)
		time.Sleep(20 * time.Millisecond)
	}
	v.t.Fatalf("the focus never came to %s: %v", id, seen)
}

// TestWindowVisitByKeysAlone books with five keys: arrows and Select. Nothing is tapped. Each page begins with its first
// answer; the way to «Забронировать» has to be gone.
func TestWindowVisitByKeysAlone(t *testing.T) {
	v, k := keyed(t, newWorld(t))
	for _, page := range []struct {
		step         kiosk.Step
		begins, for_ string
	}{
		{kiosk.StepWelcome, "start", "start"},
		{kiosk.StepAge, "age.ADULT", "age.ADULT"},
		{kiosk.StepSpeciality, "speciality.", "speciality."},
		{kiosk.StepDoctor, "any-doctor", "doctor."},
		{kiosk.StepTime, "cell.", "cell."},
		{kiosk.StepCheck, "nav.back", "reserve"},
	} {
		v.at(page.step)
		if at := v.focus(); !strings.HasPrefix(at, page.begins) {
			t.Errorf("%v begins with the focus on %s, want %s", page.step, at, page.begins)
		}
		v.goTo(k, keyDown, page.for_)
		k.press(keyReturn)
		v.until("the next page", func(s kiosk.State) bool { return s.Step != page.step })
	}
	v.at(kiosk.StepTicket)
	v.until("the paper", func(s kiosk.State) bool { return s.Booking.Print == kiosk.PrintDone })
	if at := v.focus(); at != "view.open" {
		t.Errorf("the number is shown with the focus on %s", at)
	}
	if bookings, papers := len(v.sim.Bookings()), len(v.paper.Papers()); bookings != 1 || papers != 1 {
		t.Errorf("%d bookings, %d pieces of paper", bookings, papers)
	}
	v.readable()
	v.goTo(k, keyRight, "nav.home")
	k.press(keyEnter)
	v.at(kiosk.StepWelcome)
}

// TestWindowKeysLeadBackAndHelp tries the other keys: Tab and Shift are for keyboards, Back leads back from each page, and
// Help opens the settings of the view where nothing can be read aloud.
func TestWindowKeysLeadBackAndHelp(t *testing.T) {
	v, k := keyed(t, newWorld(t))
	for step := kiosk.StepAge; step <= kiosk.StepCheck; step++ {
		for at := v.screen.shell.State().Step; at < step; at++ {
			v.at(at)
			v.goTo(k, keyTab, way[at-kiosk.StepWelcome].tap)
			k.press(keySpace)
			v.until("the next page", func(s kiosk.State) bool { return s.Step > at })
		}
		v.at(step)
		k.press([]xproto.Keysym{keyEscape, keyBackspace}[int(step)%2])
		v.at(step - 1)
	}
	k.press(keyF1)
	v.readable()
	if at := v.focus(); at != "view.text" {
		t.Errorf("help leads to %s, want the settings of the view", at)
	}
	k.press(keyReturn)
	v.until("large text", func(s kiosk.State) bool { return s.View.Text == kiosk.TextLarge })
	v.readable()
	if at := v.focus(); at != "view.text" {
		t.Errorf("the focus goes to %s when the setting changes", at)
	}
	k.press(keyEscape)
	time.Sleep(200 * time.Millisecond)
	if at := v.focus(); !strings.HasPrefix(at, "cell.") {
		t.Errorf("after the settings the focus is on %s", at)
	}
}

// TestWindowKeysHeld holds each key down on each page, as a thing that leans against the keypad does. The display repeats
// it some 25 times a second; that is one press, and it acts once when it ends.
func TestWindowKeysHeld(t *testing.T) {
	v, k := keyed(t, newWorld(t))
	for _, w := range way {
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
		if s := v.screen.shell.State(); s.Step != w.from+1 {
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

// TestWindowSelectAgainAndAgainBooksNothing presses Select as fast as a nervous hand does, and as slowly as one that waits
// for each page. Whoever does not look for «Забронировать» does not book.
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

// TestWindowFranticKeys presses keys at random, mostly Select and what moves the focus. What is booked was asked for on a
// check page that could be read, and the terminal stays usable.
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

// TestWindowTechnicianByKeysAlone goes through every page of the diagnostics mode with arrows, Select and Back.
func TestWindowTechnicianByKeysAlone(t *testing.T) {
	world := newWorld(t)
	secret := pin.Random()
	if err := pin.Set(world.Config.Service.PINFile, secret); err != nil {
		t.Fatal(err)
	}
	v, k := keyed(t, world)
	k.press(keyF12)
	v.onPage("keypad")
	for _, d := range secret {
		v.usable()
		v.goTo(k, keyRight, "key."+string(d))
		k.press(keyReturn)
	}
	v.onPage("menu")
	pages := v.menu()
	if len(pages) < 9 {
		t.Fatalf("the menu has %v", pages)
	}
	for _, id := range pages {
		v.usable()
		v.goTo(k, keyRight, id)
		k.press(keyReturn)
		v.onPage(strings.TrimPrefix(id, "page."))
		v.usable()
		v.everyButton(k)
		k.press(keyEscape)
		v.onPage("menu")
	}
	v.usable()
	v.goTo(k, keyRight, "page.display")
	k.press(keyReturn)
	v.onPage("display")
	v.usable()
	v.goTo(k, keyDown, "display.colours")
	k.press(keyReturn)
	v.onPage("colours")
	v.usable()
	k.press(keyReturn)
	v.onPage("colours")
	k.press(keyEscape)
	v.onPage("display")
	v.usable()
	k.press(keyEscape)
	v.onPage("menu")
	v.usable()
	k.press(keyEscape)
	v.onPage("")
	v.at(kiosk.StepWelcome)
}

// usable waits until presses count on the page of the diagnostics mode.
func (v *visitor) usable() {
	v.t.Helper()
	v.until("a page that can be used", func(kiosk.State) (ready bool) {
		fyne.DoAndWait(func() { ready = v.screen.mode.Ready() })
		return ready
	})
}

// menu returns the ids of the buttons of the menu that open pages.
func (v *visitor) menu() (ids []string) {
	fyne.DoAndWait(func() {
		for _, target := range v.screen.mode.Targets() {
			if strings.HasPrefix(target.ID, "page.") {
				ids = append(ids, target.ID)
			}
		}
	})
	return ids
}

// everyButton checks that the focus comes to every button of the page, and back to the first.
func (v *visitor) everyButton(k *keyboard) {
	v.t.Helper()
	var want, got []string
	fyne.DoAndWait(func() {
		for _, target := range v.screen.mode.Targets() {
			want = append(want, target.ID)
		}
	})
	for first := v.focus(); len(got) < len(want)+2; {
		got = append(got, v.focus())
		k.press(keyRight)
		time.Sleep(20 * time.Millisecond)
		if v.focus() == first {
			break
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if missing := slices.DeleteFunc(want, func(id string) bool { return slices.Contains(got, id) }); len(missing) > 0 {
		v.t.Errorf("the focus never comes to %v", missing)
	}
}

// TestWindowWithoutKeypadKeysDoNothing presses every key on a terminal of a site without a keypad.
func TestWindowWithoutKeypadKeysDoNothing(t *testing.T) {
	v := visit(t, nil)
	k := newKeyboard(t)
	v.walk(kiosk.StepAge)
	before, targets := fmt.Sprint(v.screen.shell.State().Visit), v.targets()
	picture, err := v.hand.Picture(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	k.press(keyUp, keyDown, keyLeft, keyRight, keyTab, keyReturn, keySpace, keyEscape, keyBackspace, keyF1)
	time.Sleep(300 * time.Millisecond)
	if after := fmt.Sprint(v.screen.shell.State().Visit); after != before || !slices.Equal(v.targets(), targets) {
		t.Errorf("keys changed the visit from %s to %s", before, after)
	}
	after, err := v.hand.Picture(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := differs(picture, after); n > 0 {
		t.Errorf("keys changed %d pixels", n)
	}
}

func (v *visitor) targets() (all []ui.Target) {
	fyne.DoAndWait(func() { all = v.screen.shell.Targets() })
	return all
}

// differs returns the number of pixels in which two pictures differ, below the head with its clock.
func differs(a, b image.Image) (n int) {
	for y := a.Bounds().Dy() / 10; y < a.Bounds().Dy(); y++ {
		for x := range a.Bounds().Dx() {
			if a.At(x, y) != b.At(x, y) {
				n++
			}
		}
	}
	return n
}
