package main_test

import (
	"bufio"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"infomat/apiclient/registrysim"
)

// TestBookingOpensOnceTokenIsAccepted checks that booking is closed while the registry rejects the token, and
// opens without a restart when the token file is corrected.
func TestBookingOpensOnceTokenIsAccepted(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
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
	cmd := s.runCommand(ctx)
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
		t.Errorf("the program ended with %v, %v", cmd.ProcessState, err)
	}
}

// TestRunStartsWithMissingFiles checks that the terminal starts without files that the configuration names, shows
// why booking is closed, and opens booking when the file exists. The log goes to standard error if its file cannot
// be opened.
func TestRunStartsWithMissingFiles(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	s := newSite(t)
	missing := func(name string) string { return filepath.Join(s.dir, "missing", name) }
	s.more = fmt.Sprintf(
		"[registry.tls]\nca_file = %q\n[ticket]\nlogo = %q\ntemplate = %q\n[screen]\nlanguages_dir = %q\n"+
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
	cmd := s.runCommand(ctx)
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
		t.Error("booking is not closed without the CA certificate")
	}
	own := httptest.NewTLSServer(nil)
	defer own.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate().Raw})
	if err := errors.Join(os.Mkdir(missing(""), 0o700), os.WriteFile(missing("ca"), ca, 0o600)); err != nil {
		t.Fatal(err)
	}
	for open := false; !open; { // now the log file can be opened too
		data, err := os.ReadFile(missing("log"))
		open = err == nil && strings.Contains(string(data), `down=""`)
		if ctx.Err() != nil {
			t.Fatalf("booking does not open: %v\n%s", err, data)
		}
		time.Sleep(50 * time.Millisecond)
	}
	cancel()
	for lines.Scan() { // read the pipe to its end before Wait closes it
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("the program ended with %v, %v", cmd.ProcessState, err)
	}
}
