//go:build linux

package terminal

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"infomat/kiosk/desk"
	"infomat/kiosk/health"
)

// wordless are words that are their own identifiers.
type wordless struct{}

func (wordless) Text(id string, _ map[string]any) string { return id }

// reportsAt returns reports with places in a folder: the stick is mounted where mounts says so.
func reportsAt(t *testing.T) *reports {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("RUNTIME_DIRECTORY", dir)
	log := slog.New(slog.DiscardHandler)
	check := func(context.Context, []health.Part, func(health.Finding)) {}
	r := newReports(newResults(filepath.Join(dir, "checks.json"), log), check, filepath.Join(dir, "reports"), log)
	r.stick, r.mounts = filepath.Join(dir, "stick"), filepath.Join(dir, "mounts")
	if err := os.Mkdir(r.stick, 0o755); err != nil {
		t.Fatal(err)
	}
	return r
}

// plug puts the stick among what is mounted.
func (r *reports) plug(t *testing.T, in bool) {
	t.Helper()
	text := "tmpfs /run tmpfs rw 0 0\n/dev/sdb1 /media/\\033[2J\\012x vfat rw 0 0\n"
	if in {
		text += "/dev/sda1 " + r.stick + " vfat rw 0 0\n"
	}
	if err := os.WriteFile(r.mounts, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The system is asked for a stick while somebody watches, and told when it is over; one that comes and goes is told.
func TestAStickIsAskedForWhileSomebodyWatches(t *testing.T) {
	r := reportsAt(t)
	ctx, cancel := context.WithCancel(t.Context())
	told, ended := make(chan int, 4), make(chan struct{})
	go func() {
		defer close(ended)
		r.watch(ctx, func() { told <- len(r.places(wordless{}).All) })
	}()
	next := func() int {
		select {
		case n := <-told:
			return n
		case <-time.After(20 * time.Second):
			t.Fatal("nothing is told")
			return 0
		}
	}
	if n := next(); n != 1 {
		t.Errorf("%d places without a stick", n)
	}
	if _, err := os.Stat(r.wanted); err != nil {
		t.Error(err)
	}
	r.plug(t, true)
	if n := next(); n != 2 {
		t.Errorf("%d places with a stick", n)
	}
	r.plug(t, false)
	if n := next(); n != 1 {
		t.Errorf("%d places after it was taken out", n)
	}
	cancel()
	<-ended
	if _, err := os.Stat(r.wanted); err == nil {
		t.Error("a stick is still asked for")
	}
}

// Only the stick that the system has mounted for the report is a place: what others have mounted, with a name that they
// chose, is none.
func TestOnlyTheSticksPlaceIsOffered(t *testing.T) {
	r := reportsAt(t)
	r.plug(t, true)
	for _, p := range r.places(wordless{}).All {
		if p.Folder != r.stick && p.Folder != r.folder || strings.ContainsAny(p.Folder+p.Label, "\x1b\n") {
			t.Errorf("%+v", p)
		}
	}
	t.Setenv("RUNTIME_DIRECTORY", "")
	if newReports(nil, nil, "", nil).places(wordless{}).Sticks {
		t.Error("where nobody mounts sticks one is asked for")
	}
}

// A stick that is full, cannot be written to, or has gone is told as what it is, and nothing is left on it.
func TestAStickThatTakesNoReport(t *testing.T) {
	r := reportsAt(t)
	r.plug(t, false)
	if _, err := r.write(r.stick, wordless{}); err == nil || !strings.Contains(err.Error(), "not there") {
		t.Errorf("a stick that has gone: %v", err)
	}
	r.plug(t, true)
	if os.Geteuid() != 0 {
		t.Skip("only root can mount")
	}
	tmpfs(t, r.stick, "size=16k")
	if _, err := r.write(r.stick, wordless{}); err != nil {
		t.Errorf("a stick with room: %v", err)
	}
	filled := strings.Repeat("x", 64<<10)
	if err := os.WriteFile(filepath.Join(r.stick, "film"), []byte(filled), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	before, err := os.ReadDir(r.stick)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // the report's name has the second in it
	if _, err := r.write(r.stick, wordless{}); !errors.Is(err, desk.ErrFull) {
		t.Errorf("a full stick: %v", err)
	}
	if after, err := os.ReadDir(r.stick); err != nil || len(after) != len(before) {
		t.Errorf("left on the stick: %v, %v", after, err)
	}
	if err := syscall.Mount("", r.stick, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip(err)
	}
	if _, err := r.write(r.stick, wordless{}); !errors.Is(err, desk.ErrReadOnly) {
		t.Errorf("a stick that cannot be written to: %v", err)
	}
}

// While a stick does not answer, no further report is begun.
func TestAStickThatDoesNotAnswer(t *testing.T) {
	r := reportsAt(t)
	r.writing <- struct{}{}
	if _, err := r.write(r.folder, wordless{}); !errors.Is(err, errBusy) {
		t.Error(err)
	}
	<-r.writing
	if _, err := r.write(r.folder, wordless{}); err != nil {
		t.Error(err)
	}
}
