package terminal

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"infomat/device"
	"infomat/device/serialport"
	"infomat/device/usbprinter"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// plugged is a port at which a printer may be.
type plugged struct {
	name   string // for the settings: it stays with the device
	device string // such as /dev/ttyUSB0: it goes to another device when that one is plugged in first
	what   string // make and model of the printer, or of the serial adapter; "" if unknown
	usb    bool   // a USB printer: by its class it is a printer, and it has no speed
}

// label returns the port as a technician reads it.
func (p plugged) label() string {
	if p.what == "" {
		return p.name
	}
	return p.what + " · " + p.name
}

// The lists of what is plugged in; a test replaces them.
var (
	usbPrinters = usbprinter.List
	serialPorts = serialport.List
)

// ports returns the USB printers and then the serial ports. With an error, it returns what could be listed.
func ports() (all []plugged, errs []error) {
	printers, err := usbPrinters()
	if err != nil {
		errs = append(errs, err)
	}
	for _, i := range printers {
		all = append(all, plugged{name: i.Name, device: i.Device, what: i.String(), usb: true})
	}
	serials, err := serialPorts()
	if err != nil {
		errs = append(errs, err)
	}
	for _, i := range serials {
		what := strings.TrimSpace(i.Manufacturer + " " + i.Product)
		all = append(all, plugged{name: i.Name, device: i.Device, what: what})
	}
	return all, errs
}

// portLabel returns a port of the settings with what is plugged in there, if that is a USB printer: it tells make and
// model by itself.
func portLabel(name string) string {
	if !usbprinter.Is(name) {
		return name
	}
	i, ok := usbprinter.Find(name)
	if !ok {
		return name
	}
	return plugged{name: name, what: i.String()}.label()
}

// PortThatStays returns the name under which the device at a port stays what it is when others are plugged in; "" where
// the port has such a name already, or none is known.
func PortThatStays(port string) string {
	target, err := filepath.EvalSymlinks(port)
	if err != nil || slices.Contains(foldersByPort, filepath.Dir(port)) {
		return ""
	}
	all, _ := ports() // what could be listed
	for _, p := range all {
		if p.device == target && p.name != p.device && p.name != port {
			return p.name
		}
	}
	return ""
}

// foldersByPort hold udev's names by the port that a device is plugged into.
var foldersByPort = []string{"/dev/serial/by-path", "/dev/usb/by-path"}

// printerFinding judges the printer's state for these settings.
func printerFinding(c config.Printer, s device.Status, err error) health.Finding {
	return checks.Pinned(checks.Printer(portLabel(c.Port), s, err), c.Port, PortThatStays(c.Port))
}

// Notes returns what a technician has to know of settings that can be used.
func Notes(c config.Config) (all []string) {
	for _, change := range c.Overlay.Changes {
		all = append(all, fmt.Sprintf("%s = %s was changed on the screen (%s)", change.Key, change.Value, c.Overlay.File))
	}
	if usbprinter.Is(c.Printer.Port) {
		all = append(all, "printer.baud, flow and parity do not apply: "+c.Printer.Port+" is a USB printer")
	}
	return all
}
