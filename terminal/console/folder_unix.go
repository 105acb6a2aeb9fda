//go:build unix

package console

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// rootsAlone returns an error for a folder in which somebody besides root can create, rename or remove files.
func rootsAlone(folder string) (err error) {
	d, err := os.OpenFile(folder, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	info, err := d.Stat()
	if err != nil {
		return err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok || s.Uid != 0 || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("others than root can write to %s: the settings of root do not belong there; "+
			"run chown root:root and chmod 755 on it, or setup as the terminal's user", folder)
	}
	return nil
}
