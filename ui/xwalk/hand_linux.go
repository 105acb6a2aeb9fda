package xwalk

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log"
	"os"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// touch is how long a finger rests on the glass.
const touch = 60 * time.Millisecond

// Screen is the display's first screen. It stays connected until it is closed: a display begins anew when its only client leaves, and whoever connects
// in that instant is thrown out.
type Screen struct {
	Width, Height int // pixels
	conn          *xgb.Conn
}

// OpenScreen connects to the display; the error says where there is none.
func OpenScreen() (*Screen, error) {
	c, err := connect()
	if err != nil {
		return nil, err
	}
	s := xproto.Setup(c).DefaultScreen(c)
	return &Screen{Width: int(s.WidthInPixels), Height: int(s.HeightInPixels), conn: c}, nil
}

// Move asks for a window's upper left corner to stand at a place; a window manager may know better.
func (s *Screen) Move(window uintptr, x, y int) error {
	err := xproto.ConfigureWindowChecked(s.conn, xproto.Window(window), xproto.ConfigWindowX|xproto.ConfigWindowY, []uint32{uint32(x), uint32(y)}).Check()
	if err != nil {
		return fmt.Errorf("xwalk: %w", err)
	}
	return nil
}

// Close lets the display go.
func (s *Screen) Close() { s.conn.Close() }

// The library logs what it returns as errors, and that it does without a file of authorities.
func init() { xgb.Logger = log.New(io.Discard, "", 0) }

func connect() (*xgb.Conn, error) {
	if os.Getenv("DISPLAY") == "" {
		return nil, errors.New("there is no X display to show anything on: DISPLAY is not set")
	}
	c, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("the X display %s cannot be reached: %w", os.Getenv("DISPLAY"), err)
	}
	return c, nil
}

// Hand touches and sees one window.
type Hand struct {
	conn   *xgb.Conn
	root   xproto.Window
	screen xproto.ScreenInfo
	window xproto.Window
}

// Open finds the window of this process that has the size, and waits for it as long as ctx lets it.
func Open(ctx context.Context, width, height int) (*Hand, error) {
	c, err := connect()
	if err != nil {
		return nil, err
	}
	if err := xtest.Init(c); err != nil {
		c.Close()
		return nil, fmt.Errorf("xwalk: the display has no XTEST: %w", err)
	}
	screen := xproto.Setup(c).DefaultScreen(c)
	h := &Hand{conn: c, root: screen.Root, screen: *screen}
	for {
		if w, ok := h.find(screen.Root, width, height); ok {
			h.window = w
			return h, nil
		}
		select {
		case <-ctx.Done():
			c.Close()
			return nil, fmt.Errorf("xwalk: no window of %d×%d: %w", width, height, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Close lets the display go.
func (h *Hand) Close() { h.conn.Close() }

// find looks through the windows, from the top down, for one that is shown and has the size.
func (h *Hand) find(at xproto.Window, width, height int) (xproto.Window, bool) {
	tree, err := xproto.QueryTree(h.conn, at).Reply()
	if err != nil {
		return 0, false
	}
	for _, w := range tree.Children {
		g, err := xproto.GetGeometry(h.conn, xproto.Drawable(w)).Reply()
		if err != nil {
			continue
		}
		a, err := xproto.GetWindowAttributes(h.conn, w).Reply()
		if err == nil && a.MapState == xproto.MapStateViewable && int(g.Width) == width && int(g.Height) == height {
			return w, true
		}
		if inner, ok := h.find(w, width, height); ok {
			return inner, true
		}
	}
	return 0, false
}

// Tap presses and releases at a point of the window, and tells the instant before the release was sent. A window that is larger than the screen is
// moved until the point can be reached.
func (h *Hand) Tap(ctx context.Context, x, y int) (released time.Time, err error) {
	rootX, rootY, err := h.reach(x, y)
	if err != nil {
		return time.Time{}, err
	}
	if err := h.fake(xproto.MotionNotify, 0, rootX, rootY); err != nil {
		return time.Time{}, err
	}
	if err := h.fake(xproto.ButtonPress, xproto.ButtonIndex1, rootX, rootY); err != nil {
		return time.Time{}, err
	}
	select {
	case <-time.After(touch):
	case <-ctx.Done(): // the finger is lifted all the same
	}
	released = time.Now()
	return released, h.fake(xproto.ButtonRelease, xproto.ButtonIndex1, rootX, rootY)
}

func (h *Hand) fake(kind, detail byte, x, y int16) error {
	if err := xtest.FakeInputChecked(h.conn, kind, detail, 0, h.root, x, y, 0).Check(); err != nil {
		return fmt.Errorf("xwalk: input: %w", err)
	}
	return nil
}

// reach gives the point in the screen's coordinates, and moves the window where the point lies outside the screen.
func (h *Hand) reach(x, y int) (rootX, rootY int16, err error) {
	at, err := xproto.TranslateCoordinates(h.conn, h.window, h.root, 0, 0).Reply()
	if err != nil {
		return 0, 0, fmt.Errorf("xwalk: where the window stands: %w", err)
	}
	left := inside(int(at.DstX), x, int(h.screen.WidthInPixels))
	top := inside(int(at.DstY), y, int(h.screen.HeightInPixels))
	if left != int(at.DstX) || top != int(at.DstY) {
		err := xproto.ConfigureWindowChecked(h.conn, h.window, xproto.ConfigWindowX|xproto.ConfigWindowY, []uint32{uint32(int32(left)), uint32(int32(top))}).Check()
		if err != nil {
			return 0, 0, fmt.Errorf("xwalk: move the window: %w", err)
		}
		time.Sleep(100 * time.Millisecond) // let the program hear of it
	}
	return int16(left + x), int16(top + y), nil
}

// inside is the window's edge at which a point of it lies on the screen: where it is, if it does already.
func inside(edge, point, screen int) int {
	if p := edge + point; p >= 0 && p < screen {
		return edge
	}
	return screen/2 - point
}

// Picture is the window as it stands on the glass.
func (h *Hand) Picture(context.Context) (image.Image, error) {
	g, err := xproto.GetGeometry(h.conn, xproto.Drawable(h.window)).Reply()
	if err != nil {
		return nil, fmt.Errorf("xwalk: picture: %w", err)
	}
	r, err := xproto.GetImage(h.conn, xproto.ImageFormatZPixmap, xproto.Drawable(h.window), 0, 0, g.Width, g.Height, ^uint32(0)).Reply()
	if err != nil {
		return nil, fmt.Errorf("xwalk: picture (the window has to lie on the screen whole): %w", err)
	}
	img := image.NewNRGBA(image.Rect(0, 0, int(g.Width), int(g.Height)))
	if len(r.Data) < len(img.Pix) {
		return nil, fmt.Errorf("xwalk: picture: the display has %d bytes for %d pixels; 24 bits a pixel are needed", len(r.Data), len(img.Pix)/4)
	}
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = r.Data[i+2], r.Data[i+1], r.Data[i], 0xFF
	}
	return img, nil
}
