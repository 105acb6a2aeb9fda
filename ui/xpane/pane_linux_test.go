package xpane

import (
	"image"
	"image/color"
	"image/draw"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// window opens a window of one colour on the display of the tests.
func window(t *testing.T, pixel uint32) (*xgb.Conn, xproto.Window) {
	t.Helper()
	if os.Getenv("DISPLAY") == "" {
		t.Skip("there is no display: `make test` brings one")
	}
	c, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	screen := xproto.Setup(c).DefaultScreen(c)
	w, err := xproto.NewWindowId(c)
	if err != nil {
		t.Fatal(err)
	}
	values := []uint32{pixel, 1}
	err = xproto.CreateWindowChecked(c, screen.RootDepth, w, screen.Root, 0, 0, 600, 600, 0,
		xproto.WindowClassInputOutput, screen.RootVisual,
		xproto.CwBackPixel|xproto.CwOverrideRedirect, values).Check()
	if err != nil {
		t.Fatal(err)
	}
	if err := xproto.MapWindowChecked(c, w).Check(); err != nil {
		t.Fatal(err)
	}
	return c, w
}

// at returns the colour that the display shows at a point of the window.
func at(t *testing.T, c *xgb.Conn, w xproto.Window, x, y int) color.RGBA {
	t.Helper()
	r, err := xproto.GetImage(c, xproto.ImageFormatZPixmap, xproto.Drawable(w),
		int16(x), int16(y), 1, 1, ^uint32(0)).Reply()
	if err != nil {
		t.Fatal(err)
	}
	return color.RGBA{R: r.Data[2], G: r.Data[1], B: r.Data[0], A: 0xFF}
}

func TestPane(t *testing.T) {
	c, w := window(t, 0x0000FF)
	p, err := Open(uint32(w))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	blue, red := color.RGBA{B: 0xFF, A: 0xFF}, color.RGBA{R: 0xFF, A: 0xFF}
	picture := image.NewRGBA(image.Rect(0, 0, 400, 400)) // larger than one request
	draw.Draw(picture, picture.Bounds(), image.NewUniform(red), image.Point{}, draw.Src)
	picture.SetRGBA(399, 399, color.RGBA{G: 0xFF, A: 0xFF})
	for range 2 { // show, hide, show again
		if err := p.Show(image.Pt(50, 60), picture); err != nil {
			t.Fatal(err)
		}
		for point, want := range map[image.Point]color.RGBA{
			{X: 49, Y: 60}: blue, {X: 50, Y: 60}: red, {X: 448, Y: 459}: red,
			{X: 449, Y: 459}: {G: 0xFF, A: 0xFF}, {X: 450, Y: 459}: blue,
		} {
			if got := at(t, c, w, point.X, point.Y); got != want {
				t.Errorf("at %v the display shows %v, want %v", point, got, want)
			}
		}
		if err := p.Hide(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOnlyChangesAreSent changes a row of a picture. What another window has lain over is painted again.
func TestOnlyChangesAreSent(t *testing.T) {
	c, w := window(t, 0x0000FF)
	p, err := Open(uint32(w))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	red, green := color.RGBA{R: 0xFF, A: 0xFF}, color.RGBA{G: 0xFF, A: 0xFF}
	picture := image.NewRGBA(image.Rect(0, 0, 40, 40))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(red), image.Point{}, draw.Src)
	show := func(want map[int]color.RGBA) {
		t.Helper()
		if err := p.Show(image.Pt(50, 60), picture); err != nil {
			t.Fatal(err)
		}
		for y, want := range want {
			if got := at(t, c, w, 55, 60+y); got != want {
				t.Errorf("row %d is %v, want %v", y, got, want)
			}
		}
	}
	show(map[int]color.RGBA{0: red, 20: red, 39: red})
	for x := range 40 {
		picture.SetRGBA(x, 20, green)
	}
	show(map[int]color.RGBA{0: red, 19: red, 20: green, 21: red, 39: red})
	over, err := xproto.NewWindowId(c)
	if err != nil {
		t.Fatal(err)
	}
	err = xproto.CreateWindowChecked(c, 0, over, w, 50, 60, 40, 10, 0, xproto.WindowClassInputOutput, 0,
		xproto.CwBackPixel, []uint32{0x123456}).Check()
	if err != nil {
		t.Fatal(err)
	}
	if err := xproto.MapWindowChecked(c, over).Check(); err != nil {
		t.Fatal(err)
	}
	if err := xproto.DestroyWindowChecked(c, over).Check(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // the pane's own connection has got the event
	show(map[int]color.RGBA{0: red, 9: red, 20: green, 39: red})
}

func TestChangedRows(t *testing.T) {
	before := []byte{1, 1, 2, 2, 3, 3, 4, 4}
	for _, c := range []struct {
		now        []byte
		first, end int
	}{
		{before, 4, 4},
		{[]byte{1, 1, 2, 0, 3, 3, 4, 4}, 1, 2},
		{[]byte{0, 1, 2, 2, 3, 3, 4, 0}, 0, 4},
		{[]byte{1, 1, 2, 2}, 0, 2},
	} {
		if first, end := changedRows(before, c.now, 2); first != c.first || end != c.end {
			t.Errorf("%v: rows %d to %d, want %d to %d", c.now, first, end, c.first, c.end)
		}
	}
}

// TestAClosedPaneIsGone closes a pane that is shown, twice.
func TestAClosedPaneIsGone(t *testing.T) {
	c, w := window(t, 0x0000FF)
	p, err := Open(uint32(w))
	if err != nil {
		t.Fatal(err)
	}
	picture := image.NewRGBA(image.Rect(0, 0, 40, 40))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(color.RGBA{R: 0xFF, A: 0xFF}), image.Point{}, draw.Src)
	if err := p.Show(image.Pt(50, 60), picture); err != nil {
		t.Fatal(err)
	}
	p.Close()
	p.Close()
	blue := color.RGBA{B: 0xFF, A: 0xFF}
	for deadline := time.Now().Add(5 * time.Second); at(t, c, w, 60, 70) != blue; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the pane stays after it was closed")
		}
	}
	if err := p.Show(image.Pt(50, 60), picture); err == nil {
		t.Error("a closed pane can be shown")
	}
}

func TestAPaneNeedsAWindow(t *testing.T) {
	window(t, 0)
	if _, err := Open(1); err == nil || !strings.Contains(err.Error(), "0x1") {
		t.Errorf("error %v does not name the window", err)
	}
}
