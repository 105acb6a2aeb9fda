package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"infomat/apiclient"
)

// wire decodes lists of one kind of object whose properties may have other names than expected.
type wire[T any] struct {
	renamed reflect.Type // pointer to T with the site's names as tags
}

// newWire returns a decoder. A field without a name in names keeps the name of its tag.
func newWire[T any](names Names) wire[T] {
	original, site := reflect.TypeFor[T](), reflect.ValueOf(names)
	var fields []reflect.StructField
	for i := range original.NumField() {
		f := original.Field(i)
		if name := site.FieldByName(f.Name); name.IsValid() && name.String() != "" {
			f.Tag = reflect.StructTag(fmt.Sprintf("json:%q", name.String()))
		}
		fields = append(fields, f)
	}
	return wire[T]{reflect.PointerTo(reflect.StructOf(fields))}
}

// each takes one element of a list: a *T that is valid until it returns, and whether the element could be
// read. Its error ends the reading.
type each[T any] func(element *T, readable bool) error

// list decodes a list of objects one by one, so that a list of many small ones is never in memory as a
// whole. Null is read as an empty list.
func (w wire[T]) list(data []byte, take each[T]) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := w.elements(d, take); err != nil {
		return err
	}
	return atEnd(d)
}

// inside decodes the lists under a name: in one object, or in each object of a list. A blank name means the
// answer itself.
func (w wire[T]) inside(name string, data []byte, take each[T]) error {
	if name == "" {
		return w.list(data, take)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	token, err := d.Token()
	switch {
	case err != nil:
		return unreadable(err)
	case token == json.Delim('{'):
		err = w.members(d, name, take)
	case token == json.Delim('['):
		err = w.groups(d, name, take)
	case token != nil:
		err = errNoList
	}
	if err != nil {
		return err
	}
	return atEnd(d)
}

// errNoList is returned for an answer of another form.
var errNoList = errors.New("the answer is no list")

// elements decodes a list.
func (w wire[T]) elements(d *json.Decoder, take each[T]) error {
	switch token, err := d.Token(); {
	case err != nil:
		return unreadable(err)
	case token == nil:
		return nil
	case token != json.Delim('['):
		return errNoList
	}
	var element T
	// The types differ in tags only.
	into := reflect.ValueOf(&element).Convert(w.renamed).Interface()
	for d.More() {
		var zero T
		element = zero
		err := d.Decode(into)
		if kind := (*json.UnmarshalTypeError)(nil); err != nil && !errors.As(err, &kind) {
			return unreadable(err)
		}
		if err := take(&element, err == nil); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return unreadable(err)
	}
	return nil
}

// groups decodes the lists under a name in each object of a list that has begun.
func (w wire[T]) groups(d *json.Decoder, name string, take each[T]) error {
	for d.More() {
		switch token, err := d.Token(); {
		case err != nil:
			return unreadable(err)
		case token != json.Delim('{'):
			return errors.New("the answer is no list of objects")
		}
		if err := w.members(d, name, take); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return unreadable(err)
	}
	return nil
}

// members decodes the list under a name in an object that has begun.
func (w wire[T]) members(d *json.Decoder, name string, take each[T]) error {
	found := false
	for d.More() {
		key, err := d.Token()
		switch {
		case err != nil:
			return unreadable(err)
		case key == name:
			found, err = true, w.elements(d, take)
		default:
			err = d.Decode(&skipped{})
		}
		if err != nil {
			return unreadable(err)
		}
	}
	if _, err := d.Token(); err != nil {
		return unreadable(err)
	}
	if !found {
		return errors.New("the answer has no " + name)
	}
	return nil
}

// skipped is a value that is not kept.
type skipped struct{}

// UnmarshalJSON keeps nothing.
func (*skipped) UnmarshalJSON([]byte) error { return nil }

// atEnd returns an error if the document goes on.
func atEnd(d *json.Decoder) error {
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the answer goes on after its end")
	}
	return nil
}

// unreadable returns an error of the decoder as one that quotes nothing of the answer. Other errors stay as
// they are.
func unreadable(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the answer is empty or cut")
	case errors.As(err, &syntax):
		return fmt.Errorf("the answer: %w", apiclient.Unreadable(err))
	}
	return err
}
