package main_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"infomat/kiosk/pin"
)

const someLPU = "c3c977af-c3b4-4517-9d57-50a6844ec660"

func TestSetupFromFlags(t *testing.T) {
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "infomat.toml")
	r := infomat(t, "setup", "--config", file, "--url", s.url, "--lpu", someLPU, "--port", s.port, "--width-mm", "268")
	if r.code != 0 {
		t.Fatalf("code %d, %s", r.code, r.err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`url = "` + s.url + `"`, `lpu_guid = "` + someLPU, `port = "` + s.port, "width_mm = 268",
		"# The configuration of a terminal.",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if r := infomat(t, "config", "check", file); r.code != 0 {
		t.Errorf("the configuration is invalid: %s", r.err)
	}
	// The second run needs no flags and finds the printer at its port.
	if r := infomat(t, "setup", "--config", file); r.code != 0 || !strings.Contains(r.err, "printer: "+s.port) {
		t.Errorf("code %d, %s", r.code, r.err)
	}
}

func TestSetupBadInput(t *testing.T) {
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"nothing given":   {},
		"no address":      {"--url", "registry", "--lpu", someLPU},
		"no GUID":         {"--url", "https://r", "--lpu", "5"},
		"no such profile": {"--url", "https://r", "--lpu", someLPU, "--profile", "no-such"},
		"width":           {"--url", "https://r", "--lpu", someLPU, "--width-mm", "9"},
	} {
		file := filepath.Join(dir, "f.toml")
		r := infomat(t, append([]string{"setup", "--config", file}, args...)...)
		if _, err := os.Stat(file); r.code != 2 || err == nil || r.err == "" {
			t.Errorf("%s: code %d, file %v, %s", name, r.code, err, r.err)
		}
	}
}

// TestSetupInteractive answers the questions on a pseudo-terminal. Invalid answers are asked again, and the PIN is
// not echoed.
func TestSetupInteractive(t *testing.T) {
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "infomat.toml")
	write(t, file, "[service]\npin_file = \"pin\"\n[printer]\nport = \""+s.port+"\"\n")
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "setup", "--config", file)
	line, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	var seen bytes.Buffer
	answer := func(question, text string) {
		t.Helper()
		for !strings.Contains(seen.String(), question) {
			buf := make([]byte, 4096)
			n, err := line.Read(buf)
			seen.Write(buf[:n])
			if err != nil {
				t.Fatalf("waiting for %q: %v\n%s", question, err, seen.String())
			}
		}
		seen.Reset()
		for strings.Contains(question, "PIN") && echoes(t, line) { // the question comes before the echo is off
			time.Sleep(5 * time.Millisecond)
		}
		if _, err := io.WriteString(line, text+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	answer("Address of the registry", "registry")
	answer("GUID of the clinic", someLPU)
	answer("Address of the registry", s.url) // asked again
	answer("GUID of the clinic", someLPU)
	answer("Width", "268")
	answer("New PIN", "123456")
	chosen := pin.Random()
	answer("New PIN", "402795") // published
	answer("New PIN", chosen)
	answer("The PIN once more", chosen)
	rest, err := io.ReadAll(line)
	if err != nil && !errors.Is(err, os.ErrClosed) &&
		!strings.Contains(err.Error(), "input/output error") { // reading a pseudo-terminal ends with EIO
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, rest)
	}
	if strings.Contains(string(rest), chosen) {
		t.Error("the PIN is echoed")
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "pin")); err != nil {
		t.Error(err)
	}
}

// echoes reports whether the terminal echoes input.
func echoes(t *testing.T, line *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(line.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0
}
