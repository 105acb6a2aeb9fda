package xpane

import (
	"fmt"
	"image"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Pane is a child of a window. It takes no input: a finger on it is a finger on the window below. It has no ground of its own, so that nothing flashes
// when it comes or goes. It is not safe for concurrent use.
type Pane struct {
	conn   *xgb.Conn
	window xproto.Window
	gc     xproto.Gcontext
	depth  byte
	at     image.Rectangle
	shown  bool
}

// Open makes a pane, not yet shown, on the window with an X identifier.
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
		return nil, fmt.Errorf("%d bits a pixel; 24 or 32 are needed", g.Depth)
	}
	w, err := xproto.NewWindowId(c)
	if err != nil {
		return nil, err
	}
	err = xproto.CreateWindowChecked(c, g.Depth, w, parent, 0, 0, 1, 1, 0, xproto.WindowClassInputOutput, xproto.WindowNone, xproto.CwBackPixmap, []uint32{xproto.BackPixmapNone}).Check()
	if err != nil {
		return nil, err
	}
	gc, err := xproto.NewGcontextId(c)
	if err != nil {
		return nil, err
	}
	if err := xproto.CreateGCChecked(c, gc, xproto.Drawable(w), xproto.GcGraphicsExposures, []uint32{0}).Check(); err != nil {
		return nil, err
	}
	return &Pane{conn: c, window: w, gc: gc, depth: g.Depth}, nil
}

// Close takes the pane away.
func (p *Pane) Close() { p.conn.Close() }

// Show paints a picture on the window below, its upper left corner at a point of that window.
func (p *Pane) Show(at image.Point, picture image.Image) error {
	size := picture.Bounds().Size()
	if place := (image.Rectangle{Min: at, Max: at.Add(size)}); place != p.at {
		const where = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight
		err := xproto.ConfigureWindowChecked(p.conn, p.window, where, []uint32{uint32(at.X), uint32(at.Y), uint32(size.X), uint32(size.Y)}).Check()
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

// put sends the picture in strips that the server takes: a request is at most 256 KiB.
func (p *Pane) put(data []byte, size image.Point) error {
	const most = 240 << 10
	rows := max(1, most/(4*size.X))
	for y := 0; y < size.Y; y += rows {
		n := min(rows, size.Y-y)
		strip := data[4*size.X*y : 4*size.X*(y+n)]
		err := xproto.PutImageChecked(p.conn, xproto.ImageFormatZPixmap, xproto.Drawable(p.window), p.gc, uint16(size.X), uint16(n), 0, int16(y), 0, p.depth, strip).Check()
		if err != nil {
			return fmt.Errorf("xpane: %w", err)
		}
	}
	return nil
}

// pixels is a picture as a display of 24 or 32 bits takes it.
func pixels(picture image.Image) []byte {
	b := picture.Bounds()
	data := make([]byte, 0, 4*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := picture.At(x, y).RGBA()
			data = append(data, byte(bl>>8), byte(g>>8), byte(r>>8), 0xFF)
		}
	}
	return data
}

// Hide takes the pane from the glass until it is shown again.
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
