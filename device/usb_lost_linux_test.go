package device_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/line"
	"infomat/device/usbprinter"
	"infomat/device/virtual"
)

// pulledAtDiscard is a line whose device is gone when what was written is to be dropped.
type pulledAtDiscard struct {
	line.Conn
	gone bool
}

func (c *pulledAtDiscard) Discard() error {
	c.gone = true
	return line.ErrNoPort
}

func (c *pulledAtDiscard) SetReadDeadline(at time.Time) error {
	if c.gone {
		return line.ErrHangup
	}
	return c.Conn.SetReadDeadline(at)
}

// brittle is a line that is lost at a number of writes.
type brittle struct {
	line.Conn
	lost   map[int]bool // by their number, from 1 on
	writes *int
}

func (b brittle) Write(data []byte) (int, error) {
	*b.writes++
	if b.lost[*b.writes] {
		return 0, line.ErrHangup
	}
	return b.Conn.Write(data)
}

// A line that is lost at any write ends in an outcome, on printers of which nothing is heard too.
func TestLineLostAtAnyWrite(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"epson", "mute", "custom-vkp80", "raster"} {
		for at := 1; at <= 12; at++ {
			t.Run(fmt.Sprint(name, " ", at), func(t *testing.T) {
				t.Parallel()
				lostAtWrite(t, profile(t, name), at)
			})
		}
	}
}

// lostAtWrite prints tickets on a line that is lost at its second write, and so many writes later.
func lostAtWrite(t *testing.T, p escpos.Profile, later int) {
	t.Helper()
	o := virtual.Options{Profile: p, USB: true}
	o.Speed = observable(o)
	v, err := virtual.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	writes := 0
	d := device.New(device.Config{
		Profile: p, Timeout: time.Second, Answer: time.Second, Void: text(p, voidText),
		Open: func() (line.Conn, error) {
			conn, err := opener(v, o, v.Path())()
			if err != nil {
				return nil, err
			}
			return brittle{Conn: conn, lost: map[int]bool{2: true, 2 + later: true}, writes: &writes}, nil
		},
	}, slog.New(slog.DiscardHandler))
	defer d.Close()
	for n := range 4 {
		j := job(p, n)
		truthful(t, "line lost", d.Print(t.Context(), j), whole(t, p, papers(v, p), j))
	}
}

// A line that could not drop what was written is opened again before the next job.
func TestUSBPulledAtDiscard(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	v, err := virtual.Start(virtual.Options{Profile: p, USB: true, BusyOffline: true, Buffer: 64, Speed: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	d := device.New(device.Config{
		Profile: p, Timeout: 300 * time.Millisecond, Answer: 300 * time.Millisecond,
		Open: func() (line.Conn, error) {
			conn, err := usbprinter.Open(usbprinter.Config{Name: v.Path(), Driver: v.USB()})
			if err != nil {
				return nil, err
			}
			return &pulledAtDiscard{Conn: conn}, nil
		},
	}, slog.New(slog.DiscardHandler))
	defer d.Close()
	v.FaultAtItem(3, virtual.CoverOpen)
	if r := d.Print(t.Context(), job(p, 1)); r.Outcome == device.Printed {
		t.Fatal("called printed")
	}
	v.SetFault(virtual.None)
	eventually(t, "a ticket is printed", func() bool { return d.Print(t.Context(), job(p, 2)).Outcome != device.Failed })
}
