package journal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"infomat/kiosk"
)

// sector is what a disk writes whole or not at all.
const sector = 512

// change is a journal's file before and after one transaction.
type change struct {
	before, after []byte
	kept          map[uint64]bool // the entries that are in both
}

// changes adds entries to a journal that is soon full, so that pages are freed and used again.
func changes(t *testing.T) (all []change) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "journal.db")
	j, err := Open(name, Options{Max: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var before []byte
	var had content
	sync := j.sync
	j.sync = func() error {
		after, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		has := scan(after)
		kept := map[uint64]bool{}
		for _, f := range had.frames {
			kept[f.entry.Seq] = f.entry.Seq > has.trimmed
		}
		all = append(all, change{before, after, kept})
		before, had = after, has
		return sync()
	}
	for i := range 120 {
		stage := []kiosk.Stage{kiosk.StageSent, kiosk.StageDone, kiosk.StageDone, kiosk.StageDone}[i%4]
		if err := j.Append(t.Context(), kiosk.Record{Operation: uuid.UUID{byte(i/8 + 1)}, Stage: stage, Reason: strings.Repeat("x", 3*i)}); err != nil {
			t.Fatal(err)
		}
	}
	if had.trimmed == 0 {
		t.Fatal("nothing was trimmed")
	}
	return all[1:]
}

// The power goes while an entry is being written, and any part of what was written has reached the disk, in any order: everything from before is there.
func TestPowerCut(t *testing.T) {
	all := changes(t)
	rapid.Check(t, func(t *rapid.T) {
		m := all[rapid.IntRange(0, len(all)-1).Draw(t, "transaction")]
		data := append([]byte(nil), m.before...)
		data = append(data, make([]byte, len(m.after)-len(m.before))...) // the file was made longer, and that is synced by itself
		for at := 0; at < len(data); at += sector {
			if string(data[at:at+sector]) != string(m.after[at:at+sector]) && rapid.Bool().Draw(t, "written") {
				copy(data[at:], m.after[at:at+sector])
			}
		}
		dir, err := os.MkdirTemp("", "infomat-power-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		name := filepath.Join(dir, "journal.db")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := Open(name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		there := map[uint64]bool{}
		if err := Read(name, func(e Entry) error { there[e.Seq] = true; return nil }); err != nil {
			t.Fatal(err)
		}
		for seq, kept := range m.kept {
			if kept && !there[seq] {
				t.Fatalf("entry %d was on disk and is gone", seq)
			}
		}
	})
}

// A disk that fails to sync may have lost what it took before, also what it says it has: the journal is built anew on it, and takes nothing until then.
func TestASyncThatFails(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j, err := Open(name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	add := func(n byte) error {
		return j.Append(t.Context(), kiosk.Record{Operation: uuid.UUID{n}, Stage: kiosk.StageSent})
	}
	if err := add(1); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("input/output error")
	j.sync = func() error { return broken }
	for _, n := range []byte{2, 3} {
		if err := add(n); !errors.Is(err, broken) {
			t.Fatalf("an entry that is not on disk: %v", err)
		}
	}
	was, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Progress(0); err != nil {
		t.Fatal(err)
	}
	if is, err := os.Stat(name); err != nil || os.SameFile(was, is) {
		t.Errorf("the file was not built anew: %v", err)
	}
	if err := add(4); err != nil {
		t.Fatal(err)
	}
	has := map[byte]bool{}
	for _, r := range j.Unfinished() {
		has[r.Operation[0]] = true
	}
	if !has[1] || has[3] || !has[4] || j.Found.SetAside != "" {
		t.Errorf("unfinished %v, found %+v", has, j.Found)
	}
}
