package journal

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
)

// A seal stands beside a journal that was closed in order, and holds the size and the CRC-32C of its file. It is broken before the file is changed.
// A file without its seal is not shown to bbolt.
func sealFile(name string) string { return name + ".seal" }

func sealOf(data []byte) string {
	return fmt.Sprintf("%d %08x\n", len(data), crc32.Checksum(data, castagnoli))
}

// sealed tells whether a file's bytes are those with which it was closed.
func sealed(name string, data []byte) bool {
	seal, err := os.ReadFile(sealFile(name))
	return err == nil && string(seal) == sealOf(data)
}

// seal closes the book. A journal that cannot be sealed is built anew when it is next opened, and nothing is lost.
func seal(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return writeDurably(sealFile(name), []byte(sealOf(data)))
}

// breakSeal takes the seal away for good.
func breakSeal(name string) error {
	if err := ignoreMissing(os.Remove(sealFile(name))); err != nil {
		return err
	}
	return syncDir(name)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// writeDurably writes a small file so that it is there whole or not at all, also after a power cut.
func writeDurably(name string, data []byte) error {
	f, err := os.Create(name + ".new")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	return syncDir(name)
}

// syncDir puts the names in a file's folder on disk.
func syncDir(name string) error {
	d, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(ignoreUnsupported(d.Sync()), d.Close())
}

// ignoreUnsupported passes over systems on which a folder cannot be synced, such as Windows.
func ignoreUnsupported(err error) error {
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrInvalid) {
		return nil
	}
	return err
}
