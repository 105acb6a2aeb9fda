package terminal

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"infomat/device"
	"infomat/device/line"
	"infomat/device/serialport"
	"infomat/device/usbprinter"
	"infomat/device/virtual"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
)

// plugIn replaces the lists of what is plugged in.
func plugIn(t *testing.T, printers []usbprinter.Info, serials []serialport.Info) {
	t.Helper()
	usb, serial := usbPrinters, serialPorts
	usbPrinters = func() ([]usbprinter.Info, error) { return printers, nil }
	serialPorts = func() ([]serialport.Info, error) { return serials, nil }
	t.Cleanup(func() { usbPrinters, serialPorts = usb, serial })
}

// A printer that answers is taken before a USB printer that does not; without one the USB printer is taken, as a
// printer by its class.
func TestFindPrinterOnUSB(t *testing.T) {
	c, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := Profile(c.Printer)
	if err != nil {
		t.Fatal(err)
	}
	v, err := virtual.Start(virtual.Options{Profile: profile, Baud: 9600})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	silent := filepath.Join(t.TempDir(), "lp0") // there, and nothing that answers
	if err := os.WriteFile(silent, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.Printer.Port = filepath.Join(t.TempDir(), "none")
	usb := []usbprinter.Info{{Name: silent, Manufacturer: "EPSON", Model: "TM-T88V"}}
	var out bytes.Buffer

	plugIn(t, usb, []serialport.Info{{Name: v.Path(), Product: "adapter"}})
	if f, ok := FindPrinter(t.Context(), c, &out); !ok || f != (FoundPrinter{
		Port: v.Path(), Baud: 9600, What: "adapter", Answers: true,
	}) {
		t.Errorf("%+v, %t\n%s", f, ok, out.String())
	}
	plugIn(t, usb, nil)
	if f, ok := FindPrinter(t.Context(), c, &out); !ok || f != (FoundPrinter{Port: silent, What: "EPSON TM-T88V"}) {
		t.Errorf("%+v, %t\n%s", f, ok, out.String())
	}
	if !strings.Contains(out.String(), "looking for the printer: EPSON TM-T88V · "+silent) {
		t.Error(out.String())
	}
	plugIn(t, nil, nil)
	if f, ok := FindPrinter(t.Context(), c, &out); ok {
		t.Errorf("%+v", f)
	}
}

// A technician chooses among what is plugged in, by make and model.
func TestPortChoicesNameUSBPrinters(t *testing.T) {
	plugIn(t, []usbprinter.Info{{Name: "/dev/usb/by-id/usb-x", Manufacturer: "EPSON", Model: "TM-T88V"}},
		[]serialport.Info{{Name: "/dev/ttyS0"}})
	tr := &trial{log: slog.New(slog.DiscardHandler)}
	got := tr.choices(map[string]string{"printer.port": "/dev/ttyS0"})["printer.port"]
	var labels []string
	for _, c := range got {
		labels = append(labels, c.Label)
	}
	if !slices.Contains(labels, "EPSON TM-T88V · /dev/usb/by-id/usb-x") {
		t.Errorf("%q", labels)
	}
}

// Of a USB printer no speed is looked for, and its settings say what does not apply.
func TestUSBHasNoSpeed(t *testing.T) {
	c, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	if got := Notes(c); got != nil {
		t.Errorf("of a serial port: %q", got)
	}
	c.Printer.Port = "/dev/usb/lp14"
	if got := Notes(c); len(got) != 1 || !strings.Contains(got[0], "printer.baud, flow and parity do not apply") {
		t.Errorf("%q", got)
	}
	c.Screen.WidthMM = 222
	if got := Notes(c); len(got) != 2 || !strings.Contains(got[1], "screen.width_mm = 222") {
		t.Errorf("notes on a panel that is too small: %q", got)
	}
	c.Screen.WidthMM = 268
	if got := Notes(c); len(got) != 1 {
		t.Errorf("notes on a panel of 268 mm: %q", got)
	}
	p, err := openPress(c)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if _, err := p.findSpeed(t.Context()); !errors.Is(err, errNoSpeed) {
		t.Error(err)
	}
}

// A port whose name can go to another device is told, with the name that stays; one by serial number, by port, or
// without any such name is not.
func TestPortThatStays(t *testing.T) {
	dir := t.TempDir()
	tty, link := filepath.Join(dir, "ttyUSB0"), filepath.Join(dir, "infomat-printer")
	if err := os.WriteFile(tty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(tty, link); err != nil {
		t.Fatal(err)
	}
	const stays = "/dev/serial/by-path/pci-0-usb-0:2"
	plugIn(t, nil, []serialport.Info{{Name: stays, Device: tty}})
	for _, port := range []string{tty, link} {
		if got := PortThatStays(port); got != stays {
			t.Errorf("%s: %q", port, got)
		}
		f := printerFinding(config.Printer{Port: port}, ready, nil)
		if f.Kind != "unpinned" || f.Level != health.Warning || f.Data["Stays"] != stays {
			t.Errorf("%+v", f)
		}
		if f := printerFinding(config.Printer{Port: port}, ready, line.ErrNoPort); f.Kind != "no_port" {
			t.Errorf("what is worse is not told: %+v", f)
		}
	}
	plugIn(t, nil, []serialport.Info{{Name: link, Device: tty}})
	if f := printerFinding(config.Printer{Port: link}, ready, nil); f.Kind != health.KindOK {
		t.Errorf("the name that stays: %+v", f)
	}
	plugIn(t, nil, []serialport.Info{{Name: tty, Device: tty}})
	for _, port := range []string{tty, filepath.Join(dir, "none"), "virtual"} {
		if got := PortThatStays(port); got != "" {
			t.Errorf("%s: %q", port, got)
		}
	}
}

// ready is the status of a printer with which all is well.
var ready = device.Status{Device: device.DeviceOnline, Paper: device.PaperFull}
