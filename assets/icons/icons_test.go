package icons_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"infomat/assets/icons"
)

var color = regexp.MustCompile(`#[0-9A-Fa-f]{3,8}`)

func TestIconsHaveOneStyle(t *testing.T) {
	files, err := filepath.Glob("*.svg")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d icons, %v", len(files), err)
	}
	for _, f := range files {
		data, ok := icons.SVG(strings.TrimSuffix(f, ".svg"))
		if !ok {
			t.Errorf("%s is not embedded", f)
		}
		for d := xml.NewDecoder(strings.NewReader(string(data))); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", f, err)
				break
			}
		}
		for _, c := range color.FindAllString(string(data), -1) {
			if c != icons.Color {
				t.Errorf("%s: colour %s", f, c)
			}
		}
		if !strings.Contains(string(data), `viewBox="0 0 24 24"`) || !strings.Contains(string(data), `stroke-width="2.`) {
			t.Errorf("%s has another grid or line width", f)
		}
	}
}

func TestSpecialitiesNameExistingIcons(t *testing.T) {
	data, err := os.ReadFile("specialities.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, "#") {
			if _, ok := icons.SVG(name); !ok {
				t.Errorf("icon %q does not exist", name)
			}
		}
	}
}

func TestForSpeciality(t *testing.T) {
	for name, want := range map[string]string{
		"Терапевт": "therapist", "Врач-офтальмолог": "eye", "Травматолог-ортопед": "bone", "Детский хирург": "baby",
		"Врач ультразвуковой диагностики": "scan", "Астролог": "general", "": "general",
	} {
		if got := icons.ForSpeciality(name); got != want {
			t.Errorf("ForSpeciality(%q) = %s, want %s", name, got, want)
		}
	}
}
