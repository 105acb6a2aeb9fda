package terminal

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"infomat/kiosk/config"
)

// A log that cannot be written goes to standard error, and to its file as soon as that can be opened.
func TestLogFallsBack(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "log")
	name := filepath.Join(folder, "infomat.log")
	var instead strings.Builder
	f := &logFile{name: name, instead: &instead}
	l := slog.New(slog.NewTextHandler(f, nil))
	l.Info("first")
	if got := instead.String(); !strings.Contains(got, "log.file") || !strings.Contains(got, "first") {
		t.Errorf("standard error has %q", got)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	f.tried = time.Time{} // the time to try again has come
	l.Info("second")
	data, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(data), "second") || strings.Contains(instead.String(), "second") {
		t.Errorf("%v, the file has %q, standard error %q", err, data, instead.String())
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// A folder of languages that is not there leaves Russian in the place of its languages, until it can be read.
func TestLanguagesHeal(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "lang")
	s := config.Screen{Language: "de", Languages: []string{"ru", "de"}, LanguagesDir: folder}
	l, err := newLanguages(s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if got := l.language("de").Tag(); got != "ru" {
		t.Errorf("the language in the place of a missing one is %s, want ru", got)
	}
	if got := l.offered(s.Languages); len(got) != 1 {
		t.Errorf("offered are %v, want ru alone", got)
	}
	english, err := os.ReadFile("../assets/lang/en.toml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(folder, fstest.MapFS{"de.toml": {Data: english}}); err != nil {
		t.Fatal(err)
	}
	if err := l.read(); err != nil {
		t.Fatal(err)
	}
	if got := l.language("de").Tag(); got != "de" {
		t.Errorf("the language is %s, want de", got)
	}
	if got := l.offered(s.Languages); len(got) != 2 {
		t.Errorf("offered are %v, want ru and de", got)
	}
}

// A language that neither the program nor a folder has is an error of the settings.
func TestNoSuchLanguage(t *testing.T) {
	s := config.Screen{Language: "ru", Languages: []string{"ru", "xx"}}
	if _, err := newLanguages(
		s, slog.New(slog.DiscardHandler),
	); err == nil || !strings.Contains(err.Error(), "screen.languages") {
		t.Errorf("%v", err)
	}
}
