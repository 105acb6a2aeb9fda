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

// siteAt writes settings whose state is in a folder, and returns the file.
func siteAt(t *testing.T, state string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "infomat.toml")
	replaceFile(t, file, []byte("[registry]\nurl = \"http://127.0.0.1:1\"\n"+
		"lpu_guid = \"c3c977af-c3b4-4517-9d57-50a6844ec660\"\n[printer]\nbaud = 1200\n"+
		"[journal]\npath = \""+filepath.Join(state, "journal.db")+"\"\n"))
	return file
}

// A change that nobody confirmed, on a disk that has become read-only: the terminal starts with the settings from
// before the change, and says what it could not undo.
func TestStartSettingsOnAReadOnlyDisk(t *testing.T) {
	dir, spoil := readOnly(t)
	file, overlay := siteAt(t, dir), filepath.Join(dir, "changes.toml")
	replaceFile(t, overlay, []byte("[printer]\nbaud = 19200\n"))
	replaceFile(t, beforeFile(overlay), []byte("[printer]\nbaud = 9600\n"))
	spoil()
	c, undone, problem, err := StartSettings(file)
	if err != nil || undone || problem == nil || c.Printer.Baud != 9600 || c.Overlay.File != overlay {
		t.Errorf("baud %d, undone %v, problem %v, error %v, %s", c.Printer.Baud, undone, problem, err, c.Overlay.File)
	}
}

// Neither a copy that cannot be read nor an overlay that cannot be used keeps the terminal from starting.
func TestStartSettingsWithWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	file, overlay := siteAt(t, dir), filepath.Join(dir, "changes.toml")
	replaceFile(t, overlay, []byte("[service]\npin_file = \"/etc/nologin\"\n"))
	c, _, problem, err := StartSettings(file)
	if err != nil || problem == nil || c.Printer.Baud != 1200 || c.Service.PINFile != "" {
		t.Errorf("baud %d, problem %v, error %v", c.Printer.Baud, problem, err)
	}
	if err := os.Mkdir(beforeFile(overlay), 0o700); err != nil {
		t.Fatal(err)
	}
	if c, _, problem, err := StartSettings(file); err != nil || problem == nil || c.Printer.Baud != 1200 {
		t.Errorf("baud %d, problem %v, error %v", c.Printer.Baud, problem, err)
	}
	if _, _, _, err := StartSettings(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("settings that are not there are no error")
	}
}
