package schedule

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// at makes an error of a place in the document.
func (r *reader) at(offset int64, where, what, want string) error {
	line := bytes.Count(r.data[:min(int(offset), len(r.data))], []byte("\n")) + 1
	return &FileError{File: r.file, Line: line, Where: where, Problem: what, Want: want}
}

// placed finds the line of a problem in the value that begins at an offset.
func (r *reader) placed(from int64, p *problem, where string) error {
	for _, step := range p.path {
		if i, ok := step.(int); ok {
			where += fmt.Sprintf("[%d]", i)
			continue
		}
		where = strings.TrimPrefix(fmt.Sprintf("%s.%s", where, step), ".")
	}
	rest := r.data[from:]
	trimmed := bytes.TrimLeft(rest, ", \t\r\n") // what stands between the value and the one before it
	return r.at(from+int64(len(rest)-len(trimmed)+locate(trimmed, p.path)), where, p.problem, p.want)
}

// locate is where in a value the value under a path begins; where the path leads nowhere, it is where it was left.
func locate(data []byte, path []any) int {
	if len(path) == 0 {
		return 0
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return 0
	}
	for i := 0; d.More(); i++ {
		var step any = i
		if _, ok := path[0].(string); ok {
			token, err := d.Token()
			if err != nil {
				return 0
			}
			step = token
		}
		before := int(d.InputOffset())
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return before
		}
		if step == path[0] {
			start := int(d.InputOffset()) - len(value)
			return start + locate(value, path[1:])
		}
	}
	return 0
}

// broken makes the decoder's error one of ours.
func (r *reader) broken(from int64, err error, where string) error {
	var raw json.RawMessage
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal(r.data, &raw), &syntax) {
		return r.at(syntax.Offset, "", "is no JSON from here on", "write it as docs/timetable.schema.json has it")
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		value, _, _ := strings.Cut(kind.Value, " ") // a number is quoted behind its kind
		return r.at(from+kind.Offset, joined(where, kind.Field), "is a "+value, "write "+cmp.Or(kinds[kind.Type.Kind()], "another kind")+" here")
	}
	if name, ok := strings.CutPrefix(fmt.Sprint(err), "json: unknown field "); ok {
		at := bytes.Index(r.data[from:], []byte(name))
		return r.at(from+int64(max(0, at)), where, strange(strings.Trim(name, `"`)), "docs/timetable.schema.json has all names")
	}
	return r.at(from, where, "is of another kind than expected", "write it as docs/timetable.schema.json has it")
}

// kinds are what a value has to be, in the words of whoever writes JSON.
var kinds = map[reflect.Kind]string{
	reflect.String: "a text in quotes", reflect.Int: "a whole number", reflect.Bool: "true or false", reflect.Slice: "a list in [ ]", reflect.Struct: "an object in { }",
}

func joined(where, field string) string {
	if where == "" || field == "" {
		return where + field
	}
	return where + "." + field
}

// strange says that a name is none of the schema's. It is quoted where it can be nothing but a name of JSON: errors go to logs.
func strange(name string) string {
	letter := func(r rune) bool { return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') }
	if len(name) > 32 || strings.ContainsFunc(name, func(r rune) bool { return !letter(r) }) {
		return "has a name that is none of the schema's"
	}
	return "has the name " + name + ", which is none of the schema's"
}
