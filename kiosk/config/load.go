package config

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

//go:embed template.toml
var template string

// Template is a commented configuration with every default.
func Template() string { return template }

// Error is one thing that is wrong with a configuration.
type Error struct {
	File    string
	Line    int    // 0: the file as a whole
	Key     string // such as registry.url; "" where there is none
	Problem string
	Want    string // what would be right; may be ""
}

// Error says file, line, key, what is wrong, and what would be right.
func (e *Error) Error() string {
	s := e.File
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
	}
	if e.Key != "" {
		s += ": " + e.Key
	}
	s += ": " + e.Problem
	if e.Want != "" {
		s += "; " + e.Want
	}
	return s
}

// valueError is a value that cannot be used, before it is known where it stands.
type valueError struct{ problem, want string }

func (e valueError) Error() string { return e.problem + "; " + e.want }

func wrong(problem, want string, args ...any) error {
	return valueError{fmt.Sprintf(problem, args...), want}
}

// Default is the configuration with every default; registry.url and registry.lpu_guid are blank.
func Default() (Config, error) {
	var c Config
	if err := toml.Unmarshal([]byte(template), &c); err != nil {
		return c, fmt.Errorf("config: template.toml: %w", err)
	}
	return c, nil
}

// Load reads a file, and what was changed on the screen: Config.Overlay says what that is, or why it is not in use. Its
// errors are those of the file: *Error, several of them joined.
func Load(name string) (Config, error) {
	c, err := loadFile(name)
	if err != nil {
		return c, err
	}
	overlay, err := c.StateFile(overlayName)
	if err != nil {
		return c, nil // no state directory, and nothing changed
	}
	return c.overlaid(overlay), nil
}

// LoadWith is Load with the overlay in another file.
func LoadWith(name, overlay string) (Config, error) {
	c, err := loadFile(name)
	if err != nil {
		return c, err
	}
	return c.overlaid(overlay), nil
}

// loadFile reads a file alone.
func loadFile(name string) (Config, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return Config{}, unreadable(name, err, "write one with: infomat config init > "+name)
	}
	return Parse(name, data)
}

// unreadable returns the error of a file that cannot be read, with what would help.
func unreadable(name string, err error, want string) error {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if errors.Is(err, fs.ErrPermission) {
		want = "let the terminal's user read it: commands of root become that user first"
	}
	return &Error{File: name, Problem: "cannot be read: " + err.Error(), Want: want}
}

// Parse reads a configuration; name is the file's, for errors and for the files that it names itself.
func Parse(name string, data []byte) (Config, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return Config{}, &Error{File: name, Problem: "is not written in UTF-8", Want: "save it as UTF-8 text"}
	}
	c, err := Default()
	if err != nil {
		return c, err
	}
	decoder := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return Config{}, located(name, data, err)
	}
	c.resolve(filepath.Dir(name))
	if problems := c.check(); len(problems) > 0 {
		return Config{}, placed(name, data, problems)
	}
	return c, nil
}

// located turns the decoder's errors into ours.
func located(name string, data []byte, err error) error {
	unknown := func(key string) (problem, want string) { return "there is no such key", suggest(key) }
	return Located(name, data, err, unknown)
}

// Located turns the errors of a TOML decoder into ours, for a file with keys of its own: unknown says what is wrong
// with another one.
func Located(name string, data []byte, err error, unknown func(key string) (problem, want string)) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var all []error
		for _, e := range strict.Errors {
			line, _ := e.Position()
			key := strings.Join(e.Key(), ".")
			problem, want := unknown(key)
			all = append(all, &Error{File: name, Line: line, Key: key, Problem: problem, Want: want})
		}
		return errors.Join(all...)
	}
	e := &Error{File: name, Problem: err.Error()}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		e.Line, _ = decode.Position()
		e.Key = strings.Join(decode.Key(), ".")
		e.Problem = strings.TrimPrefix(decode.Error(), "toml: ")
		if e.Key == "" {
			e.Key = keyAt(data, e.Line)
		}
		e.Want = typeOf(e.Key)
	}
	var value valueError
	if errors.As(err, &value) {
		e.Problem, e.Want = value.problem, value.want
	}
	return e
}

// keys are all keys, each with its line of the template.
func keys() map[string]string {
	all := map[string]string{}
	section := ""
	for line := range strings.Lines(template) {
		line = strings.TrimSpace(line)
		if s, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSuffix(s, "]")
			all[section] = ""
			continue
		}
		if key, value, ok := strings.Cut(line, " = "); ok && !strings.HasPrefix(line, "#") {
			value, _, _ = strings.Cut(value, " #")
			all[section+"."+key] = strings.TrimSpace(value)
		}
	}
	return all
}

// typeOf says how the value of a key is written, by its default.
func typeOf(key string) string {
	value, ok := keys()[key]
	if !ok || value == "" {
		return ""
	}
	return "write it like its default: " + key[strings.LastIndex(key, ".")+1:] + " = " + value
}

// suggest names the key that was probably meant.
func suggest(key string) string {
	best, least := "", 4
	for known := range keys() {
		if d := distance(key, known); d < least || d == least && known < best {
			best, least = known, d
		}
	}
	if best == "" {
		return "infomat config init lists all keys"
	}
	return "did you mean " + best + "?"
}

// distance is how many letters differ (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := last
			if a[i] != b[j] {
				change++
			}
			last = row[j+1]
			row[j+1] = min(change, row[j]+1, last+1)
		}
	}
	return row[len(b)]
}

// placed adds the lines to problems of values.
func placed(name string, data []byte, problems []Error) error {
	var all []error
	for _, p := range problems {
		p.File, p.Line = name, lineOf(data, p.Key)
		all = append(all, &p)
	}
	return errors.Join(all...)
}

// lineOf finds the line of a key; 0 where the key does not stand in the file.
func lineOf(data []byte, key string) int {
	for n := range bytes.Count(data, []byte("\n")) + 1 {
		if keyAt(data, n+1) == key {
			return n + 1
		}
	}
	return 0
}

// keyAt is the key on a line, with its section; "" where there is none.
func keyAt(data []byte, line int) string {
	lines := strings.Split(string(data), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	key, _, ok := strings.Cut(lines[line-1], "=")
	if !ok || strings.HasPrefix(strings.TrimSpace(key), "#") {
		return ""
	}
	key = strings.TrimSpace(key)
	for _, l := range slices.Backward(lines[:line-1]) {
		if s, ok := strings.CutPrefix(strings.TrimSpace(l), "["); ok {
			section, _, _ := strings.Cut(s, "]")
			return strings.TrimSpace(section) + "." + key
		}
	}
	return key
}
