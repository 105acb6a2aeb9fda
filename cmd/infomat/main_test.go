package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	infomatmain "infomat/cmd/infomat"
	"infomat/device/escpos"
	"infomat/device/virtual"
)

// program is the path of the binary under test: $INFOMAT, or one built by TestMain.
var program string

func TestMain(m *testing.M) {
	os.Exit(infomatmain.OnScreen(func() int { return withProgram(m) }))
}

// withProgram builds the binary if necessary and runs the tests.
func withProgram(m *testing.M) int {
	if program = os.Getenv("INFOMAT"); program != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "infomat-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "infomat")
	build := exec.Command("go", "build", "-tags", "x11,migrated_fynedo,no_emoji", "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// headless lists the commands that need no screen.
var headless = []string{"reserve", "ticket", "journal", "config", "setup", "diag", "idle", "pin"}

// programFor returns the path of the binary for a command. For commands that need no screen it is
// $INFOMAT_HEADLESS if set, which `make test` builds with the race detector.
func programFor(args []string) string {
	race := os.Getenv("INFOMAT_HEADLESS")
	if race == "" || len(args) == 0 || !slices.Contains(headless, args[0]) {
		return program
	}
	return race
}

// result is the output and the exit code of a run of the program.
type result struct {
	out, err string
	code     int
}

// infomat runs the program.
func infomat(t *testing.T, args ...string) result {
	t.Helper()
	return infomatIn(t, "", args...)
}

// infomatIn runs the program with the given standard input.
func infomatIn(t *testing.T, input string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, programFor(args), args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	err := cmd.Run()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) || ctx.Err() != nil {
		t.Fatalf("infomat %v: %v, %v\n%s", args, err, ctx.Err(), errs.String())
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// site is the environment of a terminal: a registry on a loopback port, a virtual printer and a configuration.
type site struct {
	t       *testing.T
	sim     *registrysim.Registry
	printer *virtual.Printer
	dir     string
	config  string
	url     string
	port    string
	lpu     uuid.UUID
	timeout time.Duration // of the registry
	more    string        // appended to the configuration
}

// newSite starts the registry and the printer and writes the configuration.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), timeout: 2 * time.Second}
	var err error
	if s.sim, err = registrysim.New(registrysim.Options{}); err != nil {
		t.Fatal(err)
	}
	s.lpu = s.sim.LPU()
	s.serve(s.sim)
	profile, err := escpos.ByName("epson")
	if err != nil {
		t.Fatal(err)
	}
	if s.printer, err = virtual.Start(virtual.Options{Profile: profile}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.printer.Close() })
	s.port = s.printer.Path()
	s.write()
	return s
}

// serve replaces the simulated registry by a handler.
func (s *site) serve(h http.Handler) {
	server := httptest.NewServer(h)
	s.t.Cleanup(server.CloseClientConnections)
	s.t.Cleanup(server.Close)
	s.url = server.URL
}

// reserving starts a reservation and returns when the registry has got the request, which it holds until release is
// called. The terminal waits for that.
func (s *site) reserving() (cmd *exec.Cmd, release func()) {
	s.t.Helper()
	came, released := make(chan struct{}), make(chan struct{})
	first, once := sync.OnceFunc(func() { close(came) }), sync.OnceFunc(func() { close(released) })
	s.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first()
		<-released
		s.sim.ServeHTTP(w, r)
	}))
	s.t.Cleanup(once)
	s.timeout = time.Minute
	s.write()
	cmd = s.starts()
	select {
	case <-came:
	case <-time.After(20 * time.Second):
		s.t.Error("the request was not sent")
	}
	return cmd, once
}

// starts starts a reservation.
func (s *site) starts() *exec.Cmd {
	s.t.Helper()
	cmd := exec.Command(program, "reserve", "--config", s.config, "--cell", s.free().String(), "--age", "ADULT")
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	return cmd
}

// write writes the configuration.
func (s *site) write() {
	s.t.Helper()
	s.config = filepath.Join(s.dir, "infomat.toml")
	text := fmt.Sprintf(
		"[registry]\nurl = %q\nlpu_guid = %q\ntimeout = \"%s\"\n"+
			"[printer]\nport = %q\nbaud = 115200\ntimeout = \"2s\"\n[journal]\npath = %q\n%s",
		s.url,
		s.lpu,
		s.timeout,
		s.port,
		filepath.Join(s.dir, "journal.db"),
		s.more,
	)
	if err := os.WriteFile(s.config, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// runCommand returns the command that runs the terminal in its window. When ctx ends it is told to stop in order.
func (s *site) runCommand(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, "run", "--config", s.config)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+s.t.TempDir())
	cmd.Cancel, cmd.WaitDelay = func() error { return cmd.Process.Signal(os.Interrupt) }, 20*time.Second
	return cmd
}

// booking is the JSON output of reserve.
type booking struct {
	Operation, Outcome, Num, Room, TicketGUID, HoldUntil, Code, Message, Print string
}

// reserve books a cell and checks that the output is one object with all fields of the contract.
func (s *site) reserve(cell uuid.UUID, more ...string) (booking, result) {
	s.t.Helper()
	r := infomat(
		s.t,
		append([]string{"reserve", "--config", s.config, "--cell", cell.String(), "--age", "ADULT"}, more...)...)
	var fields map[string]any
	if err := json.Unmarshal([]byte(r.out), &fields); err != nil || len(fields) != 9 {
		s.t.Fatalf("standard output is %q (%v), standard error %q", r.out, err, r.err)
	}
	var b booking
	if err := json.Unmarshal([]byte(r.out), &b); err != nil {
		s.t.Fatal(err)
	}
	return b, r
}

// free returns a free cell.
func (s *site) free() uuid.UUID {
	s.t.Helper()
	cell, err := s.sim.FreeCell(apiclient.Adult)
	if err != nil {
		s.t.Fatal(err)
	}
	return cell
}

// stages returns the stages in the journal in order, and the whole output of journal.
func (s *site) stages() (stages []string, whole string) {
	s.t.Helper()
	r := infomat(s.t, "journal", "--config", s.config, "--json")
	if r.code != 0 {
		s.t.Fatalf("journal: %d %s", r.code, r.err)
	}
	for line := range strings.Lines(r.out) {
		var record struct{ Stage string }
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			s.t.Fatal(err)
		}
		if record.Stage != "" { // notes have no stage
			stages = append(stages, record.Stage)
		}
	}
	return stages, r.out
}

// paper returns the text of everything printed.
func (s *site) paper() string {
	var text strings.Builder
	for _, p := range s.printer.Papers() {
		text.WriteString(p.Text())
	}
	return text.String()
}
