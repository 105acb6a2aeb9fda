//go:build !linux

package serialport

import (
	"errors"
	"fmt"
)

// List returns errors.ErrUnsupported: ports are listed on Linux only.
func List() ([]Info, error) {
	return nil, fmt.Errorf("serialport: ports cannot be listed on this system: %w", errors.ErrUnsupported)
}
