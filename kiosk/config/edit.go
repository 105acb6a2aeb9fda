package config

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Change is a key with the value that it is to have, as a person would write it.
type Change struct{ Key, Value string }

// Edit returns a file's text with keys set to values, and leaves everything else as it stands: comments, order, spaces.
// A value is put down in the way of the key's default. The result is checked like any file: name is for its errors.
func Edit(name string, data []byte, changes ...Change) ([]byte, error) {
	data, err := edited(name, data, changes...)
	if err != nil {
		return nil, err
	}
	if _, err := Parse(name, data); err != nil {
		return nil, err
	}
	return data, nil
}

// edited is Edit without the check.
func edited(name string, data []byte, changes ...Change) ([]byte, error) {
	for _, c := range changes {
		like, ok := keys()[c.Key]
		if !ok || like == "" {
			return nil, &Error{File: name, Key: c.Key, Problem: "there is no such key", Want: suggest(c.Key)}
		}
		literal := written(like, c.Value)
		edited := replaced(data, c.Key, literal)
		if edited == nil {
			edited = added(data, c.Key, literal)
		}
		data = edited
	}
	return data, nil
}

// written is a value in the way of a default: in quotes, or not.
func written(like, value string) string {
	switch {
	case strings.HasPrefix(like, `"`):
		return strconv.Quote(value)
	case strings.HasPrefix(like, "["):
		var all []string
		for v := range strings.SplitSeq(value, ",") {
			all = append(all, strconv.Quote(strings.TrimSpace(v)))
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	return value
}

// replaced sets a key that stands in the file, and keeps the comment behind it; nil where it does not stand there.
func replaced(data []byte, key, literal string) []byte {
	n := lineOf(data, key)
	if n == 0 {
		return nil
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	head, tail, _ := bytes.Cut(lines[n-1], []byte("="))
	comment, end := "", ""
	if i := commentAt(tail); i >= 0 {
		comment = "  " + strings.TrimSpace(string(tail[i:]))
	}
	if bytes.HasSuffix(tail, []byte("\n")) {
		end = "\n"
	}
	lines[n-1] = fmt.Appendf(nil, "%s= %s%s%s", head, literal, comment, end)
	return bytes.Join(lines, nil)
}

// commentAt is where a comment begins behind a value; -1: there is none.
func commentAt(value []byte) int {
	quote := byte(0)
	for i, c := range value {
		switch {
		case quote != 0:
			if c == quote && value[i-1] != '\\' {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#':
			return i
		}
	}
	return -1
}

// added puts a key that does not stand in the file behind its table's head, and the table at the end where it is
// missing too.
func added(data []byte, key, literal string) []byte {
	dot := strings.LastIndex(key, ".")
	line := key[dot+1:] + " = " + literal + "\n"
	lines := bytes.SplitAfter(data, []byte("\n"))
	for i, l := range lines {
		head, _, _ := bytes.Cut(bytes.TrimSpace(l), []byte("#"))
		if strings.TrimSpace(string(head)) == "["+key[:dot]+"]" {
			rest := append([][]byte{[]byte(line)}, lines[i+1:]...)
			if !bytes.HasSuffix(l, []byte("\n")) {
				lines[i] = append(bytes.Clone(l), '\n')
			}
			return bytes.Join(append(lines[:i+1:i+1], rest...), nil)
		}
	}
	text := string(data)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return []byte(text + "\n[" + key[:dot] + "]\n" + line)
}

// Keys are all keys in the order of the template.
func Keys() (all []string) {
	section := ""
	for line := range strings.Lines(template) {
		line = strings.TrimSpace(line)
		if s, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSuffix(s, "]")
		} else if key, _, ok := strings.Cut(line, " = "); ok && !strings.HasPrefix(line, "#") {
			all = append(all, section+"."+key)
		}
	}
	return all
}

// Values are the values of a file's keys as it has them, with the defaults for those that do not stand there. Quotes
// are left out.
func Values(data []byte) map[string]string {
	values := map[string]string{}
	for key, like := range keys() {
		if like != "" {
			values[key] = strings.Trim(like, `"`)
		}
	}
	for n, l := range bytes.Split(data, []byte("\n")) {
		key := keyAt(data, n+1)
		_, value, ok := bytes.Cut(l, []byte("="))
		if _, known := values[key]; !ok || !known {
			continue
		}
		if i := commentAt(value); i >= 0 {
			value = value[:i]
		}
		values[key] = strings.Trim(strings.TrimSpace(string(value)), `"'`)
	}
	return values
}
