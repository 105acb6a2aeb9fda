package main_test

import (
	"bufio"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"infomat/apiclient/registrysim"
)

// A registry that does not accept the terminal's token closes booking, and opens it when the token's file is mended:
// nobody has to restart anything.
func TestAccessThatIsDeniedHeals(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("there is no display: `make test` brings one")
	}
	s := newSite(t)
	sim, err := registrysim.New(registrysim.Options{LPU: s.lpu, Token: "right"})
	if err != nil {
		t.Fatal(err)
	}
	s.serve(sim)
	token, log := filepath.Join(s.dir, "token"), filepath.Join(s.dir, "log")
	write := func(text string) {
		if err := os.WriteFile(token, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("wrong")
	s.more = fmt.Sprintf("[registry.auth]\ntoken_file = %q\n[schedule]\nrefresh = \"5s\"\n[log]\nfile = %q\n", token, log)
	s.write()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "run", "--config", s.config)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+t.TempDir())
	cmd.Cancel, cmd.WaitDelay = func() error { return cmd.Process.Signal(os.Interrupt) }, 20*time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	logged := func(words string) bool {
		for ctx.Err() == nil {
			if data, err := os.ReadFile(log); err == nil && strings.Contains(string(data), words) {
				return true
			}
			time.Sleep(50 * time.Millisecond)
		}
		return false
	}
	if !logged("down=access") {
		t.Error("booking did not close")
	}
	write("right")
	if !logged(`down=""`) {
		t.Error("booking did not open again")
	}
	cancel()
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("it ended with %v, %v", cmd.ProcessState, err)
	}
}

// Files that the settings name and that are not there keep the program neither from its screen nor from healing: it
// says why booking is closed, and opens it when the file comes. What the log cannot hold goes to standard error.
func TestRunStartsWithoutTheFilesOfOthers(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("there is no display: `make test` brings one")
	}
	s := newSite(t)
	missing := func(name string) string { return filepath.Join(s.dir, "missing", name) }
	s.more = fmt.Sprintf("[registry.tls]\nca_file = %q\n[ticket]\nlogo = %q\ntemplate = %q\n[screen]\nlanguages_dir = "+
		"%q\n"+
		"[log]\nfile = %q\n",
		missing("ca"),
		missing("logo"),
		missing("template"),
		missing("lang"),
		missing("log"),
	)
	s.write()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "run", "--config", s.config)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+t.TempDir())
	cmd.Cancel, cmd.WaitDelay = func() error { return cmd.Process.Signal(os.Interrupt) }, 20*time.Second
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	said := func(words string) bool {
		for lines.Scan() {
			if strings.Contains(lines.Text(), words) {
				return true
			}
		}
		return false
	}
	if !said("down=registry") {
		t.Error("booking is not closed for want of the certificate")
	}
	own := httptest.NewTLSServer(nil)
	defer own.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate().Raw})
	if err := errors.Join(os.Mkdir(missing(""), 0o700), os.WriteFile(missing("ca"), ca, 0o600)); err != nil {
		t.Fatal(err)
	}
	for open := false; !open; { // the log's file can be opened now too
		data, err := os.ReadFile(missing("log"))
		open = err == nil && strings.Contains(string(data), `down=""`)
		if ctx.Err() != nil {
			t.Fatalf("booking does not open: %v\n%s", err, data)
		}
		time.Sleep(50 * time.Millisecond)
	}
	cancel()
	for lines.Scan() { // the pipe is read to its end before Wait
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("it ended with %v, %v", cmd.ProcessState, err)
	}
}
