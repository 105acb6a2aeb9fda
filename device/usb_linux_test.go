package device_test

import (
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/line"
	"infomat/device/usbprinter"
	"infomat/device/virtual"
)

// setupUSB is setup for a printer of USB's printer class.
func setupUSB(t testing.TB, o virtual.Options) (*device.Printer, *virtual.Printer) {
	t.Helper()
	o.USB = true
	return setup(t, o)
}

// opener returns what opens the line of a printer on USB at a port; nil for one at a pseudo-terminal.
func opener(v *virtual.Printer, o virtual.Options, port string) func() (line.Conn, error) {
	if !o.USB {
		return nil
	}
	return func() (line.Conn, error) {
		conn, err := usbprinter.Open(usbprinter.Config{Name: port, Driver: v.USB()})
		if err != nil {
			return nil, err
		}
		return conn, nil
	}
}

// onUSB returns a device for the printer at a port.
func onUSB(v *virtual.Printer, p escpos.Profile, port string) *device.Printer {
	return device.New(device.Config{
		Port: port, Profile: p, Timeout: 3 * time.Second, Answer: 3 * time.Second, Void: text(p, voidText),
		Open: opener(v, virtual.Options{USB: true}, port),
	}, slog.New(slog.DiscardHandler))
}

// device.New opens what the port is: a name in /dev/usb is a USB printer also while it is unplugged.
func TestUSBIsChosenByThePort(t *testing.T) {
	t.Parallel()
	for _, port := range []string{"/dev/usb/lp15", "/dev/usb/by-id/usb-none-if00"} {
		d := device.New(device.Config{Port: port, Profile: profile(t, "epson"), Timeout: time.Second},
			slog.New(slog.DiscardHandler))
		r := d.Print(t.Context(), job(profile(t, "epson"), 1))
		if r.Outcome != device.Failed || !errors.Is(r.Err, line.ErrNoPort) || !strings.Contains(r.Err.Error(), "usbprinter") {
			t.Errorf("%s: %s, %v", port, r.Outcome, r.Err)
		}
		if s, _ := d.Status(t.Context()); s.Device != device.DeviceNone {
			t.Errorf("%s: %+v", port, s)
		}
	}
}

func TestUSBPrinted(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		d, v := setupUSB(t, virtual.Options{Profile: p, Buffer: 128}) // smaller than a ticket: writes wait for room
		for n := range 3 {
			j := job(p, n)
			if r := d.Print(t.Context(), j); r.Outcome != printed(p) || r.Sent.IsZero() {
				t.Fatalf("outcome %s, error %v", r.Outcome, r.Err)
			}
			eventually(t, "the ticket comes out", func() bool { return whole(t, p, papers(v, p), j) == 1 })
		}
		if v.Lost() > 0 {
			t.Errorf("%d bytes or answers were lost", v.Lost())
		}
	})
}

// A fault before the job, on printers that take data all the same and on printers that take nothing: the job is
// not sent, the state is told, and after the mend the next one comes out alone. Where the printer is silent
// about it, the port tells.
func TestUSBFaultBeforeTheJob(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"epson", "epson-tm-m30", "custom-vkp80", "raster", "mute"} {
		for f := range meant {
			for _, busy := range []bool{false, true} {
				title := name + "/" + faultName(f) + map[bool]string{false: "", true: "/busy"}[busy]
				t.Run(title, func(t *testing.T) {
					t.Parallel()
					p := profile(t, name)
					d, v := setupUSB(t, virtual.Options{Profile: p, BusyOffline: busy, Seed: 7})
					v.SetFault(f)
					first := job(p, 1)
					r := d.Print(t.Context(), first)
					if want := usbOutcome(p, f, busy); r.Outcome != want {
						t.Fatalf("%s (%v), want %s", r.Outcome, r.Err, want)
					}
					v.SetFault(virtual.None)
					right(t, d, v, p, job(p, 2))
					if n := whole(t, p, papers(v, p), first); r.Outcome == device.Failed && n != 0 || n > 1 {
						t.Errorf("a job that %s came out %d times", r.Outcome, n)
					}
				})
			}
		}
	}
}

func faultName(f virtual.Fault) string { return name(f) }

// usbOutcome is the outcome of a job before which there was a fault. The port reports what a printer that
// cannot be asked does not; of one that answers, the answer counts.
func usbOutcome(p escpos.Profile, f virtual.Fault, busy bool) device.Outcome {
	switch {
	case cannotTell(p, f) && talks(p) && !busy:
		return device.Unknown
	case f == virtual.None || f == virtual.PaperLow:
		return printed(p)
	case !talks(p) && meant[f].Paper == device.PaperUnknown: // nothing comes back
		return device.Unknown
	}
	return device.Failed
}

