package diag

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// freeBytes is the room that a folder's disk has for us.
func freeBytes(folder string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, fmt.Errorf("diag: %s: %w", folder, err)
	}
	return s.Bavail * uint64(s.Bsize), nil
}

// staUnsync is the kernel's "nobody has set this clock" (adjtimex(2), STA_UNSYNC).
const staUnsync = 0x40

// clockSynced tells whether a time service keeps the clock.
func clockSynced() (bool, error) {
	var t unix.Timex
	if _, err := unix.Adjtimex(&t); err != nil {
		return false, fmt.Errorf("diag: %w", err)
	}
	return t.Status&staUnsync == 0, nil
}
