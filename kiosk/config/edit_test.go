package config_test

import (
	"strings"
	"testing"

	"infomat/kiosk/config"
)

func TestEdit(t *testing.T) {
	file := "# a terminal\n" + good + "\n[printer] # the old one\nbaud = 9600    # as its switches " +
		"say\nport=\"/dev/tty#1\"\n"
	for _, c := range []struct{ key, value, want string }{
		{"printer.baud", "19200", "baud = 19200  # as its switches say\n"},
		{"printer.port", "/dev/ttyUSB1", "port= \"/dev/ttyUSB1\"\n"},
		{"printer.flow", "rtscts", "[printer] # the old one\nflow = \"rtscts\"\nbaud"},
		{"screen.low", "true", "\n[screen]\nlow = true\n"},
		{"screen.languages", "ru", "\n[screen]\nlanguages = [\"ru\"]\n"},
		{
			"registry.auth.client_application", "c3c977af-c3b4-4517-9d57-50a6844ec660",
			"\n[registry.auth]\nclient_application = \"c3c977af",
		},
	} {
		edited, err := config.Edit("f.toml", []byte(file), config.Change{Key: c.key, Value: c.value})
		if err != nil {
			t.Errorf("%s: %v", c.key, err)
			continue
		}
		if !strings.Contains(string(edited), c.want) || !strings.HasPrefix(string(edited), "# a terminal\n") {
			t.Errorf("%s: %q is missing in\n%s", c.key, c.want, edited)
		}
		if got := config.Values(edited)[c.key]; strings.Trim(got, `[]"`) != c.value {
			t.Errorf("%s reads %q", c.key, got)
		}
		if strings.Count(string(edited), "\n") < strings.Count(file, "\n") {
			t.Errorf("%s: lines are lost", c.key)
		}
	}
}

// What would break the file is not written.
func TestEditRefuses(t *testing.T) {
	for key, value := range map[string]string{
		"printer.baud": "fast", "printer.bauds": "9600", "registry.url": "registry", "registry.lpu_guid": "", "screen": "x",
		"printer.flow": "\"\nport = \"x", "screen.idle": "1s",
	} {
		if edited, err := config.Edit("f.toml", []byte(good), config.Change{Key: key, Value: value}); err == nil {
			t.Errorf("%s = %s was taken:\n%s", key, value, edited)
		}
	}
}

func TestKeysAreInTheTemplate(t *testing.T) {
	all := config.Keys()
	if len(all) < 35 || all[0] != "clinic.name" {
		t.Errorf("%v", all)
	}
	values := config.Values(nil)
	for _, key := range all {
		if _, ok := values[key]; !ok {
			t.Errorf("%s has no value", key)
		}
	}
}

func FuzzEdit(f *testing.F) {
	f.Add(good, "printer.baud", "19200")
	f.Add(config.Template(), "registry.url", "http://r")
	f.Add(good+"[printer]\nport = 'a#b' # c", "printer.port", "x\"\n[screen]")
	f.Fuzz(func(t *testing.T, file, key, value string) {
		edited, err := config.Edit("f.toml", []byte(file), config.Change{Key: key, Value: value})
		if err != nil {
			return
		}
		if _, err := config.Parse("f.toml", edited); err != nil {
			t.Errorf("an edited file that cannot be read: %v", err)
		}
	})
}
