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
		{"screen", "idle", `"19s"`, `"20s"`},
		{"screen", "warning", `"19s"`, `"20s"`}, // WCAG 2.2.1
		{"screen", "double_strike", `"-1ms"`, `"0s"`},
		{"screen", "double_strike", `"2001ms"`, `"2s"`}, // EN 301 549, 5.8: up to 0.5 s at least
		{"clinic", "zone", `"Moskau"`, `"Europe/Moscow"`},
		{"clinic", "zone", `"MSK+3"`, `""`},
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

// An address that everybody on the way can read is taken only where the site says so. A password in an address is not
// quoted.
func TestPlainAddresses(t *testing.T) {
	const fhir = "source = \"fhir\"\nfhir_url = "
	for _, c := range []struct{ url, more, problem string }{
		{"https://registry.example/api", "", ""},
		{"http://127.0.0.1:8080", "", ""},
		{"http://127.9.9.9/api", "", ""},
		{"http://[::1]:8080", "", ""},
		{"http://LocalHost:8080", "", ""},
		{"http://registry.example/api", "", "registry.allow_plain = true"},
		{"http://10.0.0.1", "", "registry.allow_plain = true"},
		{"http://localhost.example", "", "registry.allow_plain = true"},
		{"http://127.0.0.1.example", "", "registry.allow_plain = true"},
		{"http://registry.example/api", "allow_plain = true\n", ""},
		{"https://user:hidden@registry.example", "", ""},
		{"http://user:hidden@registry.example", "", "registry.allow_plain = true"},
		{"user:hidden@registry.example", "", "is not an address"},
		{"https://registry.example", "[schedule]\n" + fhir + "\"http://fhir.example\"\n", "schedule.fhir.allow_plain = true"},
		{
			"https://registry.example", "[schedule]\n" + fhir + "\"http://fhir.example\"\n[schedule.fhir]\nallow_plain = true\n",
			"",
		},
	} {
		text := "[registry]\nurl = \"" + c.url + "\"\nlpu_guid = \"c3c977af-c3b4-4517-9d57-50a6844ec660\"\n" + c.more
		_, err := config.Parse("f.toml", []byte(text))
		if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: %v, want %q", c.url, err, c.problem)
		}
		if err != nil && strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: the password is quoted: %v", c.url, err)
		}
	}
}

// The patient is asked only where the site says so, and a visit is made only of one who is known.
func TestPatient(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "",
		"[patient]\n":                          "",
		"[patient]\nidentify = \"none\"\n":     "",
		"[patient]\nidentify = \"optional\"\n": "",
		"[patient]\nidentify = \"required\"\nconfirm = \"visit\"\n":  "",
		"[patient]\nconfirm = \"visit\"\n":                           "f.toml:5: patient.confirm: \"visit\" needs a patient",
		"[patient]\nidentify = \"yes\"\n":                            "f.toml:5: patient.identify: \"yes\" is not possible",
		"[patient]\nidentify = \"required\"\nconfirm = \"always\"\n": "f.toml:6: patient.confirm: \"always\" is not possible",
	} {
		c, err := config.Parse("f.toml", []byte(good+text))
		switch {
		case want == "" && (err != nil || c.Patient.Identify == "" || c.Patient.Confirm == ""):
			t.Errorf("%q: %v, %+v", text, err, c.Patient)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
