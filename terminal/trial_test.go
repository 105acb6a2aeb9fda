package terminal

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// readOnly makes a folder that cannot be written to once spoil is called.
func readOnly(t *testing.T) (dir string, spoil func()) {
	t.Helper()
	dir = t.TempDir()
	if os.Getuid() != 0 {
		return dir, func() {
			if err := os.Chmod(dir, 0o500); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(dir, 0o700) }) // so that it can be removed
		}
	}
	tmpfs(t, dir, "size=1m")
	return dir, func() {
		if err := unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
			t.Skipf("it cannot be remounted: %v", err)
		}
	}
}

// A change that nobody confirmed, on a disk that has become read-only: the terminal starts with the settings from
// before the change, and says what it could not undo.
func TestStartSettingsOnAReadOnlyDisk(t *testing.T) {
	dir, spoil := readOnly(t)
	file := filepath.Join(dir, "infomat.toml")
	const good = "[registry]\nurl = \"http://127.0.0.1:1\"\n" +
		"lpu_guid = \"c3c977af-c3b4-4517-9d57-50a6844ec660\"\n[printer]\n"
	replaceFile(t, file, []byte(good+"baud = 19200\n"))
	replaceFile(t, beforeFile(file), []byte(good+"baud = 9600\n"))
	spoil()
	c, undone, problem, err := StartSettings(file)
	if err != nil || undone || problem == nil || c.Printer.Baud != 9600 {
		t.Errorf("baud %d, undone %v, problem %v, error %v", c.Printer.Baud, undone, problem, err)
	}
}

// A copy of the settings that cannot be read does not keep the terminal from starting.
func TestStartSettingsWithAnUnreadableCopy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "infomat.toml")
	replaceFile(t, file, []byte("[registry]\nurl = \"http://127.0.0.1:1\"\n"+
		"lpu_guid = \"c3c977af-c3b4-4517-9d57-50a6844ec660\"\n"))
	if err := os.Mkdir(beforeFile(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if c, _, problem, err := StartSettings(file); err != nil || problem == nil || c.Registry.URL == "" {
		t.Errorf("url %q, problem %v, error %v", c.Registry.URL, problem, err)
	}
	if _, _, _, err := StartSettings(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("settings that are not there are no error")
	}
}
