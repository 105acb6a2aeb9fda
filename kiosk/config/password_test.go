package config

import (
	"strings"
	"testing"
)

// An error about an address quotes nothing of a password, also of one with an at sign.
func TestNoPasswordOfAnAddressIsQuoted(t *testing.T) {
	for _, address := range []string{
		"http://user:ge@heim@registry.example", "ftp://user:ge@heim@registry.example", "http://user:ge/heim@registry.example",
		"http://user:ge?heim@registry.example", "http://user:ge#heim@registry.example",
		"http://ge@ge@ge:heim@registry.example",
	} {
		text := "[registry]\nurl = \"" + address + "\"\nlpu_guid = \"c3c977af-c3b4-4517-9d57-50a6844ec660\"\n"
		if _, err := Parse("f.toml", []byte(text)); err == nil || strings.Contains(err.Error(), "heim") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
