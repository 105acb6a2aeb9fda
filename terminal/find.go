package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"infomat/device"
	"infomat/device/serialport"
	"infomat/kiosk/config"
)

// askWithin bounds one question to a port at one speed.
const askWithin = 3 * time.Second

// FindPrinter asks at the configured port and at all that there are, at each speed, and writes to out what it tries. It
// reports whether a printer of the configured profile answers.
func FindPrinter(ctx context.Context, c config.Config, out io.Writer) (port string, baud int, found bool) {
	ports := []string{c.Printer.Port}
	infos, err := serialport.List()
	if err != nil {
		fmt.Fprintln(out, "the ports cannot be listed:", err)
	}
	for _, i := range infos {
		ports = append(ports, i.Name)
	}
	for _, port := range ports {
		if _, err := os.Stat(port); err != nil {
			continue
		}
		for _, baud := range Speeds {
			fmt.Fprintf(out, "looking for the printer: %s, %d baud\n", port, baud)
			c.Printer.Port, c.Printer.Baud = port, baud
			if answers(ctx, c) {
				return port, baud, true
			}
		}
	}
	return "", 0, false
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
