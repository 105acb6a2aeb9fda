package terminal

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"infomat/device"
	"infomat/device/usbprinter"
	"infomat/kiosk/config"
)

// askWithin bounds one question to a port at one speed.
const askWithin = 3 * time.Second

// FoundPrinter is a printer that FindPrinter has found.
type FoundPrinter struct {
	Port    string
	Baud    int    // 0: a USB printer, which has no speed
	What    string // make and model, or the serial adapter; "" if unknown
	Answers bool   // false: a USB printer that does not answer in the configured profile
}

// FindPrinter asks at the configured port and at all that there are, at each speed, and writes to out what it tries. It
// returns the first printer of the configured profile that answers. If none does, it returns a USB printer: that is one
// by its class, and may have no way back.
func FindPrinter(ctx context.Context, c config.Config, out io.Writer) (found FoundPrinter, ok bool) {
	all, errs := ports()
	for _, err := range errs {
		fmt.Fprintln(out, "the ports cannot be listed:", err)
	}
	all = append([]plugged{{name: c.Printer.Port, usb: usbprinter.Is(c.Printer.Port)}}, all...)
	for _, p := range all {
		if _, err := os.Stat(p.name); err != nil {
			continue
		}
		for _, baud := range p.speeds() {
			fmt.Fprintln(out, "looking for the printer:", p.at(baud))
			c.Printer.Port = p.name
			c.Printer.Baud = cmp.Or(baud, c.Printer.Baud)
			if answers(ctx, c) {
				return FoundPrinter{Port: p.name, Baud: baud, What: p.what, Answers: true}, true
			}
		}
		if p.usb && !ok {
			found, ok = FoundPrinter{Port: p.name, What: p.what}, true
		}
	}
	return found, ok
}

// speeds returns the speeds at which a port has to be asked; 0 is that of a USB printer.
func (p plugged) speeds() []int {
	if p.usb {
		return []int{0}
	}
	return Speeds
}

// at returns the port at a speed as a technician reads it.
func (p plugged) at(baud int) string {
	if baud == 0 {
		return p.label()
	}
	return fmt.Sprintf("%s, %d baud", p.name, baud)
}

// answers reports whether a printer of the configured profile is there.
func answers(ctx context.Context, c config.Config) bool {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	p, err := openPress(c)
	if err != nil {
		return false
	}
	s, err := p.status(ctx)
	return p.close() == nil && err == nil && s.Device != device.DeviceNotSupported
}
