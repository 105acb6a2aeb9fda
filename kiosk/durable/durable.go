package durable

import (
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"
)

// WriteFile puts data in the place of a file. When it returns nil the new file is on disk, also after a power cut; when it fails the old one stands
// as it was. Written by root, the file belongs to whom its folder belongs: the terminal's own user has to read what a technician has set.
func WriteFile(name string, data []byte, mode fs.FileMode) error {
	if err := maybe.WriteFile(name, data, mode); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	if err := handOver(name); err != nil {
		return fmt.Errorf("durable: %s: %w", name, err)
	}
	if err := syncFolder(filepath.Dir(name)); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	return nil
}
