package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"
)

// WriteFile replaces a file by one with this data. A new file gets the mode; a file that exists keeps its own. When
// WriteFile returns nil the data is on disk, also after a power cut. When it fails before the new file is in place, the
// old one is unchanged. A link is replaced, not followed. The file belongs to whoever writes it: root never writes for
// another user, because in that user's folder a name may lead anywhere (terminal/account).
func WriteFile(name string, data []byte, mode fs.FileMode) error {
	if err := maybe.WriteFile(name, data, mode); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	if err := syncFolder(filepath.Dir(name)); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	return nil
}

// Overwrite writes data over the beginning of a file that exists, in place, and syncs it. It needs no free space where
// the file has that length already. Only data of a constant length below a disk's sector (512 bytes) may be written
// so: a power cut leaves the old bytes or the new ones.
func Overwrite(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	_, err = f.WriteAt(data, 0)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	return nil
}
