//go:build unix

package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"infomat/kiosk/config"
)

// overlay writes settings with a state directory and an overlay there, and returns both files.
func overlay(t *testing.T, text string) (settings, file string) {
	t.Helper()
	dir := t.TempDir()
	settings, file = filepath.Join(dir, "infomat.toml"), filepath.Join(dir, "state", "changes.toml")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	base := good + "[printer]\nbaud = 19200\n[journal]\npath = \"state/journal.db\"\n"
	if err := os.WriteFile(settings, []byte(base), 0o600); err != nil {
		t.Fatal(err)
	}
	if text != "" {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return settings, file
}

func TestOverlay(t *testing.T) {
	settings, file := overlay(t, "[printer]\nport = \"/dev/x\"\n")
	c, err := config.Load(settings)
	if err != nil || c.Overlay.Err != nil || c.Overlay.File != file {
		t.Fatalf("%v, %+v", err, c.Overlay)
	}
	if c.Printer.Port != "/dev/x" || c.Printer.Baud != 19200 {
		t.Errorf("%+v", c.Printer)
	}
	if len(c.Overlay.Changes) != 1 || c.Overlay.Changes[0] != (config.Change{Key: "printer.port", Value: "/dev/x"}) {
		t.Errorf("%+v", c.Overlay.Changes)
	}
	settings, _ = overlay(t, "")
	if c, err := config.Load(settings); err != nil || c.Overlay.Err != nil || len(c.Overlay.Changes) != 0 {
		t.Errorf("without one: %v, %+v", err, c.Overlay)
	}
}

// Whatever the service writes into the overlay, the settings of root stay in use, and the error says file, line and
// key.
func TestOverlayThatCannotBeUsed(t *testing.T) {
	const port = "[printer]\nport = \"/dev/x\"\n"
	for name, c := range map[string]struct{ text, says string }{
		"a key of root's":      {port + "[log]\nfile = \"/etc/shadow\"\n", ":3: log: is no key that the screen may change"},
		"its PIN":              {"service.pin_file = \"/etc/nologin\"\n", ":1: service.pin_file: is no key that the screen may change"},
		"another of the table": {port + "profiles_file = \"/x\"\n", ":3: printer.profiles_file: is no key"},
		"no such key":          {port + "colour = 1\n", ":3: printer.colour: is no key"},
		"out of range":         {"[printer]\nbaud = 7\n", ":2: printer.baud: 7 is no speed"},
		"another type":         {"[printer]\nbaud = \"fast\"\n", ":2: printer.baud: "},
		"a control character":  {"[printer]\nport = \"/dev/\\u001b[2J\"\n", ":2: printer.port: has a control character"},
		"no TOML":              {"root:x:0:0\n", ":1: "},
		"no UTF-8":             {"\xff\n", "is not written in UTF-8"},
		"without an end":       {strings.Repeat("#", 70<<10), "is longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			settings, file := overlay(t, c.text)
			got, err := config.Load(settings)
			if err != nil {
				t.Fatal(err)
			}
			if got.Overlay.Err == nil || !strings.HasPrefix(got.Overlay.Err.Error(), file+":") ||
				!strings.Contains(got.Overlay.Err.Error(), c.says) || strings.ContainsRune(got.Overlay.Err.Error(), '\x1b') {
				t.Errorf("%v\nwant %s", got.Overlay.Err, c.says)
			}
			if got.Printer.Port != "/dev/ttyUSB0" || got.Printer.Baud != 19200 || len(got.Overlay.Changes) != 0 ||
				got.Log.File != "" || got.Service.PINFile != "" {
				t.Errorf("not root's settings: %+v", got)
			}
		})
	}
}

// A pipe, a folder or a device in the overlay's place does not hang whoever reads the settings.
func TestOverlayThatIsNoFile(t *testing.T) {
	for name, put := range map[string]func(file string) error{
		"a pipe":   func(file string) error { return syscall.Mkfifo(file, 0o600) },
		"a folder": func(file string) error { return os.Mkdir(file, 0o700) },
		"a device": func(file string) error { return os.Symlink("/dev/zero", file) },
	} {
		t.Run(name, func(t *testing.T) {
			settings, file := overlay(t, "")
			if err := put(file); err != nil {
				t.Fatal(err)
			}
			ended := make(chan config.Config, 1)
			go func() {
				c, _ := config.Load(settings)
				ended <- c
			}()
			select {
			case c := <-ended:
				if c.Overlay.Err == nil || c.Printer.Baud != 19200 {
					t.Errorf("%+v", c.Overlay)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("it hangs")
			}
		})
	}
}

func TestChangeOverlay(t *testing.T) {
	settings, file := overlay(t, "")
	next, before, after, err := config.ChangeOverlay(settings, config.Change{Key: "printer.baud", Value: "9600"})
	if err != nil || len(before) != 0 || next.Printer.Baud != 9600 || len(next.Overlay.Changes) != 1 {
		t.Fatalf("%v, %q, %+v", err, before, next)
	}
	if err := os.WriteFile(file, after, 0o600); err != nil {
		t.Fatal(err)
	}
	next, before, after, err = config.ChangeOverlay(settings, config.Change{Key: "printer.flow", Value: "rtscts"})
	if err != nil || string(before) == "" || next.Printer.Baud != 9600 || next.Printer.Flow != "rtscts" {
		t.Errorf("%v, %q, %q, %+v", err, before, after, next.Printer)
	}
	for _, c := range []config.Change{
		{Key: "log.file", Value: "/etc/shadow"},
		{Key: "printer.profiles_file", Value: "x"},
		{Key: "printer.baud", Value: "7"},
		{Key: "printer.colour", Value: "red"},
	} {
		if _, _, _, err := config.ChangeOverlay(settings, c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	// One that cannot be used is begun anew, and given back as it was.
	broken := []byte("[log]\nfile = \"x\"\n")
	if err := os.WriteFile(file, broken, 0o600); err != nil {
		t.Fatal(err)
	}
	next, before, after, err = config.ChangeOverlay(settings, config.Change{Key: "printer.baud", Value: "9600"})
	if err != nil || string(before) != string(broken) || strings.Contains(string(after), "log") || next.Overlay.Err != nil {
		t.Errorf("%v, %q, %q, %v", err, before, after, next.Overlay.Err)
	}
}

func TestEveryChangeableKeyCanBeChanged(t *testing.T) {
	values := map[string]string{
		"printer.port": "/dev/x", "printer.baud": "9600", "printer.profile": "custom", "printer.flow": "xonxoff",
	}
	for _, key := range config.Changeable() {
		settings, _ := overlay(t, "")
		next, _, _, err := config.ChangeOverlay(settings, config.Change{Key: key, Value: values[key]})
		if err != nil || len(next.Overlay.Changes) != 1 || next.Overlay.Changes[0].Value != values[key] {
			t.Errorf("%s: %v, %+v", key, err, next.Overlay)
		}
	}
}

func TestJournalPath(t *testing.T) {
	t.Setenv("STATE_DIRECTORY", "/var/lib/infomat")
	for set, want := range map[string]string{"": "/var/lib/infomat/journal.db", "/j": "/j"} {
		c := config.Config{Journal: config.Journal{Path: set}}
		if got, err := c.JournalPath(); err != nil || got != want {
			t.Errorf("%q: %q, %v", set, got, err)
		}
	}
}
