package health

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// DiskFree is how many bytes this process may still write where a file or folder lies.
func DiskFree(name string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(name, &s); err != nil {
		return 0, fmt.Errorf("health: %s: %w", name, err)
	}
	return s.Bavail * uint64(s.Bsize), nil
}
