package main_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"infomat/apiclient/registrysim"
)

// A registry that does not accept the terminal's token closes booking, and opens it when the token's file is
// mended: nobody has to restart anything.
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
