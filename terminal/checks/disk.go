package checks

import (
	"errors"
	"os"
	"path/filepath"

	"infomat/kiosk/health"
)

const megabyte = 1 << 20

// Disk checks the folder of the journal: it has to be there, to take a file, and to have room. Before the first start
// of a terminal, when its folder is not there yet, pass what Existing returns.
func Disk(folder string) health.Finding {
	free, err := diskFree(folder)
	if errors.Is(err, errors.ErrUnsupported) {
		return health.New(health.PartDisk, "unknown").Because(err)
	}
	if err != nil {
		return health.New(health.PartDisk, "missing").With(map[string]any{"Folder": folder}).Because(err)
	}
	return diskOf(folder, free, writable(folder))
}

// diskOf judges the room of a folder, and the error with which it refuses a file.
func diskOf(folder string, free uint64, refused error) health.Finding {
	kind := health.KindOK
	switch {
	case free < health.DiskFailure:
		kind = "full"
	case refused != nil:
		kind = "read_only"
	case free < health.DiskWarning:
		kind = "low"
	}
	data := map[string]any{"Folder": folder, "FreeMB": free / megabyte}
	return health.New(health.PartDisk, kind).With(data).Because(refused)
}

// writable returns the error with which a folder refuses a file.
func writable(folder string) error {
	probe, err := os.CreateTemp(folder, ".infomat-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Existing is the folder, or the nearest one above it that exists.
func Existing(folder string) string {
	for {
		_, err := os.Stat(folder)
		up := filepath.Dir(folder)
		if err == nil || up == folder {
			return folder
		}
		folder = up
	}
}
