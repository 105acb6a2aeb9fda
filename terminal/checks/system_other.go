//go:build !linux

package checks

import "errors"

func diskFree(string) (uint64, error) { return 0, errors.ErrUnsupported }

func clockSynced() (bool, error) { return false, errors.ErrUnsupported }
