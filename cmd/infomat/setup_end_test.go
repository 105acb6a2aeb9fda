package main_test

import (
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestSetupInvalidInputEndsIt checks that setup ends at once, without asking a question, on errors that no answer
// can correct: an invalid flag, or another invalid setting in the file.
func TestSetupInvalidInputEndsIt(t *testing.T) {
	for name, c := range map[string]struct {
		settings string
		args     []string
		says     string
	}{
		"an address":                {"", []string{"--url", "registry"}, "registry.url"},
		"a GUID":                    {"", []string{"--lpu", "5"}, "registry.lpu_guid"},
		"a width":                   {"", []string{"--width-mm", "9"}, "screen.width_mm"},
		"another key of the file":   {"[printer]\nbaud = 7\n", nil, "printer.baud"},
		"the width in the file":     {"[screen]\nwidth_mm = 9\n", nil, "screen.width_mm"},
		"no key of the file at all": {"[printer]\ncolour = 1\n", nil, "printer.colour"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			file := filepath.Join(t.TempDir(), "infomat.toml")
			write(t, file, c.settings)
			cmd := exec.CommandContext(ctx, program, append([]string{"setup", "--config", file}, c.args...)...)
			line, err := pty.Start(cmd)
			if err != nil {
				t.Fatal(err)
			}
			defer line.Close()
			said, _ := io.ReadAll(line) // reading a pseudo-terminal ends with EIO
			_ = cmd.Wait()              // the exit code is checked below
			if code := cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(string(said), c.says) ||
				strings.Contains(string(said), "[") && strings.Contains(string(said), "]: ") {
				t.Errorf("code %d\n%s", code, said)
			}
		})
	}
}
