package device

import (
	"errors"

	"infomat/device/escpos"
	"infomat/device/line"
	"infomat/device/serialport"
	"infomat/device/usbprinter"
)

// openLine opens the line of c.
func openLine(c Config) (line.Conn, error) {
	switch {
	case c.Open != nil:
		return c.Open()
	case usbprinter.Is(c.Port):
		return openUSB(c.Port)
	}
	port, err := serialport.Open(serialport.Config{
		Name: c.Port, Baud: c.Baud, Flow: c.Flow, Parity: c.Parity, Buffer: c.Profile.Buffer,
	})
	if err != nil {
		return nil, err // not a nil port in a Conn
	}
	return port, nil
}

// openUSB opens a USB printer.
func openUSB(name string) (line.Conn, error) {
	port, err := usbprinter.Open(usbprinter.Config{Name: name})
	if err != nil {
		return nil, err
	}
	return port, nil
}

// reporter is a line that reports the printer's state by itself, and may have no way back for answers.
type reporter interface {
	OneWay() bool
	PortStatus() (usbprinter.PortStatus, error)
}

// counter is a line that counts how often it was disturbed.
type counter interface {
	Disturbances() (n int, known bool)
}

// disturbances returns how often the line was disturbed so far, as its driver counts, or the printer has told the
// terminal to stop: what comes through to here was not obeyed.
func (p *Printer) disturbances() int {
	c, ok := p.port.(counter)
	if !ok {
		return p.stops
	}
	n, known := c.Disturbances()
	if !known {
		return p.stops
	}
	return n + p.stops
}

// oneWay reports whether a printer cannot answer on this line.
func oneWay(port line.Conn) bool {
	r, ok := port.(reporter)
	return ok && r.OneWay()
}

// reported returns the state that the line reports if the printer has not told its own: its answers say more
// than the line knows, and some printers do not fill the line's status in.
func (p *Printer) reported(s escpos.Status, err error) (escpos.Status, error) {
	r, ok := p.port.(reporter)
	answered := err == nil && len(p.profile().Ask) > 0
	if !ok || answered || err != nil && !errors.Is(err, ErrSilent) && !errors.Is(err, ErrStalled) {
		return s, err
	}
	told, failed := r.PortStatus()
	switch {
	case errors.Is(failed, line.ErrHangup):
		return 0, p.gone(failed)
	case failed != nil || !told.Known() || portState(told).Ready():
		return s, err
	}
	return portState(told), nil
}

// portState returns the state that a port status describes.
func portState(s usbprinter.PortStatus) (state escpos.Status) {
	if s&usbprinter.PaperEmpty != 0 {
		state |= escpos.PaperOut
	}
	if s&usbprinter.Selected == 0 {
		state |= escpos.Offline
	}
	if s&usbprinter.NotError == 0 && s&usbprinter.PaperEmpty == 0 { // no paper is an error by itself
		state |= escpos.Fault
	}
	return state
}
