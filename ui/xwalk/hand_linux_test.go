package xwalk

import (
	"context"
	"image/color"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
)

// The size of the test's window, which no other window of the display has.
const (
	testWidth  = 237
	testHeight = 143
)

// window opens a window of one colour and returns its events.
func window(t *testing.T, x, y int16, pixel uint32) <-chan xproto.ButtonReleaseEvent {
	t.Helper()
	c, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	screen := xproto.Setup(c).DefaultScreen(c)
	id, err := xproto.NewWindowId(c)
	if err != nil {
		t.Fatal(err)
	}
	mask := uint32(xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease)
	if err := xproto.CreateWindowChecked(c, screen.RootDepth, id, screen.Root, x, y, testWidth, testHeight, 0,
		xproto.WindowClassInputOutput, screen.RootVisual,
		xproto.CwBackPixel|xproto.CwEventMask, []uint32{pixel, mask}).Check(); err != nil {
		t.Fatal(err)
	}
	if err := xproto.MapWindowChecked(c, id).Check(); err != nil {
		t.Fatal(err)
	}
	released := make(chan xproto.ButtonReleaseEvent, 8)
	go func() { // ends when the connection is closed
		for {
			e, err := c.WaitForEvent()
			if e == nil && err == nil {
				return
			}
			if r, ok := e.(xproto.ButtonReleaseEvent); ok {
				released <- r
			}
		}
	}()
	return released
}

func display(t *testing.T) {
	t.Helper()
	if os.Getenv("DISPLAY") == "" {
		t.Skip("there is no display: `make test` brings one")
	}
}

// hold opens a hand on the test's window.
func hold(t *testing.T) *Hand {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	h, err := Open(ctx, testWidth, testHeight)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return h
}

// felt checks that the window gets a tap at the point aimed at.
func felt(t *testing.T, h *Hand, released <-chan xproto.ButtonReleaseEvent, x, y int) {
	t.Helper()
	before := time.Now()
	at, err := h.Tap(t.Context(), x, y)
	if err != nil || at.Before(before.Add(touch)) {
		t.Fatalf("released after %v, %v", at.Sub(before), err)
	}
	select {
	case e := <-released:
		if int(e.EventX) != x || int(e.EventY) != y {
			t.Errorf("got the event at %d, %d, want %d, %d", e.EventX, e.EventY, x, y)
		}
	case <-time.After(10 * time.Second):
		t.Error("the window did not get the tap")
	}
}

func TestTapAndPicture(t *testing.T) {
	display(t)
	released := window(t, 20, 30, 0x336699)
	h := hold(t)
	img, err := h.Picture(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, want := img.At(100, 100), color.NRGBA{0x33, 0x66, 0x99, 0xFF}
	if got != want || img.Bounds().Dx() != testWidth || img.Bounds().Dy() != testHeight {
		t.Errorf("the picture has %v at 100, 100 and bounds %v, want %v", got, img.Bounds(), want)
	}
	felt(t, h, released, 51, 62)
}

func TestTapReachesWhatLiesOutsideTheScreen(t *testing.T) {
	display(t)
	released := window(t, -200, 10, 0)
	felt(t, hold(t), released, 5, 7)
}

func TestNoSuchWindow(t *testing.T) {
	display(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if h, err := Open(ctx, 13, 17); err == nil {
		h.Close()
		t.Error("found a window that was not opened")
	}
}

func TestScreen(t *testing.T) {
	display(t)
	s, err := OpenScreen()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Width < 640 || s.Height < 480 {
		t.Errorf("a screen of %d×%d", s.Width, s.Height)
	}
}

func TestNoDisplayIsSaid(t *testing.T) {
	for name, want := range map[string]string{"": "DISPLAY is not set", ":4711": ":4711"} {
		t.Setenv("DISPLAY", name)
		if _, err := OpenScreen(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("display %q: error %v, want %q in it", name, err, want)
		}
	}
}
