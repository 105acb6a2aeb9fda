package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// written makes a journal of n records and returns its only segment with records, and the owner's file of the closed
// journal.
func written(t *testing.T, n int) (data, owner []byte) {
	t.Helper()
	journal.SetSegmentSize(t, 48<<10)
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	for i := range n {
		r := kiosk.Record{Operation: uuid.UUID{byte(i + 1)}, Stage: kiosk.StageSent, Num: "008", Reason: reason(i + 1)}
		if err := j.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	all := segments(t, name)
	if len(all) != 1 && len(all) != 2 {
		t.Fatalf("segments: %v", all)
	}
	data, err := os.ReadFile(all[0])
	if err != nil {
		t.Fatal(err)
	}
	if owner, err = os.ReadFile(filepath.Join(name, "owner")); err != nil {
		t.Fatal(err)
	}
	return data, owner
}

// used is how many bytes of a segment are records.
func used(data []byte) int { return len(bytes.TrimRight(data, "\x00")) }

func reason(i int) string { return strings.Repeat("x", 5*i) }

func segments(t testing.TB, name string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(name, "*.seg"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// reopen opens a journal with this segment and holds it against the rules: it opens, what it has is what was written,
// what it has not is told and the damaged segment is kept, it takes new records, and it tells of the damage once.
func reopen(t *rapid.T, data, owner []byte, n int) (found int) {
	dir, err := os.MkdirTemp("", "infomat-damage-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "journal.db")
	first := filepath.Join(name, "00000001.seg")
	err = errors.Join(os.Mkdir(name, 0o700), os.WriteFile(first, data, 0o600),
		os.WriteFile(filepath.Join(name, "owner"), owner, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	told := journal.Read(name, func(journal.Entry) error { return nil })
	j, err := journal.Open(name, journal.Options{})
	if err := errors.Join(err, j.Err()); err != nil {
		t.Fatalf("a damaged journal keeps the terminal from working: %v", err)
	}
	last := 0
	for _, r := range j.Unfinished() {
		i := int(r.Operation[0])
		if r.Stage != kiosk.StageSent || r.Num != "008" || i <= last || i > n || r.Reason != reason(i) {
			t.Fatalf("a record that was never written, or not in order: %+v", r)
		}
		last = i
		found++
	}
	lost := found < n || len(data) != journal.SegmentSize()
	if lost != (j.Found.SetAside != "") || lost != (j.Found.Lost != "") || lost != (told != nil) {
		t.Fatalf("%d of %d records are there, and found is %+v; Read said %v", found, n, j.Found, told)
	}
	if j.Found.SetAside != "" {
		kept, err := os.ReadFile(filepath.Join(j.Found.SetAside, filepath.Base(first)))
		if err != nil || !bytes.Equal(kept, data) {
			t.Fatalf("the damaged segment was not kept: %v", err)
		}
	}
	if err := j.Append(t.Context(), kiosk.Record{Operation: uuid.UUID{99}, Stage: kiosk.StageIntent}); err != nil {
		t.Fatalf("after the damage: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	var seqs []uint64
	err = journal.Read(name, func(e journal.Entry) error { seqs = append(seqs, e.Seq); return nil })
	if err != nil || !slices.IsSorted(seqs) || len(slices.Compact(seqs)) != len(seqs) || seqs[len(seqs)-1] <= uint64(n) {
		t.Fatalf("after a damage that was noted: %v, %v", err, seqs)
	}
	if j, err = journal.Open(name, journal.Options{}); err != nil || j.Found.Lost != "" || len(j.Unfinished()) != found+1 {
		t.Fatalf("the second start: %v, %+v", err, j.Found)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTruncatedJournal(t *testing.T) {
	const n = 60
	data, owner := written(t, n)
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.OneOf(rapid.IntRange(0, used(data)), rapid.IntRange(0, len(data)-1)).Draw(t, "length")
		reopen(t, data[:length], owner, n)
	})
}

func TestFlippedBits(t *testing.T) {
	const n = 60
	data, owner := written(t, n)
	rapid.Check(t, func(t *rapid.T) {
		bad := []byte(string(data))
		flips := rapid.IntRange(1, 20).Draw(t, "flips")
		for range flips {
			bad[rapid.IntRange(0, used(data)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		}
		if found := reopen(t, bad, owner, n); found < n-2*flips {
			t.Fatalf("%d flipped bits cost %d entries", flips, n-found)
		}
	})
}

func TestOverwrittenBlocks(t *testing.T) {
	const n, block = 60, 512
	data, owner := written(t, n)
	rapid.Check(t, func(t *rapid.T) {
		bad := []byte(string(data))
		blocks := rapid.IntRange(1, 10).Draw(t, "blocks")
		for range blocks {
			at := rapid.IntRange(0, used(data)/block).Draw(t, "block") * block
			noise := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "noise"), 0))
			for i := range block {
				bad[at+i] = byte(noise.Uint32())
			}
		}
		reopen(t, bad, owner, n)
	})
}

// Whole segments that are empty or gone, the newest or all, are told by Read and by Open.
func TestSegmentsThatAreMissing(t *testing.T) {
	for what, damage := range map[string]func(all []string) error{
		"the newest is empty":         func(all []string) error { return os.Truncate(all[3], 0) },
		"one is empty":                func(all []string) error { return os.Truncate(all[1], 0) },
		"the first is empty":          func(all []string) error { return os.Truncate(all[0], 0) },
		"one is gone":                 func(all []string) error { return os.Remove(all[2]) },
		"one lost its end":            func(all []string) error { return os.Truncate(all[1], 3000) },
		"the spare lost its end":      func(all []string) error { return os.Truncate(all[4], 3000) },
		"one is longer":               func(all []string) error { return os.Truncate(all[1], 30000) },
		"the newest is gone":          func(all []string) error { return os.Remove(all[3]) },
		"the newest and the spare":    func(all []string) error { return errors.Join(os.Remove(all[3]), os.Remove(all[4])) },
		"every segment is":            func(all []string) error { return errors.Join(each(all, os.Remove)...) },
		"every one is empty":          func(all []string) error { return errors.Join(each(all, empty)...) },
		"one is zeros":                func(all []string) error { return zero(all[1]) },
		"the newest is zeros":         func(all []string) error { return zero(all[3]) },
		"one begins with zeros":       func(all []string) error { return overwrite(all[1], make([]byte, 512)) },
		"the first begins with noise": func(all []string) error { return overwrite(all[0], []byte(strings.Repeat("x", 99))) },
	} {
		for _, killed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, killed %t", what, killed), func(t *testing.T) {
				if killed && (what == "the newest and the spare" || what == "the newest is zeros") {
					t.Skip("nothing is left that tells of it")
				}
				journal.SetSegmentSize(t, 16<<10)
				name := filepath.Join(t.TempDir(), "journal.db")
				j := open(t, name)
				for len(segments(t, name)) < 5 {
					finish(t, j, uuid.New())
				}
				owner, err := os.ReadFile(filepath.Join(name, "owner"))
				if err := errors.Join(err, j.Close()); err != nil {
					t.Fatal(err)
				}
				if killed {
					if err := os.WriteFile(filepath.Join(name, "owner"), owner, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				newest := lastSeq(t, name)
				if err := damage(segments(t, name)); err != nil {
					t.Fatal(err)
				}
				var left []uint64
				told := journal.Read(name, func(e journal.Entry) error { left = append(left, e.Seq); return nil })
				if told == nil {
					t.Error("Read tells nothing")
				}
				for i, n := range left[:max(0, len(left)-1)] {
					gap := fmt.Sprintf("records %d to %d", n+1, left[i+1]-1)
					if left[i+1] != n+1 && !strings.Contains(told.Error(), gap) {
						t.Errorf("%v, and not %s", told, gap)
					}
				}
				if what == "one is gone" && !strings.Contains(told.Error(), "segments 3 to 3, records ") {
					t.Error(told)
				}
				j = open(t, name)
				if j.Found.Rescued != len(left) {
					t.Errorf("%d records were left, %d are said to be", len(left), j.Found.Rescued)
				}
				if n, _ := j.Newest(journal.KindQuarantine); j.Found.Lost == "" || !strings.Contains(n.Detail, j.Found.Lost) {
					t.Errorf("found %+v, noted %+v", j.Found, n)
				}
				finish(t, j, uuid.New())
				var now []uint64
				if err := journal.Read(name, func(e journal.Entry) error { now = append(now, e.Seq); return nil }); err != nil {
					t.Errorf("the note tells of the damage, and Read still does: %v", err)
				}
				if len(now) != len(left)+7 || !slices.Equal(now[:len(left)], left) {
					t.Errorf("%d records were left, and %d are there now", len(left), len(now))
				}
				if seq := lastSeq(t, name); !killed && seq <= newest {
					t.Errorf("numbers are used again: %d after %d", seq, newest)
				}
				if err := j.Close(); err != nil {
					t.Fatal(err)
				}
				j = open(t, name)
				defer j.Close()
				if j.Found.Lost != "" {
					t.Errorf("the second start tells of the damage once more: %+v", j.Found)
				}
			})
		}
	}
}

func lastSeq(t *testing.T, name string) uint64 {
	t.Helper()
	all := entries(t, name)
	return all[len(all)-1].Seq
}

func zero(name string) error {
	info, err := os.Stat(name)
	return errors.Join(err, os.WriteFile(name, make([]byte, info.Size()), 0o600))
}

func overwrite(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

func each(all []string, do func(string) error) (errs []error) {
	for _, name := range all {
		errs = append(errs, do(name))
	}
	return errs
}

func empty(name string) error { return os.Truncate(name, 0) }

func TestAFileThatIsNoJournalIsSetAside(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	if err := os.WriteFile(name, []byte(strings.Repeat("this is no journal ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	j := open(t, name)
	defer j.Close()
	if data, err := os.ReadFile(j.Found.SetAside); err != nil || !strings.HasPrefix(string(data), "this is") {
		t.Errorf("found %+v, the old file: %v", j.Found, err)
	}
	if err := j.Append(t.Context(), kiosk.Record{Stage: kiosk.StageIntent}); err != nil {
		t.Error(err)
	}
	first := entries(t, name)[0]
	if first.Kind != journal.KindQuarantine || !strings.Contains(first.Detail, j.Found.SetAside) {
		t.Errorf("the journal begins with %+v", first)
	}
}

// A terminal that is killed in its first moment leaves a directory without a segment: nothing is lost.
func TestDirectoryWithoutASegment(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := journal.Read(name, func(journal.Entry) error { return nil }); err != nil {
		t.Errorf("reading it: %v", err)
	}
	j, err := journal.Open(name, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if j.Found != (journal.Found{}) || j.Err() != nil {
		t.Errorf("found %+v, %v", j.Found, j.Err())
	}
}
