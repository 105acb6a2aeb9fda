package device_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/virtual"
)

// On a line that carries nothing back jobs are sent without waiting, once that is known, and each is unknown. A printer
// that is heard after all is asked again.
func TestTwoWires(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		if !talks(p) {
			t.Skip("it is never asked")
		}
		d, v := setup(t, virtual.Options{Profile: p, Deaf: true})
		if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Failed || !errors.Is(r.Err, device.ErrSilent) {
			t.Errorf("not known yet: %s (%v)", r.Outcome, r.Err)
		}
		var s device.Status
		eventually(t, "it is found out", func() bool {
			s, _ = d.Status(t.Context())
			return s.Device == device.DeviceOneWay
		})
		if s.Ready() || s.Reason == "" {
			t.Errorf("%+v", s)
		}
		for n := 2; n < 4; n++ {
			j := job(p, n)
			asked := len(v.Received())
			r := d.Print(t.Context(), j)
			if r.Outcome != device.Unknown || !errors.Is(r.Err, device.ErrOneWay) || r.Sent.IsZero() {
				t.Errorf("%s (%v)", r.Outcome, r.Err)
			}
			eventually(t, "the ticket comes out", func() bool { return whole(t, p, papers(v, p), j) == 1 })
			sent := v.Received()[asked:]
			if n == 2 { // the buffer is cleared once, after the port was opened
				sent = bytes.TrimPrefix(bytes.TrimLeft(sent, "\x00"), p.Clear)
			}
			if !bytes.Equal(sent, j.Data) {
				t.Errorf("% x were sent for the job % x", sent, j.Data)
			}
		}
		v.Hear()
		eventually(t, "it is heard", func() bool {
			s, _ = d.Status(t.Context())
			return s.Device == device.DeviceOnline
		})
		right(t, d, v, p, job(p, 5))
	})
}

// A printer that has answered once and is silent now is switched off: nothing is sent to it.
func TestSwitchedOffIsNotTwoWires(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := impatient(t, virtual.Options{Profile: p})
	sound(t, d, v, p)
	v.SetFault(virtual.NoPower)
	for range 5 {
		if s, _ := d.Status(t.Context()); s.Device != device.DeviceSilent {
			t.Errorf("%+v", s)
		}
	}
	if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Failed {
		t.Errorf("%s (%v)", r.Outcome, r.Err)
	}
	time.Sleep(10 * time.Millisecond)
	if n := whole(t, p, papers(v, p), job(p, 1)); n != 0 {
		t.Error("something came out")
	}
}
