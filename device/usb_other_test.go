//go:build !linux

package device_test

import (
	"infomat/device/line"
	"infomat/device/virtual"
)

// opener returns nil: the printer in software has no USB on this system.
func opener(*virtual.Printer, virtual.Options, string) func() (line.Conn, error) { return nil }
