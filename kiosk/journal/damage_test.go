package journal_test

import (
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

// written makes a journal of n entries and gives its bytes, those of a process that was killed: no seal.
func written(t *testing.T, n int) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	for i := range n {
		if err := j.Append(t.Context(), kiosk.Record{Operation: uuid.UUID{byte(i + 1)}, Stage: kiosk.StageSent, Num: "008", Reason: strings.Repeat("x", 5*i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// reopen opens a file of these bytes, and holds what came of it against the rules: it opens, what it has is what was written, what it has not
// is told (but for the newest entry alone, where more than one place was hit: the entry and its mark may be gone together), the damaged file is
// kept, and it takes new entries.
func reopen(t *rapid.T, data []byte, n, places int) (found int) {
	dir, err := os.MkdirTemp("", "infomat-damage-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "journal.db")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(name, journal.Options{})
	if err != nil {
		t.Fatalf("a damaged journal keeps the terminal from working: %v", err)
	}
	defer j.Close()
	for _, r := range j.Unfinished() {
		i := int(r.Operation[0])
		if r.Stage != kiosk.StageSent || r.Num != "008" || i < 1 || i > n || r.Reason != strings.Repeat("x", 5*(i-1)) {
			t.Fatalf("an entry that was never written: %+v", r)
		}
		found++
	}
	unseen := places > 1 && found == n-1 && !slices.ContainsFunc(j.Unfinished(), func(r kiosk.Record) bool { return int(r.Operation[0]) == n })
	if found < n && j.Found.SetAside == "" && !unseen {
		t.Fatalf("%d of %d entries are there, and nothing was said", found, n)
	}
	if j.Found.SetAside != "" {
		if kept, err := os.ReadFile(j.Found.SetAside); err != nil || string(kept) != string(data) {
			t.Fatalf("the damaged file was not kept: %v", err)
		}
	}
	if err := j.Append(t.Context(), kiosk.Record{Operation: uuid.UUID{99}, Stage: kiosk.StageIntent}); err != nil {
		t.Fatalf("after the damage: %v", err)
	}
	return found
}

func TestTruncatedJournal(t *testing.T) {
	const n = 60
	data := written(t, n)
	rapid.Check(t, func(t *rapid.T) { reopen(t, data[:rapid.IntRange(1, len(data)-1).Draw(t, "length")], n, 1) })
}

func TestFlippedBits(t *testing.T) {
	const n = 60
	data := written(t, n)
	rapid.Check(t, func(t *rapid.T) {
		bad := []byte(string(data))
		flips := rapid.IntRange(1, 20).Draw(t, "flips")
		for range flips {
			bad[rapid.IntRange(0, len(bad)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		}
		if found := reopen(t, bad, n, flips); found < n-flips {
			t.Fatalf("%d flipped bits cost %d entries", flips, n-found)
		}
	})
}

func TestOverwrittenBlocks(t *testing.T) {
	const n, block = 60, 512
	data := written(t, n)
	rapid.Check(t, func(t *rapid.T) {
		bad := []byte(string(data))
		blocks := rapid.IntRange(1, 10).Draw(t, "blocks")
		for range blocks {
			at := rapid.IntRange(0, len(bad)/block-1).Draw(t, "block") * block
			noise := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "noise"), 0))
			for i := range block {
				bad[at+i] = byte(noise.Uint32())
			}
		}
		reopen(t, bad, n, blocks)
	})
}

// A file that says with its seal that it is whole, and is not, is not believed.
func TestDamageUnderASeal(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	for i := range 20 {
		if err := j.Append(t.Context(), kiosk.Record{Operation: uuid.UUID{byte(i + 1)}, Stage: kiosk.StageSent}); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 2 * os.Getpagesize(); i < len(data); i++ {
		data[i] ^= 0xff
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	j = open(t, name)
	defer j.Close()
	if len(j.Unfinished()) != 0 || j.Found.SetAside != "" && j.Found.Lost == "" {
		t.Errorf("%d entries, found %+v", len(j.Unfinished()), j.Found)
	}
}

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
}
