package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// smallDisk is a file system of a megabyte.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a file system can be mounted by root only: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// stuff fills the disk to its last byte with a file that is not the journal's, and returns its name.
func stuff(t *testing.T, dir string) string {
	t.Helper()
	f, err := os.CreateTemp(dir, "other")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 16; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	return f.Name()
}

func record(t *testing.T, j *journal.Journal, op uuid.UUID, s kiosk.Stage) error {
	t.Helper()
	return j.Append(t.Context(), kiosk.Record{Operation: op, Stage: s, Num: "008"})
}

// The disk is full in the middle of a booking: no other booking begins, and this one is recorded to its end.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t)
	name := filepath.Join(dir, "journal.db")
	j := open(t, name)
	begun := uuid.New()
	if err := errors.Join(record(t, j, begun, kiosk.StageIntent), record(t, j, begun, kiosk.StageSent)); err != nil {
		t.Fatal(err)
	}
	other := stuff(t, dir)
	var refused error
	for range 1000 { // the last block of the segment still takes some
		if refused = record(t, j, uuid.New(), kiosk.StageIntent); refused != nil {
			break
		}
	}
	if !errors.Is(refused, syscall.ENOSPC) {
		t.Fatalf("a booking begins on a full disk: %v", refused)
	}
	if err := j.Progress(time.Hour); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the journal says that it can be written to: %v", err)
	}
	for _, s := range []kiosk.Stage{kiosk.StageConfirmed, kiosk.StagePrinting, kiosk.StagePrinted, kiosk.StageDone} {
		if err := record(t, j, begun, s); err != nil {
			t.Fatalf("%s is lost: %v", s, err)
		}
	}
	stuffAgain := stuff(t, dir)
	if err := record(t, j, uuid.New(), kiosk.StageIntent); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("a booking begins in the room of the ballast: %v", err)
	}
	if err := j.Progress(time.Hour); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is full: %v", err)
	}
	if err := os.Remove(stuffAgain); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if err := j.Progress(0); err != nil {
		t.Fatalf("there is room again: %v", err)
	}
	if _, err := os.Stat(filepath.Join(name, "ballast")); err != nil {
		t.Errorf("the ballast was not taken in again: %v", err)
	}
	if err := record(t, j, uuid.New(), kiosk.StageIntent); err != nil {
		t.Error(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := entries(t, name); len(got) < 7 {
		t.Errorf("%d entries", len(got))
	}
}

// The terminal was killed and the disk is full: it starts all the same, takes no booking, and comes back by itself when there is room.
func TestFullDiskAtTheStart(t *testing.T) {
	dir := smallDisk(t)
	name := filepath.Join(dir, "journal.db")
	j := open(t, name)
	op := uuid.New()
	if err := record(t, j, op, kiosk.StageSent); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	other := stuff(t, dir)
	j, err := journal.OpenLater(name, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Progress(time.Hour); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("the journal says that it can be written to: %v", err)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if err := j.Progress(0); err != nil {
		t.Fatal(err)
	}
	if open := j.Unfinished(); len(open) != 1 || open[0].Operation != op {
		t.Errorf("unfinished %+v", open)
	}
}