// What the port says stands in for the answers of a printer that takes nothing while it is stopped.
func TestUSBStateByThePort(t *testing.T) {
	t.Parallel()
	for f, want := range map[virtual.Fault]device.Status{
		virtual.PaperOut:  {Device: device.DeviceOffline, Paper: device.PaperOut},
		virtual.CoverOpen: {Device: device.DeviceOffline, Paper: device.PaperFull}, // zero tells nothing: see portStatus
		virtual.Offline:   {Device: device.DeviceOffline, Paper: device.PaperFull},
	} {
		t.Run(name(f), func(t *testing.T) {
			t.Parallel()
			d, v := setupUSB(t, virtual.Options{BusyOffline: true})
			v.SetFault(f)
			got, err := d.Status(t.Context())
			if err != nil || got.Ready() || got.Paper != want.Paper {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
		})
	}
}

// A printer that fills no status in and takes nothing is silent, and nothing is guessed.
func TestUSBBenignStatusTellsNothing(t *testing.T) {
	t.Parallel()
	d, v := setupUSB(t, virtual.Options{BusyOffline: true, Benign: true})
	v.SetFault(virtual.PaperOut)
	s, err := d.Status(t.Context())
	if s.Device != device.DeviceSilent || s.Paper != device.PaperUnknown || err == nil {
		t.Errorf("%+v, %v", s, err)
	}
}

// Paper runs out in mid-job and the printer takes no more: the write ends by its deadline, the job is not
// called printed, its rest does not come out after the mend, and the next ticket is whole.
func TestUSBBlockedInMidJob(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"epson", "raster", "custom-vkp80", "star"} {
		for _, f := range []virtual.Fault{virtual.PaperOut, virtual.CoverOpen, virtual.Jam, virtual.Offline} {
			for _, buffer := range []int{64, 4096} {
				t.Run(name+"/"+faultName(f), func(t *testing.T) {
					t.Parallel()
					p := profile(t, name)
					d, v := setupUSB(t, virtual.Options{Profile: p, BusyOffline: true, Buffer: buffer, Speed: 100})
					first := job(p, 1)
					v.FaultAtItem(3, f)
					r := d.Print(t.Context(), first)
					if r.Outcome == device.Printed {
						t.Fatal("called printed")
					}
					v.SetFault(virtual.None)
					right(t, d, v, p, job(p, 2))
					if n := whole(t, p, papers(v, p), first); n > 1 || r.Outcome == device.Failed && n > 0 {
						t.Errorf("a job that %s came out %d times", r.Outcome, n)
					}
				})
			}
		}
	}
}

// The cable is pulled after each number of bytes and put back, as another device under the same stable name.
func TestUSBPulledAtEveryByte(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	length := len(job(p, 1).Data)
	for at := 1; at <= length; at += 7 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			d, v := setupUSB(t, virtual.Options{Profile: p, CutAt: at})
			first := job(p, 1)
			r := d.Print(t.Context(), first)
			if r.Outcome == device.Printed {
				t.Fatalf("called printed, cut at %d", at)
			}
			if s, err := d.Status(t.Context()); s.Device != device.DeviceNone || !errors.Is(err, line.ErrNoPort) {
				t.Errorf("unplugged: %+v, %v", s, err)
			}
			if err := v.Plug(); err != nil {
				t.Fatal(err)
			}
			right(t, d, v, p, job(p, 2))
			if n := whole(t, p, papers(v, p), first); r.Outcome == device.Failed && n > 0 {
				t.Errorf("a job that failed came out, cut at %d", at)
			}
		})
	}
}

// A device that comes back under another number is found by the stable name, and by the old number no longer.
func TestUSBBackUnderAnotherNumber(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := setupUSB(t, virtual.Options{Profile: p})
	old, err := filepath.EvalSymlinks(v.Path())
	if err != nil {
		t.Fatal(err)
	}
	byNumber := onUSB(v, p, old)
	if r := byNumber.Print(t.Context(), job(p, 1)); r.Outcome != device.Printed {
		t.Fatal(r.Err)
	}
	if err := errors.Join(byNumber.Close(), v.Unplug(), v.Plug()); err != nil {
		t.Fatal(err)
	}
	if now, err := filepath.EvalSymlinks(v.Path()); err != nil || now == old {
		t.Fatalf("%s, %v", now, err)
	}
	if r := byNumber.Print(t.Context(), job(p, 2)); r.Outcome != device.Failed || !errors.Is(r.Err, line.ErrNoPort) {
		t.Errorf("by the old number: %s, %v", r.Outcome, r.Err)
	}
	right(t, d, v, p, job(p, 3))
}

func TestUSBBusy(t *testing.T) {
	t.Parallel()
	d, v := setupUSB(t, virtual.Options{})
	if _, err := d.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := profile(t, "epson")
	other := onUSB(v, p, v.Path())
	if r := other.Print(t.Context(), job(p, 1)); r.Outcome != device.Failed || !errors.Is(r.Err, line.ErrBusy) {
		t.Errorf("outcome %s, error %v", r.Outcome, r.Err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	right(t, other, v, p, job(p, 2))
	if err := other.Close(); err != nil {
		t.Error(err)
	}
}

// On a line without a way back nothing is asked and nothing confirmed: each ticket is printed once, and its
// A printer that takes nothing before the job says why by its port.
func TestUSBReasonOfAStall(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := setupUSB(t, virtual.Options{Profile: p, BusyOffline: true})
	v.SetFault(virtual.PaperOut)
	var bad device.NotReadyError
	r := d.Print(t.Context(), job(p, 1))
	if r.Outcome != device.Failed || !errors.As(r.Err, &bad) || !bad.Status.Has(escpos.PaperOut) {
		t.Errorf("%s, %v", r.Outcome, r.Err)
	}
}
