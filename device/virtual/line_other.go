//go:build !linux

package virtual

import (
	"errors"
	"os"
)

// openLine returns errors.ErrUnsupported: the printer in software needs a pseudo-terminal of Linux.
func openLine() (master, slave *os.File, err error) {
	return nil, nil, errors.ErrUnsupported
}

// sameSpeed always returns true.
func sameSpeed(*os.File, int) bool { return true }

// plugUSB returns errors.ErrUnsupported.
func (p *Printer) plugUSB() error { return errors.ErrUnsupported }

// unplugUSB does nothing.
func (p *Printer) unplugUSB() error { return nil }
