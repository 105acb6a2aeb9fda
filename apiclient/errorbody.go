package apiclient

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Bounds of the search for a code in an error's body.
const (
	maxErrorBody   = 256 << 10 // bytes; a longer body is none of the registry's errors
	maxErrorDepth  = 8         // levels of objects, lists and strings that hold JSON
	maxErrorValues = 2000      // values
)

// errorObject is an object of an error's body.
type errorObject struct {
	texts  map[string][]string // strings and numbers by name: lower case, without separators; trimmed
	parent *errorObject        // the object around it, also through lists; nil: none
}

// errorObjects returns the objects of a body, the outer ones first and those of one level by their names.
func errorObjects(body []byte) []*errorObject {
	if len(body) > maxErrorBody {
		return nil
	}
	root, ok := decodeValue(body)
	if !ok {
		return nil
	}
	s := errorSearch{next: []errorValue{{root, nil}}}
	for depth := 0; depth < maxErrorDepth && len(s.next) > 0; depth++ {
		level := s.next
		s.next = nil
		for _, v := range level {
			s.visit(v)
		}
	}
	return s.found
}

// errorValue is a value of the body that is still to be searched.
type errorValue struct {
	value  any
	parent *errorObject
}

// errorSearch is a search by levels.
type errorSearch struct {
	found []*errorObject
	next  []errorValue // of the next level
	seen  int          // values so far
}

// visit takes the texts of an object, and leaves what is inside a value to the next level.
func (s *errorSearch) visit(v errorValue) {
	switch value := v.value.(type) {
	case map[string]any:
		o := &errorObject{map[string][]string{}, v.parent}
		s.found = append(s.found, o)
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if text, ok := textOf(value[name]); ok {
				key := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
				o.texts[key] = append(o.texts[key], text)
			}
			s.push(value[name], o)
		}
	case []any:
		for _, element := range value {
			s.push(element, v.parent)
		}
	case string:
		if inner, ok := decodeValue([]byte(value)); ok && isJSON(value) {
			s.push(inner, v.parent)
		}
	}
}

// push leaves a value to the next level if it may hold an object.
func (s *errorSearch) push(value any, parent *errorObject) {
	text, isText := value.(string)
	_, isNumber := value.(json.Number)
	_, isBool := value.(bool)
	if s.seen++; s.seen > maxErrorValues || value == nil || isNumber || isBool || isText && !isJSON(text) {
		return
	}
	s.next = append(s.next, errorValue{value, parent})
}

// isJSON reports whether a text is a JSON object or list.
func isJSON(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && (text[0] == '{' || text[0] == '[') && json.Valid([]byte(text))
}

// decodeValue decodes a JSON value, with its numbers as they are written.
func decodeValue(data []byte) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var value any
	return value, d.Decode(&value) == nil
}

// textOf returns a string without the blanks around it, or a number as it is written. A text that has lost
// characters is blank.
func textOf(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		if garbled(v) {
			return "", true
		}
		return strings.TrimSpace(v), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}
