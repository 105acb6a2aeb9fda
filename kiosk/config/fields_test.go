package config

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Every field of the configuration has a line in the template, and so a default and a comment.
func TestEveryFieldHasAKey(t *testing.T) {
	known := Keys()
	for _, key := range fieldsOf(reflect.TypeFor[Config](), "") {
		if !slices.ContainsFunc(known, func(k string) bool { return k == key || strings.HasPrefix(k, key+".") }) {
			t.Errorf("the template has no line for %s", key)
		}
	}
}

// fieldsOf returns the keys of a struct with its inner structs.
func fieldsOf(of reflect.Type, prefix string) (keys []string) {
	for i := range of.NumField() {
		f := of.Field(i)
		name := f.Tag.Get("toml")
		if name == "" || name == "-" || f.Type.Kind() == reflect.Map { // the keys of a map are the site's
			continue
		}
		key := strings.TrimPrefix(prefix+"."+name, ".")
		inner := f.Type
		if inner.Kind() == reflect.Struct && inner.NumField() > 0 && inner.Field(0).Tag.Get("toml") != "" {
			keys = append(keys, fieldsOf(inner, key)...)
			continue
		}
		keys = append(keys, key)
	}
	return keys
}
