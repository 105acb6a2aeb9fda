package checks

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// diskFree is how many bytes this process may still write where a file or folder lies.
func diskFree(name string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(name, &s); err != nil {
		return 0, fmt.Errorf("checks: %s: %w", name, err)
	}
	return s.Bavail * uint64(s.Bsize), nil
}

// staUnsync is the kernel's flag for a clock that nothing keeps synchronised (adjtimex(2), STA_UNSYNC).
const staUnsync = 0x40

// clockSynced reports whether a time service keeps the clock.
func clockSynced() (bool, error) {
	var t unix.Timex
	if _, err := unix.Adjtimex(&t); err != nil {
		return false, fmt.Errorf("checks: %w", err)
	}
	return t.Status&staUnsync == 0, nil
}
