package device_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/line"
	"infomat/device/usbprinter"
	"infomat/device/virtual"
)

func TestGadgetPrints(t *testing.T) {
	// No profile that confirms by the motor: the machine is too slow to see a motor of software run.
	for _, name := range []string{"epson", "epson-tm-m30", "star", "raster", "xprinter", "mute"} {
		t.Run(name, func(t *testing.T) {
			plugGadget(t, "0x04b8", "0x0e15")
			p := profile(t, name)
			d, v := atGadget(t, p, virtual.Options{})
			bridge(t, v)
			for n := range 3 {
				j := job(p, n)
				if r := d.Print(t.Context(), j); r.Outcome != printed(p) {
					t.Fatalf("%s, %v", r.Outcome, r.Err)
				}
				eventually(t, "the ticket comes out", func() bool { return whole(t, p, papers(v, p), j) == 1 })
			}
			if talks(p) {
				v.SetFault(virtual.CoverOpen)
				if s, err := d.Status(t.Context()); err != nil || s.Ready() {
					t.Errorf("cover open: %+v, %v", s, err)
				}
			}
		})
	}
}

func TestGadgetIsListed(t *testing.T) {
	plugGadget(t, "0x04b8", "0x0e15")
	printerEnd(t)
	want := usbprinter.Info{
		Name: lp, Device: lp, Manufacturer: "EPSON", Model: "TM-T88V [2J", Serial: "J3FE01", USB: "04b8:0e15",
	}
	i, ok := usbprinter.Find(lp)
	if i.Name = lp; !ok || i != want { // udev may have given it a stable name
		t.Errorf("%t, %+v", ok, i)
	}
	if !usbprinter.Is(lp) {
		t.Error("not taken for a USB printer")
	}
	if names := os.Getenv("INFOMAT_UDEV"); names != "" {
		for _, pattern := range []string{"/dev/usb/by-id/usb-Maker_Product_J3FE01-if00", "/dev/usb/by-path/*"} {
			eventually(t, pattern, func() bool { all, err := filepath.Glob(pattern); return err == nil && len(all) == 1 })
		}
		eventually(t, "the stable name is listed", func() bool {
			i, _ := usbprinter.Find(lp)
			return i.Name == "/dev/usb/by-id/usb-Maker_Product_J3FE01-if00"
		})
		var stat unix.Stat_t
		if err := unix.Stat(lp, &stat); err != nil || stat.Mode&0o777 != 0o660 || stat.Gid != 7 {
			t.Errorf("mode %o, group %d, %v", stat.Mode, stat.Gid, err)
		}
	}
}

// Nobody at the printer's end answers: the port tells why.
func TestGadgetPortStatus(t *testing.T) {
	plugGadget(t, "0x04b8", "0x0e15")
	d, _ := atGadget(t, profile(t, "epson"), virtual.Options{})
	end := printerEnd(t)
	for s, want := range map[usbprinter.PortStatus]device.Status{
		usbprinter.Benign:                         {Device: device.DeviceSilent, Paper: device.PaperUnknown},
		usbprinter.Selected:                       {Device: device.DeviceFault, Paper: device.PaperFull},
		usbprinter.PaperEmpty | usbprinter.Benign: {Device: device.DeviceOnline, Paper: device.PaperOut},
	} {
		setPortStatus(t, end, s)
		got, err := d.Status(t.Context())
		if got.Device != want.Device || got.Paper != want.Paper {
			t.Errorf("%s: %+v, %v", s, got, err)
		}
	}
}

