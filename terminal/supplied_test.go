package terminal

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// What others supply and what it does to a terminal while it is missing or broken. `config check`, `setup` and `diag`
// find the same as the watch of the running terminal; when it is mended the watch finds nothing, without a restart.
func TestWhatOthersSupply(t *testing.T) {
	t.Parallel()
	cert, key := newCertificate(t)
	document, err := os.ReadFile("../docs/timetable.example.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		set    func(c *config.Config, dir string) // names files in a folder that is empty at first
		good   map[string][]byte                  // the files of that folder
		part   health.Part                        // of the watch; "": config
		kind   string                             // of config check
		reason kiosk.Reason
	}{
		"client certificate": {
			set: func(c *config.Config, dir string) {
				c.Registry.TLS.CertFile, c.Registry.TLS.KeyFile = filepath.Join(dir, "cert"), filepath.Join(dir, "key")
			},
			good: map[string][]byte{"cert": cert, "key": key}, kind: "cert_file", reason: kiosk.ReasonAccess,
		},
		"certificate of the FHIR server": {
			set: func(c *config.Config, dir string) {
				c.Schedule.Source, c.Schedule.FHIRURL = "fhir", c.Registry.URL
				c.Schedule.FHIR.CAFile = filepath.Join(dir, "ca")
			},
			good: map[string][]byte{"ca": cert}, kind: "fhir_ca_file", reason: kiosk.ReasonTimetable,
		},
		"timetable": {
			set: func(c *config.Config, dir string) {
				c.Schedule.Source, c.Schedule.File = "file", filepath.Join(dir, "timetable.json")
				c.Schedule.FileMaxAge.Duration = 1 << 62 // the example is old
			},
			good: map[string][]byte{"timetable.json": document}, part: health.PartTimetable,
			kind: "schedule_file", reason: kiosk.ReasonTimetable,
		},
		"password of the metrics": {
			set: func(c *config.Config, dir string) {
				c.Metrics.Listen, c.Metrics.User = "127.0.0.1:0", "prometheus"
				c.Metrics.PasswordFile = filepath.Join(dir, "password")
			},
			good: map[string][]byte{"password": []byte("secret")}, kind: "metrics_password_file",
		},
	} {
		for what, spoil := range map[string]func(file string) error{
			"missing": func(string) error { return nil },
			"broken": func(file string) error {
				if c.kind == "metrics_password_file" { // almost any text may be a password
					return os.WriteFile(file, []byte(" \r\n"), 0o600)
				}
				return os.WriteFile(file, []byte("-----BEGIN"), 0o600)
			},
		} {
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				for file := range c.good {
					if err := spoil(filepath.Join(dir, file)); err != nil {
						t.Fatal(err)
					}
				}
				w := newBrokenWorld(t, func(w *brokenWorld) { c.set(&w.config, dir) })
				part := c.part
				if part == "" {
					part = health.PartConfig
				}
				if f := w.part(part); f.Level == health.OK || f.Closes != c.reason {
					t.Errorf("the watch, while it is %s: %+v", what, f)
				}
				found := checks.Files(t.Context(), w.config)
				if len(found) != 1 || found[0].Kind != c.kind || found[0].Closes != c.reason || found[0].Detail == "" {
					t.Errorf("config check, while it is %s: %+v", what, found)
				}
				if !slices.ContainsFunc(w.diagnosed(), func(f health.Finding) bool {
					return f.Part == part && f.Level != health.OK && f.Closes == c.reason
				}) {
					t.Errorf("diag does not find what is %s", what)
				}
				for file, content := range c.good {
					replaceFile(t, filepath.Join(dir, file), content)
				}
				_ = w.terminal.store.Load(t.Context()) // what it failed with is looked at
				if f := w.part(part); f.Closes != "" || part == health.PartConfig && f.Level != health.OK {
					t.Errorf("the watch, when it is mended: %+v", f)
				}
				if found := checks.Files(t.Context(), w.config); len(found) != 0 {
					t.Errorf("config check, when it is mended: %+v", found)
				}
			})
		}
	}
}

// A folder of the site's languages that is missing, or a file in it that cannot be read or lacks a text, never keeps
// the terminal from starting: Russian is in its place until it is mended.
func TestLanguagesOfOthersHeal(t *testing.T) {
	english, err := os.ReadFile("../assets/lang/en.toml")
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(dir string) error{
		"no folder":  func(string) error { return nil },
		"no file":    func(dir string) error { return os.Mkdir(dir, 0o700) },
		"not a TOML": func(dir string) error { return inFolder(dir, "de.toml", []byte("a = ")) },
		"no texts":   func(dir string) error { return inFolder(dir, "de.toml", []byte("[language]\nname = \"Deutsch\"\n")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "lang")
			if err := spoil(dir); err != nil {
				t.Fatal(err)
			}
			w := newBrokenWorld(t, func(w *brokenWorld) {
				w.config.Screen.LanguagesDir, w.config.Screen.Languages = dir, []string{"ru", "de"}
			})
			if f := w.part(health.PartConfig); f.Level != health.Warning || f.Closes != "" {
				t.Errorf("%+v", f)
			}
			l := w.terminal.languages
			russian := l.language("ru").Text("welcome.title", nil)
			if got := l.language("de").Text("welcome.title", nil); got != russian {
				t.Errorf("the welcome is %q, want %q", got, russian)
			}
			if err := inFolder(dir, "de.toml", english); err != nil {
				t.Fatal(err)
			}
			if err := l.read(); err != nil {
				t.Fatal(err)
			}
			if got := l.language("de").Text("welcome.title", nil); got == russian {
				t.Error("the file that was mended is not in use")
			}
			if f := w.part(health.PartConfig); f.Level != health.OK {
				t.Errorf("when it is mended: %+v", f)
			}
		})
	}
}

// inFolder writes a file and makes its folder.
func inFolder(dir, name string, content []byte) error {
	return errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, name), content, 0o600))
}
