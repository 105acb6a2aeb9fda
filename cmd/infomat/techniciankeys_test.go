package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"infomat/kiosk"
	"infomat/kiosk/pin"
)

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
