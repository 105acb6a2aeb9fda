package device_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/line"
	"infomat/device/serialport"
	"infomat/device/usbprinter"
	"infomat/device/virtual"
)

// The tests of this file print through Linux's driver usblp to a printer gadget of the same kernel (dummy_hcd and
// usb_f_printer). scripts/test-usb.sh runs them in a virtual machine.

const (
	lp     = "/dev/usb/lp0"
	far    = "/dev/g_printer0" // the printer's end
	gadget = "/sys/kernel/config/usb_gadget/printer"
	udc    = "dummy_udc.0"
)

// set writes an attribute of the gadget.
func set(t *testing.T, name, value string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(value), 0); err != nil {
		t.Fatal(err)
	}
}

// plugGadget plugs a printer in, and pulls it at the end of the test. Some vendor and product numbers are those of
// printers that usblp takes for one-way.
func plugGadget(t *testing.T, vendor, product string) {
	t.Helper()
	if os.Getenv("INFOMAT_GADGET") == "" {
		t.Skip("not in the virtual machine: see scripts/test-usb.sh")
	}
	const function, config = gadget + "/functions/printer.0", gadget + "/configs/c.1"
	for _, dir := range []string{gadget, gadget + "/strings/0x409", function, config} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	set(t, gadget+"/idVendor", vendor)
	set(t, gadget+"/idProduct", product)
	set(t, gadget+"/strings/0x409/manufacturer", "Maker")
	set(t, gadget+"/strings/0x409/product", "Product")
	set(t, gadget+"/strings/0x409/serialnumber", "J3FE01")
	set(t, function+"/pnp_string", "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V\x1b[2J;CLS:PRINTER;")
	set(t, function+"/q_len", "1")
	if err := os.Symlink(function, config+"/printer.0"); err != nil {
		t.Fatal(err)
	}
	set(t, gadget+"/UDC", udc)
	t.Cleanup(func() {
		set(t, gadget+"/UDC", "\n")
		if err := os.Remove(config + "/printer.0"); err != nil {
			t.Error(err)
		}
		for _, dir := range []string{config, function, gadget + "/strings/0x409", gadget} {
			if err := os.Remove(dir); err != nil {
				t.Error(err)
			}
		}
		eventually(t, "the printer is gone", func() bool { _, err := os.Stat(lp); return err != nil })
	})
	eventually(t, "the printer is there", func() bool { _, err := os.Stat(lp); return err == nil })
}

// printerEnd opens the gadget's end.
func printerEnd(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile(far, os.O_RDWR|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // some tests close it
	return f
}

// openGadget plugs a printer with a way back in, and opens it and the gadget's end.
func openGadget(t *testing.T) (p *usbprinter.Port, end *os.File) {
	t.Helper()
	plugGadget(t, "0x04b8", "0x0e15")
	end = printerEnd(t)
	p, err := usbprinter.Open(usbprinter.Config{Name: lp})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p, end
}

// setPortStatus sets the status of the class that the gadget reports (GADGET_SET_PRINTER_STATUS).
func setPortStatus(t *testing.T, f *os.File, s usbprinter.PortStatus) {
	t.Helper()
	const set = 3<<30 | 1<<16 | 'g'<<8 | 0x22
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), set, uintptr(s)); errno != 0 {
		t.Fatal(errno)
	}
	if err := unix.SetNonblock(int(f.Fd()), true); err != nil { // Fd has made it blocking
		t.Fatal(err)
	}
}

// bridge connects the gadget's end with a virtual printer at a pseudo-terminal, until stop is called.
func bridge(t *testing.T, v *virtual.Printer) (end *os.File, stop func()) {
	t.Helper()
	end = printerEnd(t)
	port, err := serialport.Open(serialport.Config{Name: v.Path(), Baud: 115200, Flow: serialport.FlowNone})
	if err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(port, end) }) // both end when the files are closed
	both.Go(func() { _, _ = io.Copy(end, port) })
	stop = sync.OnceFunc(func() { _ = end.Close(); _ = port.Close(); both.Wait() })
	t.Cleanup(stop)
	return end, stop
}

// atGadget returns a device at the gadget, and the virtual printer behind it.
func atGadget(t *testing.T, p escpos.Profile, o virtual.Options) (*device.Printer, *virtual.Printer) {
	t.Helper()
	o.Profile = p
	v, err := virtual.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	d := device.New(device.Config{
		Port: lp, Profile: p, Timeout: 3 * time.Second, Answer: time.Second, Void: text(p, voidText),
	}, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		_ = d.Close() // some tests have pulled the cable
		_ = v.Close()
	})
	return d, v
}

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

// Signals in mid-write neither lose nor double a block.
func TestGadgetUnderSignals(t *testing.T) {
	p, end := openGadget(t)
	var all []byte
	for n := 0; len(all) < 1<<20; n++ {
		all = fmt.Appendf(all, "%d\n", n)
	}
	done := make(chan struct{})
	var others sync.WaitGroup
	others.Go(func() { signalThreads(done) })
	got := make(chan []byte, 1)
	others.Go(func() {
		b := make([]byte, len(all))
		_, err := io.ReadFull(end, b)
		if err != nil {
			t.Error(err)
		}
		got <- b
	})
	if n, err := p.Write(all); n != len(all) || err != nil {
		t.Errorf("%d of %d, %v", n, len(all), err)
	}
	b := <-got
	close(done)
	others.Wait()
	if !bytes.Equal(b, all) {
		t.Error("the printer got something else")
	}
	if rest := taken(t, end, 200*time.Millisecond); len(rest) > 0 {
		t.Errorf("and %d bytes more", len(rest))
	}
}

// signalThreads sends SIGURG, as Go's scheduler does, to all threads of the process until done is closed.
func signalThreads(done chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		tasks, _ := os.ReadDir("/proc/self/task")
		for _, task := range tasks {
			if tid, err := strconv.Atoi(task.Name()); err == nil {
				_ = unix.Tgkill(os.Getpid(), tid, unix.SIGURG) // the thread may have ended
			}
		}
	}
}

// Several answers, of which usblp has one and the printer the others, are dropped together.
func TestGadgetFlush(t *testing.T) {
	p, end := openGadget(t)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_ = end.SetWriteDeadline(time.Now().Add(20 * time.Second))
		for range 5 {
			if _, err := end.Write([]byte("old")); err != nil { // waits until the host has read the one before
				t.Error(err)
			}
		}
	}()
	for waiting := true; waiting; { // one Flush may end early on a machine that is emulated
		if err := p.Flush(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-sent:
			waiting = false
		case <-time.After(50 * time.Millisecond):
		}
	}
	time.Sleep(100 * time.Millisecond)
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	if n, err := p.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%q, %v", b[:n], err)
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
