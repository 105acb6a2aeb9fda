//go:build unix

package commands

import (
	"fmt"
	"os"
	"syscall"
)

// noFollow opens a file only if its name is no link, and waits for no reader of a pipe.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// own returns an error for a file that is not the caller's own, or that has another name somewhere.
func own(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.Mode().IsRegular() || s.Nlink != 1 || int(s.Uid) != os.Geteuid() {
		return fmt.Errorf("%s is there, and not a file of your own: name another one", f.Name())
	}
	return nil
}
