//go:build unix

package durable

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// handOver changes the owner and group of a file that root wrote to those of its folder. It does nothing for others.
func handOver(name string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	folder, err := os.Stat(filepath.Dir(name))
	if err != nil {
		return err
	}
	s, ok := folder.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return os.Chown(name, int(s.Uid), int(s.Gid))
}

// syncFolder syncs a folder, so that a rename in it survives a power cut.
func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
