package widgets

import (
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestAPressIsAFingersForThreeSeconds presses a button as a drop of water does: for hours. Pages that come meanwhile
// wait for a finger, not for that.
func TestAPressIsAFingersForThreeSeconds(t *testing.T) {
	test.NewTempApp(t)
	b := NewGround(fyne.NewSize(100, 100), nil)
	synctest.Test(t, func(t *testing.T) {
		b.MouseDown(nil)
		time.Sleep(2900 * time.Millisecond)
		if !b.Down() {
			t.Error("a finger that rests for 2.9 s is none")
		}
		time.Sleep(200 * time.Millisecond)
		if b.Down() {
			t.Error("a press of 3.1 s still is a finger's")
		}
	})
}