func TestGadgetIsExclusive(t *testing.T) {
	plugGadget(t, "0x04b8", "0x0e15")
	printerEnd(t)
	one, err := usbprinter.Open(usbprinter.Config{Name: lp})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := usbprinter.Open(usbprinter.Config{Name: lp}); !errors.Is(err, line.ErrBusy) {
		t.Errorf("opened twice: %v", err)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := usbprinter.Open(usbprinter.Config{Name: lp})
	if err != nil {
		t.Fatalf("after Close: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// A printer that stops to take data ends the write by its deadline. What it has not taken is dropped.
func TestGadgetStalls(t *testing.T) {
	p, end := openGadget(t)
	all := bytes.Repeat([]byte("stalled "), 1<<14)
	if err := p.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	n, err := p.Write(all)
	if !errors.Is(err, os.ErrDeadlineExceeded) || n == 0 || n == len(all) {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if w, err := p.Waiting(); w == 0 || err != nil {
		t.Errorf("%d bytes wait, %v", w, err)
	}
	if err := p.Discard(); err != nil {
		t.Fatal(err)
	}
	if w, err := p.Waiting(); w != 0 || err != nil {
		t.Errorf("%d bytes wait after Discard, %v", w, err)
	}
	got := taken(t, end, 300*time.Millisecond)
	if len(got) > n || len(got) < n-512 || !bytes.Equal(got, all[:len(got)]) {
		t.Errorf("the printer has taken %d of %d bytes", len(got), n)
	}
	if err := p.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write([]byte("next")); err != nil {
		t.Fatal(err)
	}
	if got := taken(t, end, time.Second); string(got) != "next" {
		t.Errorf("then the printer got %d bytes, %.20q", len(got), got)
	}
}

// taken reads what the printer has got, until nothing comes for a while.
func taken(t *testing.T, end *os.File, still time.Duration) (all []byte) {
	t.Helper()
	buf := make([]byte, 1<<16)
	for {
		if err := end.SetReadDeadline(time.Now().Add(still)); err != nil {
			t.Fatal(err)
		}
		n, err := end.Read(buf)
		all = append(all, buf[:n]...)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The cable is pulled while the line is idle, and in mid-write; put back, the printer prints.
func TestGadgetPulled(t *testing.T) {
	plugGadget(t, "0x04b8", "0x0e15")
	p := profile(t, "epson")
	d, v := atGadget(t, p, virtual.Options{})
	_, stop := bridge(t, v)
	if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Printed {
		t.Fatalf("%s, %v", r.Outcome, r.Err)
	}
	plug, err := filepath.Glob("/sys/bus/usb/devices/*-1/authorized")
	if err != nil || len(plug) != 1 {
		t.Fatal(plug, err)
	}
	connect := func(is string) { set(t, plug[0], is) } // 0 ends the device's drivers as pulling the cable does
	gone := func() bool { _, err := os.Stat(lp); return err != nil }
	connect("0")
	eventually(t, "the printer is gone", gone)
	stop() // the gadget's end is of no use any more either
	if s, err := d.Status(t.Context()); s.Device != device.DeviceNone || err == nil {
		t.Errorf("pulled: %+v, %v", s, err)
	}
	if r := d.Print(t.Context(), job(p, 2)); r.Outcome != device.Failed || !errors.Is(r.Err, line.ErrNoPort) {
		t.Errorf("pulled: %s, %v", r.Outcome, r.Err)
	}
	connect("1")
	eventually(t, "the printer is back", func() bool { return !gone() })
	_, stop = bridge(t, v)
	if r := d.Print(t.Context(), job(p, 3)); r.Outcome != device.Printed {
		t.Fatalf("put back: %s, %v", r.Outcome, r.Err)
	}

	stop() // the printer takes no more
	big := device.Job{ID: newID(), Data: bytes.Repeat(job(p, 4).Data, 500)}
	done := make(chan device.Result, 1)
	end := printerEnd(t)
	answering := make(chan struct{})
	go func() { // answers the questions for the status, and then takes nothing
		defer close(answering)
		answer(t, end, p)
	}()
	go func() { done <- d.Print(t.Context(), big) }()
	<-answering
	time.Sleep(500 * time.Millisecond)
	connect("0")
	if r := <-done; r.Outcome == device.Printed || r.Err == nil {
		t.Errorf("pulled in mid-write: %s, %v", r.Outcome, r.Err)
	}
	if err := end.Close(); err != nil {
		t.Error(err)
	}
	connect("1")
	eventually(t, "the printer is back", func() bool { return !gone() })
}

// answer answers what a host asks before a job, until the job begins.
func answer(t *testing.T, end *os.File, p escpos.Profile) {
	buf := make([]byte, 512)
	var got []byte
	for !bytes.Contains(got, []byte{0x1B, '@'}) {
		_ = end.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, err := end.Read(buf)
		if err != nil {
			t.Errorf("after % x: %v", got, err)
			return
		}
		for _, q := range p.Ask {
			if bytes.HasSuffix(buf[:n], q.Ask) {
				_, _ = end.Write(q.Answer(0))
			}
		}
		got = append(got, buf[:n]...)
	}
}

// Numbers of a printer from usblp's list of those without a way back.
func TestGadgetOneWay(t *testing.T) {
	plugGadget(t, "0x03f0", "0x0004")
	p := profile(t, "epson")
	d, v := atGadget(t, p, virtual.Options{})
	end, _ := bridge(t, v)
	for n := range 2 {
		j := job(p, n)
		if r := d.Print(t.Context(), j); r.Outcome != device.Unknown || !errors.Is(r.Err, device.ErrOneWay) {
			t.Fatalf("%s, %v", r.Outcome, r.Err)
		}
		eventually(t, "the ticket comes out", func() bool { return whole(t, p, papers(v, p), j) == 1 })
	}
	setPortStatus(t, end, usbprinter.PaperEmpty|usbprinter.Selected)
	if r := d.Print(t.Context(), job(p, 3)); r.Outcome != device.Failed {
		t.Errorf("paper out: %s, %v", r.Outcome, r.Err)
	}
}
