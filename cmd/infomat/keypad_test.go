package main

import (
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb/xproto"

	"infomat/kiosk"
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

// TestWindowVisitByKeysAlone books with five keys: arrows and Select. Nothing is tapped. Each page begins with its
// first answer; the way to «Забронировать» has to be gone.
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

// TestWindowKeysLeadBackAndHelp tries the other keys: Tab and Shift are for keyboards, Back leads back from each
// page, and Help opens the settings of the view where nothing can be read aloud.
func TestWindowKeysLeadBackAndHelp(t *testing.T) {
	v, k := keyed(t, newWorld(t))
	for i := 1; i < len(way); i++ {
		for _, w := range way[:i] {
			if v.screen.shell.State().Step != w.from {
				continue
			}
			v.at(w.from)
			v.goTo(k, keyTab, w.tap)
			k.press(keySpace)
			v.until("the next page", func(s kiosk.State) bool { return s.Step > w.from })
		}
		v.at(way[i].from)
		k.press([]xproto.Keysym{keyEscape, keyBackspace}[i%2])
		v.at(way[i-1].from)
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
