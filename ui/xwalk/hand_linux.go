package xwalk

import (
	"cmp"
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

// touch is the time between press and release of a tap.
const touch = 60 * time.Millisecond

// Screen is the display's first screen. The connection stays open until Close: an X server resets when its last client
// disconnects, and drops a client that connects at that moment.
type Screen struct {
	Width, Height int // pixels
	conn          *xgb.Conn
}

// OpenScreen connects to the display named by $DISPLAY.
func OpenScreen() (*Screen, error) {
	c, err := connect()
	if err != nil {
		return nil, err
	}
	s := xproto.Setup(c).DefaultScreen(c)
	return &Screen{Width: int(s.WidthInPixels), Height: int(s.HeightInPixels), conn: c}, nil
}

// Move asks the window manager to put a window's upper left corner at a position. The window manager may refuse.
func (s *Screen) Move(window uintptr, x, y int) error {
	err := xproto.ConfigureWindowChecked(s.conn, xproto.Window(window), xproto.ConfigWindowX|xproto.ConfigWindowY,
		[]uint32{uint32(x), uint32(y)}).Check()
	if err != nil {
		return fmt.Errorf("xwalk: %w", err)
	}
	return nil
}

// Close closes the connection to the X server.
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

// Hand taps one window and takes pictures of it. It is not safe for concurrent use.
type Hand struct {
	Touch   time.Duration // time between press and release of a tap; 0 means touch
	Pressed time.Time     // of the last tap: when the X server had the press

	conn   *xgb.Conn
	root   xproto.Window
	screen xproto.ScreenInfo
	window xproto.Window
}

// Open finds the visible window of the given size. It waits for the window until ctx is done.
func Open(ctx context.Context, width, height int) (*Hand, error) {
	c, err := connect()
	if err != nil {
		return nil, err
	}
	if err := xtest.Init(c); err != nil {
		c.Close()
		return nil, fmt.Errorf("xwalk: the display has no XTEST extension: %w", err)
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

// Place returns where the window's upper left corner is on the display.
func (h *Hand) Place() (image.Point, error) {
	at, err := xproto.TranslateCoordinates(h.conn, h.window, h.root, 0, 0).Reply()
	if err != nil {
		return image.Point{}, fmt.Errorf("xwalk: %w", err)
	}
	return image.Pt(int(at.DstX), int(at.DstY)), nil
}

// Close closes the connection to the X server.
func (h *Hand) Close() { h.conn.Close() }

// find searches the children of a window, recursively, for a visible window of the given size.
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

// Tap presses and releases at a point of the window and returns the time just before it sent the release. If the point
// is outside the screen, Tap moves the window first.
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
	h.Pressed = time.Now()
	select {
	case <-time.After(cmp.Or(h.Touch, touch)):
	case <-ctx.Done(): // still send the release
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

// reach returns the point in the screen's coordinates. If the point is outside the screen, it moves the window first.
func (h *Hand) reach(x, y int) (rootX, rootY int16, err error) {
	at, err := xproto.TranslateCoordinates(h.conn, h.window, h.root, 0, 0).Reply()
	if err != nil {
		return 0, 0, fmt.Errorf("xwalk: position of the window: %w", err)
	}
	left := inside(int(at.DstX), x, int(h.screen.WidthInPixels))
	top := inside(int(at.DstY), y, int(h.screen.HeightInPixels))
	if left != int(at.DstX) || top != int(at.DstY) {
		err := xproto.ConfigureWindowChecked(h.conn, h.window, xproto.ConfigWindowX|xproto.ConfigWindowY,
			[]uint32{uint32(int32(left)), uint32(int32(top))}).Check()
		if err != nil {
			return 0, 0, fmt.Errorf("xwalk: move the window: %w", err)
		}
		time.Sleep(100 * time.Millisecond) // until the program has got the event
	}
	return int16(left + x), int16(top + y), nil
}

// inside returns the position of the window's edge for which a point of the window is on the screen: its present
// position if the point already is.
func inside(edge, point, screen int) int {
	if p := edge + point; p >= 0 && p < screen {
		return edge
	}
	return screen/2 - point
}

// Picture returns the window as the display shows it. The whole window must be on the screen.
func (h *Hand) Picture(context.Context) (image.Image, error) {
	g, err := xproto.GetGeometry(h.conn, xproto.Drawable(h.window)).Reply()
	if err != nil {
		return nil, fmt.Errorf("xwalk: picture: %w", err)
	}
	r, err := xproto.GetImage(h.conn, xproto.ImageFormatZPixmap, xproto.Drawable(h.window),
		0, 0, g.Width, g.Height, ^uint32(0)).Reply()
	if err != nil {
		return nil, fmt.Errorf("xwalk: picture (the whole window must be on the screen): %w", err)
	}
	img := image.NewNRGBA(image.Rect(0, 0, int(g.Width), int(g.Height)))
	if len(r.Data) < len(img.Pix) {
		const format = "xwalk: picture: the display sent %d bytes for %d pixels; want 4 bytes per pixel"
		return nil, fmt.Errorf(format, len(r.Data), len(img.Pix)/4)
	}
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = r.Data[i+2], r.Data[i+1], r.Data[i], 0xFF
	}
	return img, nil
}
