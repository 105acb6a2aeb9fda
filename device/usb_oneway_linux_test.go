package device_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/line"
	"infomat/device/usbprinter"
	"infomat/device/virtual"
)

// outcome is unknown. What the port reports is told.
func TestUSBOneWay(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		d, v := setupUSB(t, virtual.Options{Profile: p, OneWay: true})
		for n := 1; n <= 2; n++ {
			j := job(p, n)
			r := d.Print(t.Context(), j)
			if r.Outcome != device.Unknown || !errors.Is(r.Err, device.ErrOneWay) {
				t.Fatalf("%s (%v)", r.Outcome, r.Err)
			}
			eventually(t, "the ticket comes out", func() bool { return whole(t, p, papers(v, p), j) == 1 })
		}
		if s, err := d.Status(t.Context()); err != nil || s.Device != device.DeviceNotSupported || !s.Ready() {
			t.Errorf("%+v, %v", s, err)
		}
		v.SetFault(virtual.PaperOut)
		if s, err := d.Status(t.Context()); err != nil || s.Paper != device.PaperOut || s.Ready() {
			t.Errorf("paper out: %+v, %v", s, err)
		}
		var bad device.NotReadyError
		if r := d.Print(t.Context(), job(p, 3)); r.Outcome != device.Failed || !errors.As(r.Err, &bad) {
			t.Errorf("paper out: %s (%v)", r.Outcome, r.Err)
		}
	})
}

// Half a ticket on a line without a way back is marked as void, and no other ticket hangs on it.
func TestUSBOneWayHalfATicket(t *testing.T) {
	t.Parallel()
	for _, o := range []virtual.Options{{OneWay: true}, {Deaf: true}} {
		t.Run(fmt.Sprintf("told by the interface: %t", o.OneWay), func(t *testing.T) {
			t.Parallel()
			p := profile(t, "epson")
			o.Profile, o.USB, o.BusyOffline, o.Buffer, o.Speed = p, true, true, 64, 100
			d, v := setup(t, o)
			eventually(t, "a ticket is sent", func() bool {
				_, _ = d.Status(t.Context()) // that nothing answers is found out by asking
				return d.Print(t.Context(), job(p, 1)).Outcome == device.Unknown
			})
			eventually(t, "the ticket comes out", func() bool { return len(v.Papers()) == 1 })
			long := device.Job{ID: newID(), Data: text(p, slices.Repeat([]string{"строка"}, 100)...)}
			v.FaultAtItem(2, virtual.PaperOut)
			if r := d.Print(t.Context(), long); r.Outcome != device.Failed {
				t.Errorf("%s (%v)", r.Outcome, r.Err)
			}
			if r := d.Print(t.Context(), job(p, 3)); r.Outcome != device.Failed {
				t.Errorf("without paper, which the port reports: %s (%v)", r.Outcome, r.Err)
			}
			v.SetFault(virtual.None)
			last := job(p, 4)
			if r := d.Print(t.Context(), last); r.Outcome != device.Unknown || !errors.Is(r.Err, device.ErrOneWay) {
				t.Errorf("%s (%v)", r.Outcome, r.Err)
			}
			eventually(t, "the last ticket comes out alone", func() bool { return whole(t, p, v.Papers(), last) == 1 })
			if half := v.Papers()[1].Text(); len(v.Papers()) != 3 || !strings.Contains(half, voidText) {
				t.Errorf("%d papers; half a ticket: %q", len(v.Papers()), half)
			}
		})
	}
}

// A one-way printer whose paper ends in mid-job: unknown, with the reason that the port reports.
func TestUSBOneWayPaperOut(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := setupUSB(t, virtual.Options{Profile: p, OneWay: true, Speed: 100})
	v.FaultAtItem(2, virtual.PaperOut)
	if r := d.Print(t.Context(), job(p, 1)); r.Outcome == device.Printed {
		t.Fatal("called printed")
	}
	eventually(t, "the port reports it", func() bool {
		s, err := d.Status(t.Context())
		return err == nil && s.Paper == device.PaperOut
	})
}

// A two-way printer is asked again after a one-way printer was at the same port.
func TestUSBOneWayIsForgottenWithTheLine(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	mute, err := virtual.Start(virtual.Options{Profile: p, USB: true, OneWay: true})
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	fluent, err := virtual.Start(virtual.Options{Profile: p, USB: true})
	if err != nil {
		t.Fatal(err)
	}
	defer fluent.Close()
	at := mute
	d := device.New(device.Config{
		Profile: p, Timeout: time.Second,
		Open: func() (line.Conn, error) {
			return usbprinter.Open(usbprinter.Config{Name: at.Path(), Driver: at.USB()})
		},
	}, slog.New(slog.DiscardHandler))
	defer d.Close()
	if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Unknown {
		t.Fatalf("%s (%v)", r.Outcome, r.Err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	at = fluent
	if r := d.Print(t.Context(), job(p, 2)); r.Outcome != device.Printed {
		t.Errorf("%s (%v)", r.Outcome, r.Err)
	}
}
