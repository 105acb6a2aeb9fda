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

// terminal is a running `infomat run` with its log.
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

// logged returns the log so far.
func (r *terminal) logged() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

// run starts the terminal.
func (s *site) run(env ...string) *terminal {
	s.t.Helper()
	if os.Getenv("DISPLAY") == "" {
		s.t.Skip("no X display; `make test` starts one")
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

// wait waits until the log contains a text.
func (r *terminal) wait(what string) {
	r.t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(r.logged(), what); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("%q was not logged:\n%s", what, r.logged())
		}
	}
}

// end stops the terminal with SIGTERM and waits for it.
func (r *terminal) end() {
	r.t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	if err := r.cmd.Wait(); err != nil {
		r.t.Fatalf("%v\n%s", err, r.logged())
	}
}

// killAtStage starts a reservation and kills it when the journal has the given stage. It looks for it in the journal's
// files, as the command that reads them may be slower than the reservation.
func (s *site) killAtStage(stage string) {
	s.t.Helper()
	cmd := s.starts()
	for end := time.Now().Add(20 * time.Second); !s.inJournal(" " + stage + " "); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("the booking did not reach %s", stage)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = cmd.Wait() // reports the kill
}

// inJournal reports whether a file of the journal has a text in it.
func (s *site) inJournal(text string) bool {
	segments, err := filepath.Glob(filepath.Join(s.dir, "journal.db", "*.seg"))
	if err != nil {
		s.t.Fatal(err)
	}
	return slices.ContainsFunc(segments, func(name string) bool {
		data, err := os.ReadFile(name)
		return err == nil && bytes.Contains(data, []byte(text))
	})
}

// TestRunOffersBookingAfterCrash checks that a start after a crash during printing offers the booking, prints
// nothing by itself, and records the crash in the journal.
func TestRunOffersBookingAfterCrash(t *testing.T) {
	s := newSite(t)
	s.printer.SetFault(virtual.Silent) // never answers, so there is time to kill the process
	s.more = "[log]\nlevel = \"debug\"\n"
	s.write()
	s.killAtStage("PRINTING")
	s.printer.SetFault(virtual.None)
	papers := len(s.printer.Papers())
	r := s.run()
	r.wait("msg=\"first frame\"")
	if !strings.Contains(r.logged(), "step=offer") {
		t.Errorf("the first page is not the offer:\n%s", r.logged())
	}
	r.wait("level=\"out of service\"")
	r.end()
	stages, whole := s.stages()
	if want := []string{"INTENT", "SENT", "CONFIRMED", "PRINTING", "PRINT_UNKNOWN"}; !slices.Equal(stages, want) {
		t.Errorf("the journal stages are %v, want %v", stages, want)
	}
	for _, said := range []string{`"state":"killed"`, `"state":"started"`, `"state":"stopped"`} {
		if strings.Count(whole, said) != 1 {
			t.Errorf("the journal does not have %s exactly once:\n%s", said, whole)
		}
	}
	if n := len(s.printer.Papers()); n != papers {
		t.Errorf("the restart printed %d tickets", n-papers)
	}
	if sheet := infomat(t, "journal", "--config", s.config, "--csv"); sheet.code != 0 ||
		strings.Count(sheet.out, "\n") < 8 {
		t.Errorf("%d %s%s", sheet.code, sheet.out, sheet.err)
	}
}

// hearing is systemd's end of the messages of a service.
type hearing struct {
	t      *testing.T
	name   string
	socket *net.UnixConn
	told   map[string]int // the messages that nobody has waited for yet
}

// hearSystemd opens the socket that a service tells its state.
func hearSystemd(t *testing.T) *hearing {
	t.Helper()
	h := &hearing{t: t, name: filepath.Join(t.TempDir(), "notify"), told: map[string]int{}}
	var err error
	if h.socket, err = net.ListenUnixgram("unixgram", &net.UnixAddr{Name: h.name, Net: "unixgram"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.socket.Close() }) // it is only read
	return h
}

// environment is what systemd gives to a service. The watchdog's limit is 6 s.
func (h *hearing) environment() []string {
	return []string{"NOTIFY_SOCKET=" + h.name, "WATCHDOG_USEC=6000000"}
}

// listen waits until the service tells something, or has told it.
func (h *hearing) listen(r *terminal, until string) {
	h.t.Helper()
	for h.told[until] == 0 {
		if err := h.socket.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			h.t.Fatal(err)
		}
		buf := make([]byte, 512)
		n, err := h.socket.Read(buf)
		if err != nil {
			h.t.Fatalf("%q was not sent: %v; sent: %v\n%s", until, err, h.told, r.logged())
		}
		h.told[string(buf[:n])]++
	}
	h.told[until]--
}

// TestRunNotifiesSystemd checks the messages to systemd: status, ready, watchdog and stopping. A second process
// learns which process holds the journal.
func TestRunNotifiesSystemd(t *testing.T) {
	s := newSite(t)
	h := hearSystemd(t)
	r := s.run(h.environment()...)
	h.listen(r, "STATUS=in service")
	h.listen(r, "READY=1")
	h.listen(r, "WATCHDOG=1")
	second := infomat(t, "reserve", "--config", s.config, "--cell", s.free().String(), "--age", "ADULT")
	if second.code != 1 || !strings.Contains(second.err, "process ") || !strings.Contains(second.err, "since") {
		t.Errorf("the second process: %d %q", second.code, second.err)
	}
	r.end()
	h.listen(r, "STOPPING=1")
}

// TestRunOfANewUser starts the terminal with an empty home, as the service has it at first: the toolkit has nothing to
// complain of, and the log holds no error.
func TestRunOfANewUser(t *testing.T) {
	s := newSite(t)
	home := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"} {
		t.Setenv(name, "") // so that it is restored
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	r := s.run("HOME=" + home)
	r.wait("first frame")
	r.end()
	for line := range strings.Lines(r.logged()) {
		if !strings.HasPrefix(line, "time=") || strings.Contains(line, "level=ERROR") {
			t.Errorf("logged: %s", line)
		}
	}
	if _, err := os.Stat(filepath.Join(home, ".cache", "fyne")); err != nil {
		t.Error(err)
	}
}
