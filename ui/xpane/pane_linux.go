package xpane

import (
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
		xproto.WindowNone, xproto.CwBackPixmap, []uint32{xproto.BackPixmapNone}).Check()
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
func (p *Pane) Close() { p.conn.Close() }

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
		p.at = place
	}
	if !p.shown {
		if err := xproto.MapWindowChecked(p.conn, p.window).Check(); err != nil {
			return fmt.Errorf("xpane: %w", err)
		}
		p.shown = true
	}
	return p.put(pixels(picture), size)
}

// put sends the picture in strips, because a request to the X server is limited to 256 KiB.
func (p *Pane) put(data []byte, size image.Point) error {
	const most = 240 << 10
	rows := max(1, most/(4*size.X))
	for y := 0; y < size.Y; y += rows {
		n := min(rows, size.Y-y)
		strip := data[4*size.X*y : 4*size.X*(y+n)]
		err := xproto.PutImageChecked(p.conn, xproto.ImageFormatZPixmap, xproto.Drawable(p.window), p.gc,
			uint16(size.X), uint16(n), 0, int16(y), 0, p.depth, strip).Check()
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
	draw.Draw(all, all.Rect, picture, picture.Bounds().Min, draw.Src) // a call of At for each pixel takes ten times as long
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
