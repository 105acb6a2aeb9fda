//go:build !linux

package usbprinter

import (
	"errors"
	"fmt"
	"os"
)

// system is no driver: USB printers are supported on Linux only.
type system struct{}

// Is returns false.
func Is(string) bool { return false }

// Open returns errors.ErrUnsupported.
func (system) Open(string) (*os.File, error) { return nil, errors.ErrUnsupported }

// Taken returns errors.ErrUnsupported.
func (system) Taken(int) error { return errors.ErrUnsupported }

// TwoWay returns errors.ErrUnsupported.
func (system) TwoWay(int) (bool, error) { return false, errors.ErrUnsupported }

// PortStatus returns errors.ErrUnsupported.
func (system) PortStatus(int) (byte, error) { return 0, errors.ErrUnsupported }

// writeOnce returns errors.ErrUnsupported.
func writeOnce(int, []byte) (int, error) { return 0, errors.ErrUnsupported }

// Flush returns errors.ErrUnsupported.
func (p *Port) Flush() error { return errors.ErrUnsupported }

// List returns errors.ErrUnsupported: printers are listed on Linux only.
func List() ([]Info, error) {
	return nil, fmt.Errorf("usbprinter: printers cannot be listed on this system: %w", errors.ErrUnsupported)
}

// resolved returns the name.
func resolved(name string) string { return name }
