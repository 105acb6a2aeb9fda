package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

// Overlay is what a technician has changed on the screen. It lies in the state directory, which is the terminal's own;
// the settings file is root's. It may set the keys of [Changeable] and no others.
type Overlay struct {
	File    string   // "" where there is no state directory
	Changes []Change // in use
	Err     error    // why nothing of the file is in use; nil where all of it is, or there is none
}

// overlayName is the overlay's name, and maxOverlay its greatest size in bytes.
const (
	overlayName = "changes.toml"
	maxOverlay  = 64 << 10
)

// changed is what may stand in an overlay.
type changed struct {
	Printer struct {
		Port    *string `toml:"port"`
		Baud    *int    `toml:"baud"`
		Profile *string `toml:"profile"`
		Flow    *string `toml:"flow"`
	} `toml:"printer"`
}

// Changeable are the keys that the screen may change.
func Changeable() []string {
	return []string{"printer.port", "printer.baud", "printer.profile", "printer.flow"}
}

// StateFile returns a file in the state directory, where the journal is too.
func (c Config) StateFile(name string) (string, error) {
	journal, err := c.JournalPath()
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(journal), name), nil
}

// JournalPath is where the journal lies: where the configuration says, else in the service's state directory, else in
// the user's.
func (c Config) JournalPath() (string, error) {
	if c.Journal.Path != "" {
		return c.Journal.Path, nil
	}
	if dir := os.Getenv("STATE_DIRECTORY"); dir != "" {
		return filepath.Join(dir, "journal.db"), nil
	}
	if dir := os.Getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "infomat", "journal.db"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("config: journal.path is empty and there is no home directory: %w", err)
	}
	return filepath.Join(home, ".local", "state", "infomat", "journal.db"), nil
}

// overlaid returns the settings with what was changed on the screen. An overlay that cannot be used changes nothing:
// what the service has written must not keep the terminal from starting.
func (c Config) overlaid(file string) Config {
	c.Overlay = Overlay{File: file}
	data, err := readOverlay(file)
	if err == nil && data != nil {
		var next Config
		if next, err = c.with(file, data); err == nil {
			return next
		}
	}
	c.Overlay.Err = err
	return c
}

// readOverlay reads an overlay; nil where there is none. The file is the service's: it may be a pipe that nobody writes
// to, or have no end.
func readOverlay(file string) ([]byte, error) {
	f, err := os.OpenFile(file, os.O_RDONLY|nonBlock, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(file, err, "remove it")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(file, err, "remove it")
	}
	if !info.Mode().IsRegular() {
		return nil, &Error{File: file, Problem: "is no regular file", Want: "remove it"}
	}
	data, err := io.ReadAll(io.LimitReader(f, maxOverlay+1))
	if err != nil {
		return nil, unreadable(file, err, "remove it")
	}
	if len(data) > maxOverlay {
		return nil, &Error{File: file, Problem: fmt.Sprintf("is longer than %d bytes", maxOverlay), Want: "remove it"}
	}
	return data, nil
}

// with returns the settings with those of an overlay.
func (c Config) with(file string, data []byte) (Config, error) {
	if !utf8.Valid(data) {
		return c, &Error{File: file, Problem: "is not written in UTF-8", Want: "remove it"}
	}
	var o changed
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&o); err != nil {
		return c, Located(file, data, err, foreignKey)
	}
	changes := o.apply(&c)
	problems := c.check()
	for _, change := range changes {
		if strings.ContainsFunc(change.Value, unicode.IsControl) {
			problems = append(problems, Error{Key: change.Key, Problem: "has a control character"})
		}
	}
	if len(problems) > 0 {
		return c, placed(file, data, problems)
	}
	c.Overlay = Overlay{File: file, Changes: changes}
	return c, nil
}

// foreignKey says what is wrong with a key of an overlay that the screen may not change.
func foreignKey(string) (problem, want string) {
	return "is no key that the screen may change",
		"write it into the settings file; here may stand: " + strings.Join(Changeable(), ", ")
}

// apply writes the values into the settings, and returns them.
func (o *changed) apply(c *Config) (changes []Change) {
	for _, text := range []struct {
		key  string
		from *string
		to   *string
	}{
		{"printer.port", o.Printer.Port, &c.Printer.Port},
		{"printer.profile", o.Printer.Profile, &c.Printer.Profile},
		{"printer.flow", o.Printer.Flow, &c.Printer.Flow},
	} {
		if text.from != nil {
			*text.to = *text.from
			changes = append(changes, Change{Key: text.key, Value: *text.from})
		}
	}
	if baud := o.Printer.Baud; baud != nil {
		c.Printer.Baud = *baud
		changes = append(changes, Change{Key: "printer.baud", Value: strconv.Itoa(*baud)})
	}
	return changes
}

// ChangeOverlay returns the settings of a file with one more change made on the screen, and the overlay's text before
// and after it. An overlay that cannot be used is begun anew. It writes nothing.
func ChangeOverlay(settings string, change Change) (next Config, before, after []byte, err error) {
	c, err := Load(settings)
	if err != nil {
		return c, nil, nil, err
	}
	file := c.Overlay.File
	if file == "" {
		problem := "there is no place for changes made on the screen"
		return c, nil, nil, &Error{File: settings, Key: "journal.path", Problem: problem}
	}
	before, err = readOverlay(file)
	if err != nil && c.Overlay.Err == nil {
		return c, nil, nil, err
	}
	text := before
	if c.Overlay.Err != nil {
		text = nil
	}
	if after, err = edited(file, text, change); err != nil {
		return c, nil, nil, err
	}
	if c, err = loadFile(settings); err != nil {
		return c, nil, nil, err
	}
	next, err = c.with(file, after)
	return next, before, after, err
}
