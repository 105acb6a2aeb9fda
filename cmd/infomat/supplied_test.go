package main_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestRunWaitsForSuppliedFiles checks that the terminal starts while a file supplied by others is missing or
// broken, shows that booking is closed and why, and opens booking without a restart when the file is correct.
func TestRunWaitsForSuppliedFiles(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	example, err := os.ReadFile("../../docs/timetable.example.json")
	if err != nil {
		t.Fatal(err)
	}
	now := fmt.Sprintf(`"exported": %q`, time.Now().Format(time.RFC3339))
	document := regexp.MustCompile(`"exported": "[^"]*"`).ReplaceAll(example, []byte(now))
	for name, c := range map[string]struct {
		settings  string // %q stands for the file name
		bad, good []byte // bad is nil if the file is missing
		reason    string
	}{
		"half a timetable": {"[schedule]\nsource = \"file\"\nfile = %q\n", document[:len(document)/2], document, "timetable"},
		"no timetable":     {"[schedule]\nsource = \"file\"\nfile = %q\n", nil, document, "timetable"},
		"no signing key": {
			"[registry.auth]\nsigner = \"hmac-sha256\"\nkey_file = %q\n", nil, []byte("0123456789abcdef"), "access",
		},
		"no token": {"[registry.auth]\ntoken_file = %q\n", nil, []byte("token"), "access"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			supplied, log := filepath.Join(s.dir, "supplied"), filepath.Join(s.dir, "log")
			if c.bad != nil {
				if err := os.WriteFile(supplied, c.bad, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s.more = fmt.Sprintf(c.settings+"[log]\nfile = %q\n", supplied, log)
			s.write()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			cmd := s.runCommand(ctx)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// lastService returns the reason logged last why booking is closed.
			service := regexp.MustCompile(`\bdown=(\S+)`)
			lastService := func() string {
				data, _ := os.ReadFile(log) // an error means that there is no log yet
				all := service.FindAllStringSubmatch(string(data), -1)
				if len(all) == 0 {
					return ""
				}
				return strings.TrimSpace(all[len(all)-1][1])
			}
			until := func(want string) {
				t.Helper()
				for lastService() != want {
					if ctx.Err() != nil {
						data, _ := os.ReadFile(log)
						t.Fatalf("down is %s, want %s\n%s", lastService(), want, data)
					}
					time.Sleep(50 * time.Millisecond)
				}
			}
			until(c.reason)
			if err := os.WriteFile(supplied, c.good, 0o600); err != nil {
				t.Fatal(err)
			}
			until(`""`)
			cancel()
			if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 0 {
				t.Errorf("the program ended with %v, %v", cmd.ProcessState, err)
			}
		})
	}
}
