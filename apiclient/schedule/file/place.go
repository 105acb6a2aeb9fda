package file

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

// errorAt returns an error at an offset of the document.
func (r *reader) errorAt(offset int64, where, what, want string) error {
	line := bytes.Count(r.data[:min(int(offset), len(r.data))], []byte("\n")) + 1
	return &Error{File: r.file, Line: line, Where: where, Problem: what, Want: want}
}

// errorAtPath returns an error for a problem in the value that begins at an offset.
func (r *reader) errorAtPath(from int64, p *problem, where string) error {
	for _, step := range p.path {
		if i, ok := step.(int); ok {
			where += fmt.Sprintf("[%d]", i)
			continue
		}
		where = strings.TrimPrefix(fmt.Sprintf("%s.%s", where, step), ".")
	}
	rest := r.data[from:]
	trimmed := bytes.TrimLeft(rest, ", \t\r\n") // what separates the value from the one before
	return r.errorAt(from+int64(len(rest)-len(trimmed)+locate(trimmed, p.path)), where, p.problem, p.want)
}

// locate returns the offset of the value under a path. If the path does not exist, it returns the offset
// where it ends.
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

// decodeError converts an error of the decoder.
func (r *reader) decodeError(from int64, err error, where string) error {
	var raw json.RawMessage
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal(r.data, &raw), &syntax) {
		return r.errorAt(syntax.Offset, "", "is invalid JSON here", "see docs/timetable.schema.json")
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		value, _, _ := strings.Cut(kind.Value, " ") // a number is quoted after its type
		want := "write " + cmp.Or(kinds[kind.Type.Kind()], "another type") + " here"
		return r.errorAt(from+kind.Offset, joinPath(where, kind.Field), "is a "+value, want)
	}
	if name, ok := strings.CutPrefix(fmt.Sprint(err), "json: unknown field "); ok {
		at := bytes.Index(r.data[from:], []byte(name))
		what := unknownName(strings.Trim(name, `"`))
		return r.errorAt(from+int64(max(0, at)), where, what, "docs/timetable.schema.json has all names")
	}
	return r.errorAt(from, where, "has an unexpected type", "see docs/timetable.schema.json")
}

// kinds are the names of the types in the words of JSON.
var kinds = map[reflect.Kind]string{
	reflect.String: "a text in quotes", reflect.Int: "a whole number", reflect.Bool: "true or false",
	reflect.Slice: "a list in [ ]", reflect.Struct: "an object in { }",
}

func joinPath(where, field string) string {
	if where == "" || field == "" {
		return where + field
	}
	return where + "." + field
}

// unknownName returns the problem of a name that the schema does not have. The name is quoted only if it
// cannot be anything but a name: errors are logged.
func unknownName(name string) string {
	letter := func(r rune) bool { return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') }
	if len(name) > 32 || strings.ContainsFunc(name, func(r rune) bool { return !letter(r) }) {
		return "has a name that the schema does not have"
	}
	return "has the name " + name + ", which the schema does not have"
}
