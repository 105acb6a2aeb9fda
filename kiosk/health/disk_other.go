//go:build !linux

package health

import "errors"

// DiskFree is not known here: the error matches errors.ErrUnsupported.
func DiskFree(string) (uint64, error) { return 0, errors.ErrUnsupported }
