package terminal

import (
	"strings"

	"infomat/device/serialport"
	"infomat/device/usbprinter"
)

// plugged is a port at which a printer may be.
type plugged struct {
	name string // for the settings
	what string // make and model of the printer, or of the serial adapter; "" if unknown
	usb  bool   // a USB printer: by its class it is a printer, and it has no speed
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
		all = append(all, plugged{name: i.Name, what: i.String(), usb: true})
	}
	serials, err := serialPorts()
	if err != nil {
		errs = append(errs, err)
	}
	for _, i := range serials {
		all = append(all, plugged{name: i.Name, what: strings.TrimSpace(i.Manufacturer + " " + i.Product)})
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
