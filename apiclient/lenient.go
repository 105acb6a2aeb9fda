package apiclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Why a property could not be read.
var (
	ErrFieldType = errors.New("its type or value is not the documented one")
	ErrFieldText = errors.New("it holds bytes that are no characters")
	ErrFieldList = fmt.Errorf("the list has more than %d values", maxList)
)

// maxList bounds a list of an answer. Further values are left out.
const maxList = 1000

// FieldError is a property that could not be read. Its text has no value of the answer.
type FieldError struct {
	Field string // the name in the model, with those of the objects around it: lpu.hostID, history.date
	Err   error  // ErrFieldType, ErrFieldText or ErrFieldList
}

func (e *FieldError) Error() string { return because(e.Field+" cannot be read", e.Err) }

// Unwrap returns the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// DecodeLenient reads a JSON object into a struct of this package's models, each property by itself: into is
// a pointer to the struct. A property that cannot be read leaves its field at the zero value and is returned
// once, whatever its number of occurrences. Null and a missing property leave the zero value too, and are
// no problem, except null for a boolean: it tells neither true nor false.
//
// Names match in any case, because the registry's pages and examples disagree about it. Of several
// properties that match, one with a value beats a blank one, then the exact name beats the others, then the
// last beats those before it. A number is read for a string, and a string for a number, a boolean or a GUID.
//
// DecodeLenient returns an error if data is not a JSON object.
func DecodeLenient(data []byte, into any) ([]*FieldError, error) {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("apiclient: DecodeLenient into %T: want a pointer to a struct", into)
	}
	data = bytes.TrimSpace(data)
	if !json.Valid(data) || data[0] != '{' {
		return nil, Unreadable(json.Unmarshal(data, new(map[string]json.RawMessage)))
	}
	var r fieldReader
	r.object(data, target.Elem())
	return r.problems, nil
}

// fieldReader reads the fields of a struct and collects what cannot be read.
type fieldReader struct {
	path     []string // names of the property that is being read, and of those around it
	problems []*FieldError
}

// refuse notes a problem of the property, once for each name. It returns false, as fill does for a value that is
// not read.
func (r *fieldReader) refuse(err error) bool {
	name := strings.Join(r.path, ".")
	known := func(p *FieldError) bool { return p.Field == name && p.Err == err }
	if !slices.ContainsFunc(r.problems, known) {
		r.problems = append(r.problems, &FieldError{name, err})
	}
	return false
}

// object fills the fields of a struct from an object, and reports whether value is one.
func (r *fieldReader) object(value json.RawMessage, into reflect.Value) bool {
	if value[0] != '{' {
		return false
	}
	m := modelOf(into.Type())
	chosen := make([]member, len(m.fields))
	for name, value := range members(value) {
		i, exact, ok := m.field(name)
		if !ok {
			continue
		}
		found := member{value, rankOf(value, exact)}
		if chosen[i].value == nil || found.rank >= chosen[i].rank {
			chosen[i] = found
		}
	}
	for i, f := range m.fields {
		if value := chosen[i].value; value != nil {
			r.path = append(r.path, f.name)
			r.fill(value, into.FieldByIndex(f.index))
			r.path = r.path[:len(r.path)-1]
		}
	}
	return true
}

// fill reads one value and reports whether it could be read. One that cannot leaves the field as it is.
func (r *fieldReader) fill(value json.RawMessage, field reflect.Value) bool {
	if string(value) == "null" {
		return field.Kind() != reflect.Bool || r.refuse(ErrFieldType)
	}
	switch target := field.Addr().Interface().(type) {
	case *json.RawMessage:
		*target = bytes.Clone(value)
		return true
	case *Time:
		return r.time(value, target)
	case *uuid.UUID:
		return r.guid(value, target)
	}
	switch field.Kind() {
	case reflect.Struct:
		return r.object(value, field) || r.refuse(ErrFieldType)
	case reflect.Slice:
		return r.list(value, field)
	case reflect.Pointer:
		fresh := reflect.New(field.Type().Elem())
		if !r.fill(value, fresh.Elem()) {
			return false
		}
		field.Set(fresh)
		return true
	}
	return r.scalar(value, field)
}

// list reads the first values of a list. One that cannot be read leaves a zero value in its place.
func (r *fieldReader) list(value json.RawMessage, field reflect.Value) bool {
	if value[0] != '[' {
		return r.refuse(ErrFieldType)
	}
	list := reflect.MakeSlice(field.Type(), 0, 0)
	for element := range elements(value) {
		if list.Len() == maxList {
			r.refuse(ErrFieldList)
			break
		}
		fresh := reflect.New(field.Type().Elem()).Elem()
		r.fill(element, fresh)
		list = reflect.Append(list, fresh)
	}
	field.Set(list)
	return true
}

func (r *fieldReader) time(value json.RawMessage, into *Time) bool {
	text, ok := stringOf(value)
	if !ok {
		return r.refuse(ErrFieldType)
	}
	parsed, err := ParseTime(text)
	if err != nil {
		return r.refuse(ErrFieldType)
	}
	*into = parsed
	return true
}

func (r *fieldReader) guid(value json.RawMessage, into *uuid.UUID) bool {
	text, ok := stringOf(value)
	if !ok {
		return r.refuse(ErrFieldType)
	}
	parsed, err := parseGUID(text)
	if err != nil {
		return r.refuse(ErrFieldType)
	}
	*into = parsed
	return true
}

// scalar reads a string, a number or a boolean.
func (r *fieldReader) scalar(value json.RawMessage, field reflect.Value) bool {
	text, isString := stringOf(value)
	if !isString {
		text = string(value)
	}
	ok := true
	switch field.Kind() {
	case reflect.String:
		if garbled(text) {
			return r.refuse(ErrFieldText)
		}
		if ok = isString || isNumber(value); ok {
			field.SetString(text)
		}
	case reflect.Int:
		var n int
		if n, ok = wholeNumber(text); ok {
			field.SetInt(int64(n))
		}
	case reflect.Bool:
		var b bool
		if b, ok = boolean(text); ok {
			field.SetBool(b)
		}
	default:
		ok = json.Unmarshal(value, field.Addr().Interface()) == nil
	}
	return ok || r.refuse(ErrFieldType)
}

// member is the value chosen for a field.
type member struct {
	value json.RawMessage // nil: none
	rank  int             // see rankOf
}

// rankOf orders values for one field: a blank one, one under a name in another case, one under the exact name.
func rankOf(value json.RawMessage, exact bool) int {
	switch {
	case isBlank(value):
		return 0
	case !exact:
		return 1
	}
	return 2
}

// isBlank reports whether a value is null, a string without a letter or digit, or the nil UUID. A string that has
// lost characters is not blank.
func isBlank(value json.RawMessage) bool {
	if value[0] != '"' {
		return string(value) == "null"
	}
	if string(value[1:len(value)-1]) == nilGUID {
		return true
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return !bytes.ContainsFunc(value, isText)
	}
	text, _ := stringOf(value)
	return !strings.ContainsFunc(text, isText)
}

// isText reports whether a character is a letter or a digit, or stands for one that is lost.
func isText(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == utf8.RuneError }

// stringOf returns the text of a JSON string, and reports whether value is one.
func stringOf(value json.RawMessage) (text string, ok bool) {
	if value[0] != '"' {
		return "", false
	}
	if plain := value[1 : len(value)-1]; bytes.IndexByte(plain, '\\') < 0 && utf8.Valid(plain) {
		return string(plain), true // nothing to decode
	}
	ok = json.Unmarshal(value, &text) == nil
	return text, ok
}
