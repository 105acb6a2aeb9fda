//go:build !linux

package serialport

import (
	"errors"
	"fmt"
)

// List is known to Linux alone; elsewhere the system's own tools name the ports.
func List() ([]Info, error) {
	return nil, fmt.Errorf("serialport: ports cannot be listed on this system: %w", errors.ErrUnsupported)
}
