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

// smallDisk is a file system with room for four segments.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1200k"); err != nil {
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

// begun fills the disk while a booking is under way, and begins others until one is refused.
func begun(t *testing.T, j *journal.Journal, dir string) (op uuid.UUID, other string) {
	t.Helper()
	op = uuid.New()
	if err := errors.Join(record(t, j, op, kiosk.StageIntent), record(t, j, op, kiosk.StageSent)); err != nil {
		t.Fatal(err)
	}
	other = stuff(t, dir)
	for range 5000 { // the room of the newest segment and the spare is there in any case
		err := record(t, j, uuid.New(), kiosk.StageIntent)
		if errors.Is(err, syscall.ENOSPC) {
			return op, other
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("bookings begin without end on a full disk")
	return op, other
}

// The disk is full in the middle of a booking: no other booking begins when the spare segment is in use, and this one
// is recorded to its end, and hundreds more.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t)
	name := filepath.Join(dir, "journal.db")
	j := open(t, name)
	op, other := begun(t, j, dir)
	if _, err := os.Stat(filepath.Join(name, "new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a part of a segment takes room: %v", err)
	}
	if err := j.Note(t.Context(), journal.KindDevice, journal.Note{Subject: "printer"}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a note takes the room of the bookings: %v", err)
	}
	if err := j.Progress(time.Hour); !errors.Is(err, syscall.ENOSPC) || !errors.Is(j.Err(), syscall.ENOSPC) {
		t.Fatalf("the journal says that it can be written to: %v, %v", err, j.Err())
	}
	for i := range 400 {
		for _, s := range []kiosk.Stage{kiosk.StageConfirmed, kiosk.StageDone} {
			if err := record(t, j, op, s); err != nil {
				t.Fatalf("%s of %d is lost: %v", s, i, err)
			}
		}
		op = uuid.New()
	}
	if err := j.Progress(time.Hour); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("records of bookings that have begun make it well: %v", err)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if err := j.Progress(time.Hour); err != nil || j.Err() != nil {
		t.Fatalf("there is room again: %v", err)
	}
	if err := record(t, j, uuid.New(), kiosk.StageIntent); err != nil {
		t.Error(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := entries(t, name); len(got) < 800 {
		t.Errorf("%d entries", len(got))
	}
}

// The terminal was killed and the disk is full: it starts all the same, knows what is unfinished, takes no booking, and
// comes back by itself when there is room.
func TestFullDiskAtTheStart(t *testing.T) {
	dir := smallDisk(t)
	name := filepath.Join(dir, "journal.db")
	j := open(t, name)
	op, other := begun(t, j, dir)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, name)
	defer j.Close()
	if open := j.Unfinished(); len(open) == 0 || open[0].Operation != op || open[0].Stage != kiosk.StageSent {
		t.Errorf("unfinished %+v", open)
	}
	if err := record(t, j, uuid.New(), kiosk.StageIntent); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a booking begins: %v", err)
	}
	if err := j.Progress(time.Hour); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("the journal says that it can be written to: %v", err)
	}
	if err := record(t, j, op, kiosk.StageConfirmed); err != nil {
		t.Errorf("a booking that has begun is not recorded: %v", err)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if err := j.Progress(time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := record(t, j, uuid.New(), kiosk.StageIntent); err != nil {
		t.Error(err)
	}
}

// A new journal on a full disk is opened when there is room.
func TestFullDiskAtTheFirstStart(t *testing.T) {
	dir := smallDisk(t)
	other := stuff(t, dir)
	j, err := journal.Open(filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	err = record(t, j, uuid.New(), kiosk.StageIntent)
	if !errors.Is(err, syscall.ENOSPC) || !errors.Is(j.Err(), syscall.ENOSPC) {
		t.Errorf("a booking begins: %v", err)
	}
	if err := j.Progress(time.Hour); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("the journal says that it can be written to: %v", err)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if err := j.Progress(time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := record(t, j, uuid.New(), kiosk.StageIntent); err != nil || j.Found != (journal.Found{}) {
		t.Errorf("%v, found %+v", err, j.Found)
	}
}

// A damaged journal on a full disk is kept once, however often it is tried to open it.
func TestDamageOnAFullDisk(t *testing.T) {
	dir := smallDisk(t)
	name := filepath.Join(dir, "journal.db")
	j := open(t, name)
	if err := errors.Join(record(t, j, uuid.New(), kiosk.StageIntent), j.Close()); err != nil {
		t.Fatal(err)
	}
	all := segments(t, name)
	other := stuff(t, dir)
	if err := os.Truncate(all[0], 3000); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(all[1]); err != nil {
		t.Fatal(err)
	}
	again := stuff(t, dir)
	j, err := journal.Open(name, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for range 3 {
		if err := j.Progress(time.Hour); !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Remove(other), os.Remove(again), j.Progress(time.Hour)); err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(name + ".damaged-*")
	if err != nil || len(kept) != 1 || kept[0] != j.Found.SetAside || j.Found.Lost == "" {
		t.Errorf("%v, kept %v, found %+v", err, kept, j.Found)
	}
	if all := entries(t, name); len(all) != 2 || all[1].Kind != journal.KindQuarantine {
		t.Errorf("%+v", all)
	}
}
