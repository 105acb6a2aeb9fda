package apiclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// errNoTicket is returned for a 200 that is no reservation: num or ticketGuid is missing.
var errNoTicket = errors.New("the answer has no num or no ticketGuid")

// DecodeTicket reads the answer to a reservation. It returns an error if num or ticketGuid is missing or
// invalid. All other fields are optional: one with an unexpected type (a floor as a string, ratings as an
// object) is left at its zero value.
func DecodeTicket(body []byte) (*TicketVisitWithLPU, error) {
	var t TicketVisitWithLPU
	if json.Unmarshal(body, &t) != nil {
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(body, &raw); err != nil {
			return nil, fmt.Errorf("the answer: %w", Unreadable(err))
		}
		t = TicketVisitWithLPU{}
		lenient(raw, reflect.ValueOf(&t).Elem())
	}
	t.Num = strings.TrimSpace(t.Num)
	readable := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	if !strings.ContainsFunc(t.Num, readable) || t.TicketGUID == uuid.Nil {
		return nil, errNoTicket
	}
	return &t, nil
}

// lenient fills the fields of a struct from an object, each by itself. Names match in any case, because the
// registry's pages and examples disagree about it.
func lenient(raw map[string]json.RawMessage, into reflect.Value) {
	names := make(map[string]json.RawMessage, len(raw))
	for name, value := range raw {
		names[strings.ToLower(name)] = value
	}
	for i := range into.NumField() {
		field, info := into.Field(i), into.Type().Field(i)
		if info.Anonymous {
			lenient(raw, field)
			continue
		}
		name := info.Tag.Get("json")
		value, ok := raw[name]
		if !ok {
			value, ok = names[strings.ToLower(name)]
		}
		if ok {
			fill(value, field)
		}
	}
}

// fill reads one value, recursively in objects and lists. A value of an unexpected type leaves the field at
// its zero value.
func fill(value json.RawMessage, field reflect.Value) {
	if bytes.Equal(bytes.TrimSpace(value), []byte("null")) {
		return
	}
	switch {
	case field.Kind() == reflect.Struct && !field.CanAddr():
		return
	case field.Kind() == reflect.Struct && field.Type() != reflect.TypeFor[Time]():
		var inner map[string]json.RawMessage
		if json.Unmarshal(value, &inner) == nil {
			lenient(inner, field)
		}
	case field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Struct:
		var list []json.RawMessage
		if json.Unmarshal(value, &list) != nil {
			return
		}
		field.Set(reflect.MakeSlice(field.Type(), len(list), len(list)))
		for i, v := range list {
			fill(v, field.Index(i))
		}
	default:
		scalar(value, field)
	}
}

// scalar reads a value without fields. It also accepts a number for a string, and a string that holds a
// number for a number: the registry's pages have both.
func scalar(value json.RawMessage, field reflect.Value) {
	fresh := reflect.New(field.Type())
	if json.Unmarshal(value, fresh.Interface()) == nil {
		field.Set(fresh.Elem())
		return
	}
	text := strings.Trim(strings.TrimSpace(string(value)), `"`)
	switch field.Kind() {
	case reflect.String:
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			field.SetString(text)
		}
	case reflect.Int:
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
			field.SetInt(int64(n))
		}
	}
}
