package terminal

import (
	"bytes"
	"log"
	"log/slog"
	"strings"
	"testing"
)

func TestLibrariesAreQuiet(t *testing.T) {
	var out, told bytes.Buffer
	l := log.New(&quiet{out: &out, log: slog.New(slog.NewTextHandler(&told, nil))}, "", 0)
	for _, line := range []string{
		"Fyne error:  Preferences load error:", "  Cause: EOF", "  At: preferences.go:105",
		"Unsolicited response received on idle HTTP channel starting with \"Петров\"; err=<nil>",
		"Fyne error:  failed to initialise GLFW", "  Cause: no display", "  At: loop_desktop.go:29",
		"  At: nobody's line",
	} {
		l.Println(line)
	}
	want := "Fyne error:  failed to initialise GLFW\n  Cause: no display\n  At: loop_desktop.go:29\n  At: nobody's line\n"
	if out.String() != want {
		t.Errorf("passed on:\n%s", out.String())
	}
	if strings.Contains(told.String(), "Петров") || !strings.Contains(told.String(), "more than its answer") {
		t.Errorf("told: %s", told.String())
	}
}
