package xpane

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Pane is a child of another window. It takes no input, so that a tap on it goes to the window below. It has no
// background, so that nothing flashes when it is shown or hidden. It is not safe for concurrent use.
type Pane struct {
	conn   *xgb.Conn
	window xproto.Window
	gc     xproto.Gcontext
	depth  byte
	at     image.Rectangle
	shown  bool
	last   []byte // the pixels that the pane shows; nil: not known
}

// Open creates a pane, not yet shown, on the window with the given X identifier.
func Open(parent uint32) (*Pane, error) {
	c, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("xpane: %w", err)
	}
	p, err := create(c, xproto.Window(parent))
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("xpane: on window %#x: %w", parent, err)
	}
	return p, nil
}

func create(c *xgb.Conn, parent xproto.Window) (*Pane, error) {
	g, err := xproto.GetGeometry(c, xproto.Drawable(parent)).Reply()
	if err != nil {
		return nil, err
	}
	if g.Depth != 24 && g.Depth != 32 {
		return nil, fmt.Errorf("depth of %d bits per pixel; want 24 or 32", g.Depth)
	}
	w, err := xproto.NewWindowId(c)
	if err != nil {
		return nil, err
	}
	err = xproto.CreateWindowChecked(c, g.Depth, w, parent, 0, 0, 1, 1, 0, xproto.WindowClassInputOutput,
		xproto.WindowNone, xproto.CwBackPixmap|xproto.CwEventMask,
		[]uint32{xproto.BackPixmapNone, xproto.EventMaskExposure}).Check()
	if err != nil {
		return nil, err
	}
	gc, err := xproto.NewGcontextId(c)
	if err != nil {
		return nil, err
	}
	err = xproto.CreateGCChecked(c, gc, xproto.Drawable(w), xproto.GcGraphicsExposures, []uint32{0}).Check()
	if err != nil {
		return nil, err
	}
	return &Pane{conn: c, window: w, gc: gc, depth: g.Depth}, nil
}

// Close removes the pane and closes the connection to the X server.
func (p *Pane) Close() {
	p.last = nil
	p.conn.Close()
}

// Show paints a picture with its upper left corner at a point of the window below.
func (p *Pane) Show(at image.Point, picture image.Image) error {
	size := picture.Bounds().Size()
	if place := (image.Rectangle{Min: at, Max: at.Add(size)}); place != p.at {
		const where = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight
		values := []uint32{uint32(at.X), uint32(at.Y), uint32(size.X), uint32(size.Y)}
		err := xproto.ConfigureWindowChecked(p.conn, p.window, where, values).Check()
		if err != nil {
			return fmt.Errorf("xpane: %w", err)
		}
		p.at, p.last = place, nil
	}
	if !p.shown {
		if err := xproto.MapWindowChecked(p.conn, p.window).Check(); err != nil {
			return fmt.Errorf("xpane: %w", err)
		}
		p.shown, p.last = true, nil // the pane has no background
	}
	p.forgetExposed()
	data := pixels(picture)
	first, end := changedRows(p.last, data, 4*size.X)
	p.last = nil
	if err := p.put(data, size.X, first, end); err != nil {
		return err
	}
	p.last = data
	return nil
}

// forgetExposed takes nothing for shown any more after another window has lain over the pane.
func (p *Pane) forgetExposed() {
	for {
		event, err := p.conn.PollForEvent()
		if event == nil && err == nil {
			return
		}
		p.last = nil
	}
}

// changedRows returns the first row in which two pictures differ and the one after the last: all rows if before is not
// known.
func changedRows(before, now []byte, row int) (first, end int) {
	end = len(now) / row
	if len(before) != len(now) {
		return 0, end
	}
	same := func(y int) bool { return bytes.Equal(before[y*row:(y+1)*row], now[y*row:(y+1)*row]) }
	for first < end && same(first) {
		first++
	}
	for end > first && same(end-1) {
		end--
	}
	return first, end
}

// put sends rows of a picture in strips, because a request to the X server is limited to 256 KiB.
func (p *Pane) put(data []byte, width, first, end int) error {
	const most = 240 << 10
	rows := max(1, most/(4*width))
	for y := first; y < end; y += rows {
		n := min(rows, end-y)
		strip := data[4*width*y : 4*width*(y+n)]
		err := xproto.PutImageChecked(p.conn, xproto.ImageFormatZPixmap, xproto.Drawable(p.window), p.gc,
			uint16(width), uint16(n), 0, int16(y), 0, p.depth, strip).Check()
		if err != nil {
			return fmt.Errorf("xpane: %w", err)
		}
	}
	return nil
}

// pixels returns a picture in the format of a display of 24 or 32 bits per pixel.
func pixels(picture image.Image) []byte {
	size := picture.Bounds().Size()
	all := image.NewRGBA(image.Rectangle{Max: size})
	// A call of At for each pixel takes ten times as long.
	draw.Draw(all, all.Rect, picture, picture.Bounds().Min, draw.Src)
	data := all.Pix
	for i := 0; i < len(data); i += 4 {
		data[i], data[i+2], data[i+3] = data[i+2], data[i], 0xFF
	}
	return data
}

// Hide hides the pane until the next Show.
func (p *Pane) Hide() error {
	if !p.shown {
		return nil
	}
	p.shown = false
	if err := xproto.UnmapWindowChecked(p.conn, p.window).Check(); err != nil {
		return fmt.Errorf("xpane: %w", err)
	}
	return nil
}
