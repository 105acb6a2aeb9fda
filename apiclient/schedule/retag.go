package schedule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"infomat/apiclient"
)

// wire decodes lists of one kind of object whose properties may have other names than expected.
type wire[T any] struct {
	renamed reflect.Type // T with the site's names as tags
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
	return wire[T]{reflect.StructOf(fields)}
}

// list decodes a list of objects.
func (w wire[T]) list(data []byte) ([]T, error) {
	into := reflect.New(reflect.SliceOf(w.renamed))
	if err := json.Unmarshal(data, into.Interface()); err != nil {
		return nil, fmt.Errorf("the answer: %w", apiclient.Unreadable(err))
	}
	list := into.Elem()
	all := make([]T, list.Len())
	for i := range all {
		all[i] = list.Index(i).Convert(reflect.TypeFor[T]()).Interface().(T) // the types differ in tags only
	}
	return all, nil
}

// inside decodes the lists under a name: in one object, or in each object of a list. A blank name means the
// answer itself.
func (w wire[T]) inside(name string, data []byte) ([]T, error) {
	if name == "" {
		return w.list(data)
	}
	var groups []map[string]json.RawMessage
	if data = bytes.TrimSpace(data); len(data) > 0 && data[0] == '{' {
		data = append(append([]byte{'['}, data...), ']')
	}
	if err := json.Unmarshal(data, &groups); err != nil {
		return nil, fmt.Errorf("the answer: %w", apiclient.Unreadable(err))
	}
	var all []T
	for _, g := range groups {
		inner, ok := g[name]
		if !ok {
			return nil, errors.New("the answer has no " + name)
		}
		list, err := w.list(inner)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}
