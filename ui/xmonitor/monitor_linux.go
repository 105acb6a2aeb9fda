package xmonitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xproto"
)

// ErrNone says that no monitor is on.
var ErrNone = errors.New("xmonitor: the display has no monitor")

var errClosed = errors.New("xmonitor: the connection to the display is closed")

// Display is a connection to the X display named by $DISPLAY. Its methods are safe for concurrent use.
type Display struct {
	conn *xgb.Conn
	root xproto.Window
}

// Open connects to the display. It is an error if that has no RandR 1.5, of 2015.
func Open() (*Display, error) {
	c, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("xmonitor: %w", err)
	}
	d := &Display{conn: c, root: xproto.Setup(c).DefaultScreen(c).Root}
	if err := d.listen(); err != nil {
		c.Close()
		return nil, fmt.Errorf("xmonitor: the display has no RandR 1.5: %w", err)
	}
	return d, nil
}

// listen asks the X server to tell of changes.
func (d *Display) listen() error {
	if err := randr.Init(d.conn); err != nil {
		return err
	}
	v, err := randr.QueryVersion(d.conn, 1, 5).Reply()
	if err != nil {
		return err
	}
	if v.MajorVersion == 1 && v.MinorVersion < 5 {
		return fmt.Errorf("it has %d.%d", v.MajorVersion, v.MinorVersion)
	}
	mask := []uint32{xproto.EventMaskStructureNotify} // by which the server tells of monitors that were set by hand
	if err := xproto.ChangeWindowAttributesChecked(d.conn, d.root, xproto.CwEventMask, mask).Check(); err != nil {
		return err
	}
	const all = randr.NotifyMaskScreenChange | randr.NotifyMaskCrtcChange | randr.NotifyMaskOutputChange
	return randr.SelectInputChecked(d.conn, d.root, all).Check()
}

// Close closes the connection.
func (d *Display) Close() { d.conn.Close() }

// Panel returns the part of the display that the patient sees: the primary monitor, or the largest one if none is
// primary. Of equal ones it is the first. The error is ErrNone while no monitor is on.
func (d *Display) Panel() (image.Rectangle, error) {
	reply, err := randr.GetMonitors(d.conn, d.root, true).Reply()
	if err != nil {
		return image.Rectangle{}, fmt.Errorf("xmonitor: %w", err)
	}
	monitors := slices.DeleteFunc(reply.Monitors, func(m randr.MonitorInfo) bool { return m.Width == 0 || m.Height == 0 })
	if len(monitors) == 0 {
		return image.Rectangle{}, ErrNone
	}
	best := slices.MaxFunc(monitors, func(a, b randr.MonitorInfo) int { return cmp.Compare(rank(a), rank(b)) })
	at := image.Pt(int(best.X), int(best.Y))
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(int(best.Width), int(best.Height)))}, nil
}

// rank orders monitors by how likely the patient sees them.
func rank(m randr.MonitorInfo) uint64 {
	r := uint64(m.Width) * uint64(m.Height)
	if m.Primary {
		r |= 1 << 62
	}
	return r
}

// Await waits until a monitor is on. It ends early, and closes the connection, when ctx is done.
func (d *Display) Await(ctx context.Context) error {
	stop := context.AfterFunc(ctx, d.conn.Close)
	defer stop()
	for {
		if _, err := d.Panel(); !errors.Is(err, ErrNone) {
			return err
		}
		if event, err := d.conn.WaitForEvent(); event == nil && err == nil {
			return errors.Join(ctx.Err(), errClosed)
		}
	}
}

// Follow calls moved with the panel's part of the display each time that it is another one, until ctx is done or the
// connection is closed. It begins with the present one.
func (d *Display) Follow(ctx context.Context, moved func(image.Rectangle)) {
	stop := context.AfterFunc(ctx, d.conn.Close)
	defer stop()
	var last image.Rectangle
	for {
		if now, err := d.Panel(); err == nil && now != last { // while there is no monitor, the last one counts
			last = now
			moved(now)
		}
		if event, err := d.conn.WaitForEvent(); event == nil && err == nil {
			return // closed
		}
	}
}

// Place puts a window over a part of the display.
func (d *Display) Place(window uint32, at image.Rectangle) error {
	const all = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight
	values := []uint32{uint32(at.Min.X), uint32(at.Min.Y), uint32(at.Dx()), uint32(at.Dy())}
	if err := xproto.ConfigureWindowChecked(d.conn, xproto.Window(window), all, values).Check(); err != nil {
		return fmt.Errorf("xmonitor: window %#x: %w", window, err)
	}
	return nil
}
