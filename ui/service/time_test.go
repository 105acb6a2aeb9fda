package service

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"infomat/ui/widgets"
)

// The numbers of these tests are what a technician experiences, not the program's constants.

// inBubble runs f with a clock that stands still until all wait. The mode is closed before and after.
func (h *technician) inBubble(f func(sleep func(time.Duration))) {
	h.t.Helper()
	h.Close()
	h.drain()
	synctest.Test(h.t, func(*testing.T) {
		defer func() {
			h.Close()
			h.work.Wait()
			h.work = sync.WaitGroup{} // the other one belongs to this clock
		}()
		f(func(d time.Duration) {
			time.Sleep(d)
			for synctest.Wait(); len(h.queue) > 0; synctest.Wait() {
				(<-h.queue)()
			}
		})
	})
}

// TestFiveTapsOnTheCornerOpenTheMode checks that fewer do not, and that slow ones do not.
func TestFiveTapsOnTheCornerOpenTheMode(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.inBubble(func(sleep func(time.Duration)) {
		tap := func() { test.TapCanvas(h.window.Canvas(), fyne.NewPos(20, 20)) }
		for range 7 {
			tap()
			sleep(1100 * time.Millisecond)
			if h.Open() {
				t.Fatal("taps of a patient who rests his finger on the clinic's name open the mode")
			}
		}
		sleep(5 * time.Second)
		for range 4 {
			tap()
		}
		if h.Open() {
			t.Fatal("four taps open the mode")
		}
		tap()
		if !h.Open() {
			t.Error("five taps do not open the mode")
		}
	})
}

// TestTheModeClosesByItself leaves the keypad and the pages alone, and touches them in between.
func TestTheModeClosesByItself(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	for page, after := range map[string]time.Duration{idKeypad: time.Minute, idMenu: 5 * time.Minute} {
		h.inBubble(func(sleep func(time.Duration)) {
			h.openKeypad()
			h.show(page)
			sleep(after - time.Second)
			if !h.Open() {
				t.Fatalf("%s closes before %s", page, after)
			}
			h.touched()
			sleep(after - time.Second)
			if !h.Open() {
				t.Errorf("%s closes although it was touched", page)
			}
			sleep(2 * time.Second)
			if h.Open() {
				t.Errorf("%s stays open for more than %s", page, after)
			}
		})
	}
}

// TestAnUnconfirmedSettingIsUndoneAfterTwentySeconds changes a setting and taps nothing more.
func TestAnUnconfirmedSettingIsUndoneAfterTwentySeconds(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	undone := 0
	h.opts.Terminal.Undo = func() error { undone++; return nil }
	h.inBubble(func(sleep func(time.Duration)) {
		h.openKeypad()
		h.show(idSetting)
		h.settings.chosen.Key = "printer.baud"
		h.tryValue("19200")
		sleep(0)
		sleep(19 * time.Second)
		if !h.settings.trying || undone != 0 {
			t.Fatal("the trial ends before 20 s")
		}
		sleep(2 * time.Second)
		if h.settings.trying || undone != 1 {
			t.Errorf("after 21 s: on trial %v, undone %d times", h.settings.trying, undone)
		}
	})
}

// TestEraseRemovesTheLastDigit types a wrong digit and takes it back, in the PIN and in the journal's search.
func TestEraseRemovesTheLastDigit(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	for _, d := range rightPIN[:5] {
		h.digit(string(d))
	}
	wrong := "9"
	if rightPIN[4:5] == wrong {
		wrong = "8"
	}
	h.tap("key.erase")
	h.digit(wrong)
	h.tap("key.erase")
	h.digit(rightPIN[4:5])
	h.digit(rightPIN[5:])
	h.drain()
	if h.Page() != idMenu {
		t.Errorf("the page is %s: erase did not take one digit back", h.Page())
	}
}

// TestTheClockGoesOn leaves a page alone. Its clock shows the time all the same: technicians compare it with theirs.
func TestTheClockGoesOn(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	for _, page := range []string{idKeypad, idMenu} {
		h.inBubble(func(sleep func(time.Duration)) {
			h.openKeypad()
			h.show(page)
			for range 3 {
				if clock := time.Now().Format("15:04"); !strings.Contains(h.text(), clock) {
					t.Fatalf("%s does not show %s: %q", page, clock, h.text())
				}
				sleep(17 * time.Second)
				h.touched() // the keypad would close
			}
			sleep(30 * time.Second)
			if clock := time.Now().Format("15:04"); !strings.Contains(h.text(), clock) {
				t.Errorf("after a while %s does not show %s: %q", page, clock, h.text())
			}
		})
	}
}

// TestNothingIsDrawnUnderAFinger lets work in progress change a page while a button is pressed. A button that is
// replaced would not get the release, and the press would be lost.
func TestNothingIsDrawnUnderAFinger(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.inBubble(func(sleep func(time.Duration)) {
		h.openKeypad()
		h.show(idMenu)
		sleep(time.Second)
		before, changed := h.root.Objects[0], 0
		var pressed *widgets.Button
		widgets.Buttons(before, func(b *widgets.Button, _ fyne.Position) { pressed = b })
		pressed.Counts = nil // nothing is painted in this window
		pressed.MouseDown(nil)
		for range 3 {
			h.update(h.ctx, func() { changed++ })
			sleep(100 * time.Millisecond)
		}
		if h.root.Objects[0] != before || changed != 3 {
			t.Error("the page was drawn anew under a finger, or the changes were not made")
		}
		pressed.MouseUp(nil)
		sleep(time.Second)
		if h.root.Objects[0] == before {
			t.Error("the page was not drawn when the finger had left")
		}
	})
}
