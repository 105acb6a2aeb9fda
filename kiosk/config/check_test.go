package config_test

import (
	"strings"
	"testing"

	"infomat/kiosk/config"
)

// A value out of its range is refused under its key; the value beside it, within the range, is taken.
func TestRanges(t *testing.T) {
	for _, c := range []struct{ section, key, bad, right string }{
		{"journal", "max_mb", "0", "1"},
		{"journal", "max_mb", "1025", "1024"},
		{"log", "level", `"loud"`, `"warn"`},
		{"registry.auth", "client_application", `"abc"`, `"c3c977af-c3b4-4517-9d57-50a6844ec660"`},
		{"registry.auth", "signer", `"md5"`, `"none"`},
		{"schedule", "source", `"paper"`, `"registry"`},
		{"schedule", "days", "0", "1"},
		{"schedule", "days", "61", "60"},
		{"schedule", "refresh", `"4s"`, `"5s"`},
		{"schedule", "refresh", `"61m"`, `"1h"`},
		{"schedule.registry", "clinic_path", `"lpu"`, `"/lpu"`},
		{"schedule.registry", "specialities_path", `"lpu"`, `"/lpu"`},
		{"printer", "port", `""`, `"virtual"`},
		{"printer", "columns", "23", "24"},
		{"printer", "columns", "65", "64"},
		{"printer", "timeout", `"999ms"`, `"1s"`},
		{"printer", "timeout", `"121s"`, `"2m"`},
		{"screen", "languages", "[]", `["ru"]`},
		{"screen", "width_mm", "49", "50"},
		{"screen", "width_mm", "3001", "3000"},
	} {
		text := func(value string) []byte {
			return []byte(good + "[" + c.section + "]\n" + c.key + " = " + value + "\n")
		}
		_, err := config.Parse("f.toml", text(c.bad))
		if err == nil || !strings.Contains(err.Error(), "f.toml:5: "+c.section+"."+c.key) {
			t.Errorf("%s.%s = %s: %v", c.section, c.key, c.bad, err)
		}
		if _, err := config.Parse("f.toml", text(c.right)); err != nil {
			t.Errorf("%s.%s = %s is refused: %v", c.section, c.key, c.right, err)
		}
	}
}

// What belongs together is wanted together.
func TestPairs(t *testing.T) {
	for text, key := range map[string]string{
		"[registry.auth]\nsigner = \"hmac-sha256\"\n": "registry.auth.key_file: is missing",
		"[registry.tls]\nkey_file = \"k\"\n":          "registry.tls.cert_file: stands without",
		"[metrics]\nkey_file = \"k\"\n":               "metrics.cert_file: stands without",
	} {
		if _, err := config.Parse("f.toml", []byte(good+text)); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%q: %v, want %q", text, err, key)
		}
	}
}
