package escpos

import (
	"bytes"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

//go:embed profiles.toml
var embedded []byte

// Embedded returns the profiles that the program was built with.
var Embedded = sync.OnceValues(func() (Profiles, error) { return Parse("profiles.toml", embedded, nil) })

// FileError is one thing that is wrong with a file of profiles.
type FileError struct {
	File    string
	Line    int // 0: the file as a whole
	Problem string
	Want    string // what would be right
}

func (e *FileError) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	return at + ": " + e.Problem + "; " + e.Want
}

// Load returns the built-in profiles with those of a site's file added to them or put in their place; "" is
// no file. Errors are *FileError, several of them joined.
func Load(name string) (Profiles, error) {
	all, err := Embedded()
	if err != nil || name == "" {
		return all, err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, &FileError{
			File:    name,
			Problem: "cannot be read: " + err.Error(),
			Want:    "name a file of printer profiles",
		}
	}
	return Parse(name, data, all)
}

// Parse reads profiles; base are those that they add to. name is the file's, for errors.
func Parse(name string, data []byte, base Profiles) (Profiles, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, &FileError{File: name, Problem: "is not written in UTF-8", Want: "save it as UTF-8 text"}
	}
	given := map[string]*Profile{}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&given); err != nil {
		return nil, located(name, err)
	}
	all := Profiles{}
	for n, p := range base {
		all[n] = p
	}
	var wrong []error
	for n, p := range given {
		p.Name = n
		if err := p.complete(given, base, nil); err != nil {
			wrong = append(wrong, err.at(name, data, n))
			continue
		}
		if err := p.check(); err != nil {
			wrong = append(wrong, err.at(name, data, n))
			continue
		}
		all[n] = *p
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return all, nil
}

// located turns the decoder's errors into ours.
func located(name string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var all []error
		for _, e := range strict.Errors {
			line, _ := e.Position()
			all = append(
				all,
				&FileError{
					File:    name,
					Line:    line,
					Problem: "there is no key " + strings.Join(e.Key(), "."),
					Want:    "a profile has: " + strings.Join(keys(), ", "),
				},
			)
		}
		return errors.Join(all...)
	}
	e := &FileError{
		File:    name,
		Problem: err.Error(),
		Want:    "a profile is a table such as [mine] with lines such as columns = 42",
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		e.Line, _ = decode.Position()
		e.Problem = strings.TrimPrefix(decode.Error(), "toml: ")
	}
	if problem, want, ours := strings.Cut(e.Problem, "; "); ours { // the decoder keeps only the text of a valueError
		e.Problem, e.Want = problem, want
	}
	return e
}

// keys are the keys of a profile.
func keys() (names []string) {
	t := reflect.TypeFor[Profile]()
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("toml"); tag != "-" {
			names = append(names, tag)
		}
	}
	return names
}

// valueError is what is wrong with a value, before it is known where it stands.
type valueError struct{ problem, want string }

func (e *valueError) Error() string { return e.problem + "; " + e.want }

func wrong(want, problem string, args ...any) *valueError {
	return &valueError{fmt.Sprintf(problem, args...), want}
}

// at places the error at the head of its profile's table.
func (e *valueError) at(file string, data []byte, profile string) error {
	line := 0
	for i, l := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), "["+profile+"]") {
			line = i + 1
		}
	}
	return &FileError{File: file, Line: line, Problem: profile + ": " + e.problem, Want: e.want}
}

// complete fills what a profile leaves out with what it is like: the one that it names, else the built-in
// one of its own name.
func (p *Profile) complete(given map[string]*Profile, base Profiles, way []string) *valueError {
	if p.Page.Map != nil {
		return nil // another one was like it
	}
	if slices.Contains(way, p.Name) {
		return wrong("let one of them stand on its own", "it is like itself, by way of %s", strings.Join(way, ", "))
	}
	var from Profile
	switch other, ok := given[p.Like]; {
	case p.Like != "" && ok && p.Like != p.Name:
		other.Name = p.Like
		if err := other.complete(given, base, append(way, p.Name)); err != nil {
			return err
		}
		from = *other
	case p.Like != "":
		from, ok = base[p.Like]
		if !ok {
			return wrong("write one of: "+strings.Join(base.Names(), ", "), "like = %q: there is no such profile", p.Like)
		}
	default:
		from = base[p.Name]
	}
	mine, theirs := reflect.ValueOf(p).Elem(), reflect.ValueOf(from)
	for i := range mine.NumField() {
		if mine.Field(i).IsZero() {
			mine.Field(i).Set(theirs.Field(i))
		}
	}
	return nil
}

// Hex is bytes, written as "1D 56 42 00"; "none" is no bytes.
type Hex []byte

// UnmarshalText reads bytes.
func (h *Hex) UnmarshalText(text []byte) error {
	*h = Hex{}
	if string(text) == "none" {
		return nil
	}
	b, err := hex.DecodeString(strings.ReplaceAll(string(text), " ", ""))
	if err != nil {
		return wrong("write them in hexadecimal digits, such as 1D 56 42 00", "%q is not bytes", text)
	}
	*h = b
	return nil
}

// UnmarshalText reads a length of time.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return wrong("write a number with its unit, such as 60s", "%q is not a length of time", text)
	}
	d.Duration = v
	return nil
}
