//go:build !linux

package diag

import "errors"

func freeBytes(string) (uint64, error) { return 0, errors.ErrUnsupported }

func clockSynced() (bool, error) { return false, errors.ErrUnsupported }
