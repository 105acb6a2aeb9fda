package main_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"infomat/device/virtual"
)

// terminal is `infomat run` in a window.
type terminal struct {
	t   *testing.T
	cmd *exec.Cmd

	mu  sync.Mutex
	log bytes.Buffer
}

func (r *terminal) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(p)
}

func (r *terminal) said() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

// run starts the terminal of a site.
func (s *site) run(env ...string) *terminal {
	s.t.Helper()
	if os.Getenv("DISPLAY") == "" {
		s.t.Skip("there is no display: `make test` brings one")
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Minute)
	s.t.Cleanup(cancel)
	r := &terminal{t: s.t, cmd: exec.CommandContext(ctx, program, "run", "--config", s.config)}
	r.cmd.Stderr = r
	r.cmd.Env = append(os.Environ(), env...)
	if err := r.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	return r
}

// wait waits until the log says something.
func (r *terminal) wait(what string) {
	r.t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(r.said(), what); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("%q was not said:\n%s", what, r.said())
		}
	}
}

// end asks the terminal to end, and waits for it.
func (r *terminal) end() {
	r.t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	if err := r.cmd.Wait(); err != nil {
		r.t.Fatalf("%v\n%s", err, r.said())
	}
}

// killedWhile kills a booking when the journal has come to a stage.
func (s *site) killedWhile(stage string) {
	s.t.Helper()
	cmd := exec.Command(program, "reserve", "--config", s.config, "--cell", s.free().String(), "--age", "ADULT")
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(s.dir, "journal.db")); err == nil {
			if stages, _ := s.stages(); slices.Contains(stages, stage) {
				break
			}
		}
		if time.Now().After(end) {
			s.t.Fatalf("the booking never came to %s", stage)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed, and says so
}

// A booking was confirmed and not printed when the power went: the next start offers it, prints nothing by itself,
// and says what had happened.
func TestRunOffersWhatACrashLeft(t *testing.T) {
	s := newSite(t)
	s.printer.SetFault(virtual.Silent) // takes everything, prints nothing, answers nothing: there is time to kill
	s.more = "[log]\nlevel = \"debug\"\n"
	s.write()
	s.killedWhile("PRINTING")
	s.printer.SetFault(virtual.None)
	papers := len(s.printer.Papers())
	r := s.run()
	r.wait("msg=\"first frame\"")
	if !strings.Contains(r.said(), "step=offer") {
		t.Errorf("the first picture is not the offer:\n%s", r.said())
	}
	r.wait("level=\"out of service\"")
	r.end()
	stages, whole := s.stages()
	if want := []string{"INTENT", "SENT", "CONFIRMED", "PRINTING", "PRINT_UNKNOWN"}; !slices.Equal(stages, want) {
		t.Errorf("the journal has %v, want %v", stages, want)
	}
	for _, said := range []string{`"state":"killed"`, `"state":"started"`, `"state":"stopped"`} {
		if strings.Count(whole, said) != 1 {
			t.Errorf("the journal does not say %s once:\n%s", said, whole)
		}
	}
	if n := len(s.printer.Papers()); n != papers {
		t.Errorf("%d papers were printed by a restart", n-papers)
	}
	if sheet := infomat(
		t, "journal", "--config", s.config, "--csv",
	); sheet.code != 0 || strings.Count(sheet.out, "\n") < 8 {
		t.Errorf("%d %s%s", sheet.code, sheet.out, sheet.err)
	}
}

// systemd is told that the terminal is ready, how it is, and that it lives; and a second terminal is told who is there.
func TestRunTellsSystemd(t *testing.T) {
	s := newSite(t)
	name := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	r := s.run("NOTIFY_SOCKET="+name, "WATCHDOG_USEC=6000000")
	told := map[string]int{}
	listen := func(until string) {
		for told[until] == 0 {
			if err := socket.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			buf := make([]byte, 512)
			n, err := socket.Read(buf)
			if err != nil {
				t.Fatalf("%q was not told: %v; told %v\n%s", until, err, told, r.said())
			}
			told[string(buf[:n])]++
		}
	}
	listen("STATUS=in service")
	listen("READY=1")
	delete(told, "WATCHDOG=1")
	listen("WATCHDOG=1")
	second := infomat(t, "reserve", "--config", s.config, "--cell", s.free().String(), "--age", "ADULT")
	if second.code != 1 || !strings.Contains(second.err, "process ") || !strings.Contains(second.err, "since") {
		t.Errorf("the second: %d %q", second.code, second.err)
	}
	r.end()
	listen("STOPPING=1")
}
