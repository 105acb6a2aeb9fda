package pin_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"infomat/kiosk/pin"
)

const nobody = 65534

// asNobody takes root's right to write everywhere from this test until it ends. Root is allowed what chmod forbids, so
// a test of what cannot be written could not fail without it.
func asNobody(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	runtime.LockOSThread() // the user of a file access belongs to the thread
	set := func(id int) {
		if _, err := unix.SetfsuidRetUid(id); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		set(0)
		runtime.UnlockOSThread()
	})
	set(nobody)
}

// readOnlyLock returns a lock whose files can be read and not written. The returned function makes them writable.
func readOnlyLock(t *testing.T) (*pin.Lock, *clock, func()) {
	t.Helper()
	dir := t.TempDir()
	l, c := lockIn(t, dir)
	chmod := func(folder, file fs.FileMode) {
		t.Helper()
		if err := errors.Join(os.Chmod(dir, folder), os.Chmod(l.File+".failures", file)); err != nil {
			t.Fatal(err)
		}
	}
	if os.Geteuid() == 0 {
		if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil { // t.TempDir lies below a folder of root alone
			t.Fatal(err)
		}
		for _, name := range []string{dir, l.File, l.File + ".failures"} {
			if err := os.Chown(name, nobody, -1); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Cleanup(func() { chmod(0o700, 0o600) })
	chmod(0o500, 0o400)
	asNobody(t)
	return l, c, func() { chmod(0o700, 0o600) }
}

// Where a failure cannot be counted on disk the right PIN opens, after a pause, and tries are not free: each costs the
// pause, also after a restart.
func TestCountThatCannotBeWritten(t *testing.T) {
	l, c, _ := readOnlyLock(t)
	if v := l.Peek(); v.Status != pin.Uncounted || v.Err == nil || v.Left != 5 {
		t.Fatalf("the files say %+v", v)
	}
	waits := func(v pin.Verdict, want time.Duration) {
		t.Helper()
		if v.Status != pin.Waiting || v.Until.Sub(c.now) != want {
			t.Fatalf("%+v, want to wait %s", v, want)
		}
		if !errors.Is(v.Err, fs.ErrPermission) || !strings.Contains(v.Err.Error(), l.File) {
			t.Fatalf("error %v does not name the file and its fault", v.Err)
		}
	}
	for range 3 { // a restart before each try: the PIN is not looked at before the pause has passed
		l = reboot(l.File, c)
		waits(l.Try(right), time.Minute)
		c.now = c.now.Add(time.Minute - 1)
		waits(l.Try(right), 1)
	}
	c.now = c.now.Add(1)
	if v := l.Status(); v.Status != pin.Uncounted || v.Err == nil || v.Left != 5 {
		t.Fatalf("%+v", v)
	}
	for _, w := range []time.Duration{1, 1, 1, 1, 1, 1, 1, 2, 4, 8, 16, 32, 64, 128} { // in minutes
		waits(l.Try(other), w*time.Minute)
		c.now = c.now.Add(w * time.Minute)
	}
	if v := l.Try(right); v.Status != pin.Open {
		t.Fatalf("the right PIN does not open: %+v", v)
	}
	if v := l.Status(); v.Status != pin.Uncounted || v.Left != 5 {
		t.Errorf("the failures were not cleared in memory: %+v", v)
	}
	for range 15 {
		c.now = c.now.Add(1000 * time.Hour)
		l.Try(other)
	}
	if v := l.Try(right); v.Status != pin.Locked || v.Err == nil {
		t.Errorf("15 failures in memory: %+v", v)
	}
}

// Failures that were counted in memory are written with the next try once the disk can be written.
func TestTheCountIsWrittenWhenTheDiskHeals(t *testing.T) {
	l, c, heal := readOnlyLock(t)
	for range 3 {
		l.Try(other)
		c.now = c.now.Add(time.Minute)
	}
	heal()
	if v := l.Try(other); v != (pin.Verdict{Status: pin.Wrong, Left: 2}) { // the first of the three was not looked at
		t.Fatalf("%+v", v)
	}
	if v := reboot(l.File, c).Status(); v != (pin.Verdict{Status: pin.Ready, Left: 2}) {
		t.Errorf("%+v", v)
	}
}

// What the console unlocks counts, also where this lock could not write its own count.
func TestTheConsoleUnlocksACountInMemory(t *testing.T) {
	l, c, heal := readOnlyLock(t)
	for range 16 {
		l.Try(other)
		c.now = c.now.Add(1000 * time.Hour)
	}
	if v := l.Status(); v.Status != pin.Locked {
		t.Fatalf("%+v", v)
	}
	heal()
	if v := l.Status(); v.Status != pin.Locked {
		t.Fatalf("a disk that heals unlocks: %+v", v)
	}
	if err := pin.Unlock(l.File); err != nil {
		t.Fatal(err)
	}
	if v := l.Status(); v != (pin.Verdict{Status: pin.Ready, Left: 5}) {
		t.Errorf("%+v", v)
	}
}

// A full disk takes the count: it is overwritten in place. The right PIN opens at once, no restart gains a try.
func TestFullDisk(t *testing.T) {
	l, c := lockIn(t, smallDisk(t))
	fill(t, filepath.Dir(l.File))
	more := filepath.Join(filepath.Dir(l.File), "more")
	if err := os.WriteFile(more, []byte("more"), 0o600); !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	if v := l.Peek(); v != (pin.Verdict{Status: pin.Ready, Left: 5}) {
		t.Errorf("the files say %+v", v)
	}
	if v := l.Try(right); v != (pin.Verdict{Status: pin.Open}) {
		t.Errorf("the right PIN: %+v", v)
	}
	for n := 1; n < 5; n++ {
		if v := l.Try(other); v != (pin.Verdict{Status: pin.Wrong, Left: 5 - n}) {
			t.Fatalf("failure %d: %+v", n, v)
		}
		l = reboot(l.File, c)
	}
	for range 10 {
		l.Try(other)
		c.now = c.now.Add(1000 * time.Hour)
		l = reboot(l.File, c)
		l.Status()
		c.now = c.now.Add(1000 * time.Hour)
	}
	l.Try(other)
	if v := reboot(l.File, c).Try(right); v.Status != pin.Locked {
		t.Errorf("15 failures with a restart after each: %+v", v)
	}
	if err := pin.Unlock(l.File); err != nil {
		t.Errorf("a full disk cannot be unlocked: %v", err)
	}
	if v := l.Status(); v.Status != pin.Ready || v.Left != 5 {
		t.Errorf("%+v", v)
	}
}

// smallDisk mounts a file system of 64 kB.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("a file system can be mounted by root alone: ", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill writes until the disk has no room.
func fill(t *testing.T, dir string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for err == nil {
		_, err = f.Write(make([]byte, 512))
	}
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatal(err)
	}
}
