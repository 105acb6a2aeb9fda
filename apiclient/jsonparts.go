package apiclient

import (
	"encoding/json"
	"iter"
	"reflect"
	"strings"
	"sync"
)

// model is what DecodeLenient knows of a struct type.
type model struct {
	fields  []modelField
	byName  map[string]int // numbers of the fields by their exact name
	byLower map[string]int // and by their name in lower case
}

// modelField is a field of a struct, also of one that it embeds.
type modelField struct {
	name  string // its JSON name
	index []int
}

var models sync.Map // *model by reflect.Type; as many as there are types of models

// modelOf returns the model of a struct type.
func modelOf(t reflect.Type) *model {
	if known, ok := models.Load(t); ok {
		return known.(*model)
	}
	m := &model{byName: map[string]int{}, byLower: map[string]int{}}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" || !f.IsExported() {
			continue
		}
		m.byName[name], m.byLower[strings.ToLower(name)] = len(m.fields), len(m.fields)
		m.fields = append(m.fields, modelField{name, f.Index})
	}
	models.Store(t, m)
	return m
}

// field returns the number of the field for a name, which is a JSON string literal, and whether the name is
// exact.
func (m *model) field(name json.RawMessage) (number int, exact, ok bool) {
	if n, ok := m.byName[string(name[1:len(name)-1])]; ok {
		return n, true, true
	}
	text, _ := stringOf(name)
	n, ok := m.byLower[strings.ToLower(text)]
	return n, ok && text == m.fields[n].name, ok
}

// members returns the names, as string literals, and the values of a JSON object in their order, also those of
// the same name. The object must be valid JSON.
func members(object json.RawMessage) iter.Seq2[json.RawMessage, json.RawMessage] {
	return func(yield func(name, value json.RawMessage) bool) {
		rest := skip(object[1:])
		for rest[0] != '}' {
			n := valueLength(rest)
			name := rest[:n]
			rest = skip(rest[n:])
			n = valueLength(rest)
			if !yield(name, rest[:n]) {
				return
			}
			rest = skip(rest[n:])
		}
	}
}

// elements returns the values of a JSON list, which must be valid JSON.
func elements(list json.RawMessage) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		rest := skip(list[1:])
		for rest[0] != ']' {
			n := valueLength(rest)
			if !yield(rest[:n]) {
				return
			}
			rest = skip(rest[n:])
		}
	}
}

// skip returns data behind blanks, colons and commas, which separate values.
func skip(data json.RawMessage) json.RawMessage {
	for i, c := range data {
		if !separates(c) {
			return data[i:]
		}
	}
	return nil
}

// separates reports whether a character is between values.
func separates(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ',', ':':
		return true
	}
	return false
}

// valueLength returns the length in bytes of the JSON value that data begins with. The data must be valid JSON
// up to its end.
func valueLength(data json.RawMessage) int {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i += literalLength(data[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		default:
			if depth == 0 {
				return scalarLength(data)
			}
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(data)
}

// scalarLength returns the length in bytes of the number or the word that data begins with.
func scalarLength(data json.RawMessage) int {
	for i, c := range data {
		if separates(c) || c == ']' || c == '}' {
			return i
		}
	}
	return len(data)
}
