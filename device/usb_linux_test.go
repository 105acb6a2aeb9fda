package device_test

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
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
					done := make(chan device.Result, 1)
					go func() { done <- d.Print(t.Context(), first) }()
					eventually(t, "the job begins", func() bool { return len(v.Unfinished().Items) > 1 })
					v.SetFault(f)
					r := <-done
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
			done := make(chan device.Result, 1)
			long := device.Job{ID: newID(), Data: text(p, slices.Repeat([]string{"строка"}, 100)...)}
			go func() { done <- d.Print(t.Context(), long) }()
			eventually(t, "the job begins", func() bool { return len(v.Unfinished().Items) > 1 })
			v.SetFault(virtual.PaperOut)
			if r := <-done; r.Outcome != device.Failed {
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
	done := make(chan device.Result, 1)
	go func() { done <- d.Print(t.Context(), job(p, 1)) }()
	eventually(t, "the job begins", func() bool { return len(v.Unfinished().Items) > 1 })
	v.SetFault(virtual.PaperOut)
	if r := <-done; r.Outcome == device.Printed {
		t.Fatal("called printed")
	}
	if s, err := d.Status(t.Context()); err != nil || s.Paper != device.PaperOut {
		t.Errorf("%+v, %v", s, err)
	}
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
	done := make(chan device.Result, 1)
	go func() { done <- d.Print(t.Context(), job(p, 1)) }()
	eventually(t, "the job begins", func() bool { return len(v.Unfinished().Items) > 1 })
	v.SetFault(virtual.CoverOpen)
	if r := <-done; r.Outcome == device.Printed {
		t.Fatal("called printed")
	}
	v.SetFault(virtual.None)
	eventually(t, "a ticket is printed", func() bool { return d.Print(t.Context(), job(p, 2)).Outcome != device.Failed })
}
