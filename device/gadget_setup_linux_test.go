package device_test

import (
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/usbprinter"
	"infomat/device/virtual"
)

// The tests of the gadget print through Linux's driver usblp to a printer gadget of the same kernel (dummy_hcd and
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
