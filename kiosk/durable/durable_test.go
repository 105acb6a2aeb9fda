//go:build unix

package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"infomat/kiosk/durable"
)

func TestWriteFileReplaces(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	for _, text := range []string{"one", "two, and longer", ""} {
		if err := durable.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != text {
			t.Errorf("%q, %v; want %q", got, err, text)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

// A file that is replaced is a new file: a reader of the old one reads it to its end.
func TestWriteFileLeavesTheOldOneToItsReaders(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	if err := durable.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := durable.WriteFile(name, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 3)
	if _, err := f.Read(got); err != nil || string(got) != "old" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestMode(t *testing.T) {
	dir := t.TempDir()
	for _, first := range []fs.FileMode{0o644, 0o600, 0o640} {
		name := filepath.Join(dir, first.String())
		for _, mode := range []fs.FileMode{first, 0o604} { // the second finds a file
			if err := durable.WriteFile(name, nil, mode); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(name)
			if err != nil || info.Mode().Perm() != first {
				t.Errorf("mode %v, %v; want %v", info.Mode(), err, first)
			}
		}
	}
}

func TestWriteFileFails(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{filepath.Join(dir, "no", "such"), dir} {
		err := durable.WriteFile(name, nil, 0o600)
		if err == nil || !strings.HasPrefix(err.Error(), "durable: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A link is replaced and what it leads to is left alone; nothing changes its owner.
func TestWriteFileFollowsNoLink(t *testing.T) {
	dir := t.TempDir()
	other, name := filepath.Join(dir, "other"), filepath.Join(dir, "f")
	if err := os.WriteFile(other, []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(other, name); err != nil {
		t.Fatal(err)
	}
	if err := durable.WriteFile(name, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(other); err != nil || string(got) != "other" {
		t.Errorf("behind the link: %q, %v", got, err)
	}
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		t.Errorf("%v, %v", info, err)
	}
	if os.Geteuid() != 0 {
		return // only root's files could have been given away
	}
	if err := os.Chown(dir, 65534, 65533); err != nil {
		t.Fatal(err)
	}
	if err := durable.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if s := info.Sys().(*syscall.Stat_t); s.Uid != 0 {
		t.Errorf("given to %d", s.Uid)
	}
}

// Overwrite keeps the file, its mode and what stands behind the data.
func TestOverwrite(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	if err := os.WriteFile(name, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := durable.Overwrite(name, []byte("abc")); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(name)
	if err != nil || !os.SameFile(before, after) || after.Mode() != before.Mode() {
		t.Errorf("%v, %v", after, err)
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != "abc45" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestOverwriteFails(t *testing.T) {
	dir := t.TempDir()
	if err := durable.Overwrite(filepath.Join(dir, "none"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that does not exist: %v", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("a file was made: %v, %v", files, err)
	}
	if err := durable.Overwrite("/dev/full", []byte("a")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full device: %v", err)
	}
}
