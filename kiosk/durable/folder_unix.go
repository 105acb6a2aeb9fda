//go:build unix

package durable

import (
	"errors"
	"os"
)

// syncFolder syncs a folder, so that a rename in it survives a power cut.
func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
