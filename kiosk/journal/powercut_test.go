package journal

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"infomat/kiosk"
)

// most is the cap of the journal whose power is cut: some segments of 8 kB.
const most = 40 << 10

// sector is what a disk writes whole or not at all.
const sector = 512

// WriteSegments makes a journal of so many bytes with one booking that has not ended, without a sync.
func WriteSegments(name string, size int64, r kiosk.Record) error {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return err
	}
	var data []byte
	segment, last := uint64(1), uint64(0)
	stages := []kiosk.Stage{kiosk.StageIntent, kiosk.StageConfirmed, kiosk.StagePrinted, kiosk.StageDone}
	for {
		r.Stage = stages[last%4]
		if last%4 == 0 {
			r.Operation = uuid.New()
		}
		raw, err := encode(Entry{Seq: last + 1, Kind: KindBooking, At: r.HoldUntil, Record: &r}, last)
		if err != nil {
			return err
		}
		if int64(len(data)+len(raw)) > segmentSize {
			full := slices.Concat(data, make([]byte, segmentSize-int64(len(data))))
			if err := os.WriteFile(path(name, segment), full, 0o600); err != nil {
				return err
			}
			if data, segment = nil, segment+1; int64(segment)*segmentSize > size && last%4 != 0 {
				return nil
			}
		}
		data, last = append(data, raw...), last+1
	}
}

// files are the files of a journal by their names.
type files map[string]string

func readFiles(t *testing.T, name string) files {
	t.Helper()
	all, err := os.ReadDir(name)
	if err != nil {
		t.Fatal(err)
	}
	f := files{}
	for _, e := range all {
		data, err := os.ReadFile(filepath.Join(name, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		f[e.Name()] = string(data)
	}
	return f
}

// change is a journal before and after the writes that one sync puts on disk.
type change struct {
	before, after files
	named         files    // whose names are on disk: the directory was synced since they were made
	synced        []uint64 // numbers of the records that are on disk before and were not removed after
}

// changes fills a journal beyond its cap, so that segments are made and removed.
func changes(t *testing.T) (all []change) {
	t.Helper()
	SetSegmentSize(t, 8<<10)
	name := filepath.Join(t.TempDir(), "journal.db")
	j, err := Open(name, Options{Max: most})
	if err := errors.Join(err, j.Err()); err != nil {
		t.Fatal(err)
	}
	before := readFiles(t, name)
	named, synced := before, []uint64{}
	j.sync = func(f *os.File) error {
		after := readFiles(t, name)
		var kept []uint64
		if _, err := read(name, func(l line) error { kept = append(kept, l.number); return nil }); err != nil {
			t.Fatal(err)
		}
		synced = slices.DeleteFunc(synced, func(n uint64) bool { return n < kept[0] })
		all = append(all, change{before, after, named, synced})
		if before, synced = after, kept; f.Name() == name {
			named = after
		}
		return f.Sync()
	}
	stages := []kiosk.Stage{kiosk.StageSent, kiosk.StageDone, kiosk.StageDone, kiosk.StageDone}
	for i := range 400 {
		r := kiosk.Record{Operation: uuid.UUID{byte(i/8 + 1)}, Stage: stages[i%4], Reason: strings.Repeat("x", i)}
		if err := errors.Join(j.Append(t.Context(), r), j.Progress(0)); err != nil {
			t.Fatal(err)
		}
	}
	if j.oldest == 1 {
		t.Fatal("nothing was removed")
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

// The power goes while something is being written, and any part of it has reached the disk, in any order: every record
// that was on disk before is there, in order, and no damage is told.
func TestPowerCut(t *testing.T) {
	all := changes(t)
	rapid.Check(t, func(t *rapid.T) {
		c := all[rapid.IntRange(0, len(all)-1).Draw(t, "sync")]
		name, err := os.MkdirTemp("", "infomat-power-")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = errors.Join(os.RemoveAll(name), os.Remove(name+".lock")) }()
		c = renamed(c, rapid.Bool().Draw(t, "renamed"))
		for _, file := range slices.Sorted(maps.Keys(merged(c))) {
			if data, there := torn(t, c, file); there {
				if err := os.WriteFile(filepath.Join(name, file), []byte(data), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		j, err := Open(name, Options{Max: most})
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		if j.Found.Lost != "" {
			t.Fatalf("damage was told where there is none: %+v", j.Found)
		}
		var there []uint64
		if err := Read(name, func(e Entry) error { there = append(there, e.Seq); return nil }); err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(there) || len(slices.Compact(slices.Clone(there))) != len(there) {
			t.Fatalf("the order is lost: %v", there)
		}
		for _, number := range c.synced {
			if _, found := slices.BinarySearch(there, number); !found {
				t.Fatalf("record %d was on disk and is gone", number)
			}
		}
	})
}

// renamed returns the change with the rename of a new segment on disk, or without it: no disk has both names or none.
func renamed(c change, done bool) change {
	data, was := c.before["new"]
	_, is := c.after["new"]
	for file := range c.after {
		if _, known := c.before[file]; !was || is || known || data != c.after[file] {
			continue
		}
		c.before, c.after = maps.Clone(c.before), maps.Clone(c.after)
		if done {
			delete(c.before, "new")
			c.before[file] = data
		} else {
			delete(c.after, file)
			c.after["new"] = data
		}
		break
	}
	return c
}

func merged(c change) files {
	all := maps.Clone(c.before)
	maps.Copy(all, c.after)
	return all
}

// torn returns a file of which any part of the change has reached the disk.
func torn(t *rapid.T, c change, file string) (data string, there bool) {
	before, was := c.before[file]
	after, is := c.after[file]
	if _, named := c.named[file]; was && !named && rapid.Bool().Draw(t, "the name is lost") {
		return "", false
	}
	if before == after && was == is {
		return before, true
	}
	if was != is && rapid.Bool().Draw(t, "the name is on disk") {
		was = is
	}
	if !was {
		return "", false
	}
	if !is {
		return before, true
	}
	size := rapid.SampledFrom([]int{len(before), len(after), (len(before) + len(after)) / 2}).Draw(t, "size")
	out := make([]byte, size)
	copy(out, before)
	for at := 0; at < size; at += sector {
		end := min(at+sector, size, len(after))
		if end > at && rapid.Bool().Draw(t, "written") {
			copy(out[at:end], after[at:end])
		}
	}
	return string(out), true
}

// After a failed or panicked sync nobody knows what is on disk: the record is not told as written, its number is not
// used again, the segment takes no more, and Progress heals the journal, but not before a write has succeeded.
func TestASyncThatFails(t *testing.T) {
	broken := errors.New("input/output error")
	for name, c := range map[string]struct {
		segments bool // only the segments' sync fails, not that of what is made for them
		failures int
		fail     func() error
	}{
		"one error":               {true, 1, func() error { return broken }},
		"errors in two segments":  {true, 2, func() error { return broken }},
		"errors in many segments": {true, 5, func() error { return broken }},
		"errors of everything":    {false, 2, func() error { return broken }},
		"panic":                   {true, 1, func() error { panic(broken) }},
		"panics of everything":    {false, 2, func() error { panic(broken) }},
	} {
		for _, spare := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, spare %t", name, spare), func(t *testing.T) {
				name := filepath.Join(t.TempDir(), "journal.db")
				j, err := Open(name, Options{})
				if err != nil {
					t.Fatal(err)
				}
				add := func(n byte) error {
					return j.Append(t.Context(), kiosk.Record{Operation: uuid.UUID{n}, Stage: kiosk.StageSent})
				}
				if err := add(1); err != nil {
					t.Fatal(err)
				}
				if spare {
					if err := j.Progress(0); err != nil {
						t.Fatal(err)
					}
				}
				segment, good, attempted := j.file.Name(), j.sync, uint64(0)
				j.sync = func(f *os.File) error {
					if inSegment := strings.HasSuffix(f.Name(), ".seg"); inSegment || !c.segments {
						if inSegment {
							attempted = j.next
						}
						return c.fail()
					}
					return good(f)
				}
				for n := range c.failures {
					if err := add(byte(2 + n)); err == nil || !strings.Contains(err.Error(), broken.Error()) {
						t.Fatalf("a record that is not on disk: %v", err)
					}
				}
				if err := j.Err(); err == nil {
					t.Error("the failure is not kept")
				}
				if err := j.Progress(time.Hour); err == nil {
					t.Error("nothing was proven, and Progress says that all is well")
				}
				j.sync = good
				if err := j.Progress(time.Hour); err != nil || j.Err() != nil {
					t.Fatalf("it is not healed: %v", err)
				}
				if err := add(99); err != nil {
					t.Fatal(err)
				}
				if j.file.Name() == segment {
					t.Error("the segment whose sync failed takes records again")
				}
				var seqs []uint64
				var operations []byte
				collect := func(e Entry) error {
					seqs, operations = append(seqs, e.Seq), append(operations, e.Operation[0])
					return nil
				}
				if err := Read(name, collect); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(operations, []byte{1, 99}) || seqs[1] <= attempted {
					t.Errorf("operations %v, numbers %v: those up to %d were tried", operations, seqs, attempted)
				}
				if err := j.Close(); err != nil {
					t.Fatal(err)
				}
				if j, err = Open(name, Options{}); err != nil || j.Found != (Found{}) || j.last != seqs[1] {
					t.Errorf("after a restart: %v, %+v", err, j.Found)
				}
				_ = j.Close()
			})
		}
	}
}

// Progress writes only where nothing was written for as long as it is told, or the spare segment is missing.
func TestProgressWritesOnlyWhereItHasTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, err := Open(filepath.Join(t.TempDir(), "journal.db"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		writes := 0
		good := j.sync
		j.sync = func(f *os.File) error { writes++; return good(f) }
		progress := func(what string, quiet time.Duration, want bool) {
			t.Helper()
			writes = 0
			if err := j.Progress(quiet); err != nil || (writes > 0) != want {
				t.Errorf("%s: %d syncs, %v", what, writes, err)
			}
		}
		progress("a new journal", time.Minute, true)
		progress("at once", time.Minute, false)
		time.Sleep(time.Minute - 1)
		progress("a nanosecond too early", time.Minute, false)
		time.Sleep(time.Nanosecond)
		progress("after a minute", time.Minute, true)
		time.Sleep(time.Minute - 1)
		if err := j.Append(t.Context(), kiosk.Record{Stage: kiosk.StageIntent}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute - 1)
		progress("a record in between", time.Minute, false)
		j.spare = false
		progress("no spare segment", time.Minute, true)
		j.failed = errors.New("a failure")
		progress("a failure", time.Minute, true)
	})
}

// A segment is filled to its last byte, and a full one is not damaged.
func TestASegmentThatIsFull(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	r := kiosk.Record{Operation: uuid.UUID{1}, Stage: kiosk.StageSent, At: time.Unix(0, 1)}
	for _, records := range []int64{0, 1, 4} {
		j, err := Open(name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for range records {
			if err := j.Append(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		if records > 0 && (j.newest != 1 || j.size != segmentSize) {
			t.Errorf("%d records: segment %d has %d of %d bytes", records, j.newest, j.size, segmentSize)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if j, err = Open(name, Options{}); err != nil || j.Found != (Found{}) {
			t.Fatalf("%v, %+v", err, j.Found)
		}
		if err := j.Append(t.Context(), r); err != nil || records > 0 && j.newest != 2 {
			t.Errorf("the next record: %v, in segment %d", err, j.newest)
		}
		size := j.size
		if err := errors.Join(j.Close(), os.RemoveAll(name)); err != nil {
			t.Fatal(err)
		}
		SetSegmentSize(t, size*max(1, records*4))
	}
}

// At the cap the disk fails while room is made: the INTENT is refused, nothing that was synced is lost, and it heals.
func TestRoomThatCannotBeMade(t *testing.T) {
	broken := errors.New("input/output error")
	for name, fails := range map[string]func(*os.File) bool{
		"the new segment": func(f *os.File) bool { return filepath.Base(f.Name()) == "new" },
		"the directory":   func(f *os.File) bool { return filepath.Base(f.Name()) == "journal.db" },
	} {
		t.Run(name, func(t *testing.T) {
			SetSegmentSize(t, 8<<10)
			name := filepath.Join(t.TempDir(), "journal.db")
			j, err := Open(name, Options{Max: most})
			if err := errors.Join(err, j.Err()); err != nil {
				t.Fatal(err)
			}
			synced := 0
			add := func(s kiosk.Stage) error {
				r := kiosk.Record{Operation: uuid.UUID{1}, Stage: s, Reason: strings.Repeat("x", 300)}
				err := j.Append(t.Context(), r)
				if err == nil {
					synced++
				}
				return err
			}
			for j.oldest == 1 || j.spare {
				if err := add(kiosk.StageDone); err != nil {
					t.Fatal(err)
				}
			}
			good := j.sync
			j.sync = func(f *os.File) error {
				if fails(f) {
					return broken
				}
				return good(f)
			}
			if err := add(kiosk.StageIntent); !errors.Is(err, broken) {
				t.Errorf("without a spare segment a booking begins: %v", err)
			}
			if err := j.Progress(time.Hour); !errors.Is(err, broken) {
				t.Errorf("Progress: %v", err)
			}
			if err := add(kiosk.StageDone); err != nil {
				t.Errorf("the record of a booking that has begun: %v", err)
			}
			if err := j.Progress(time.Hour); !errors.Is(err, broken) {
				t.Errorf("one record makes it well: %v", err)
			}
			j.sync = good
			if err := errors.Join(j.Progress(time.Hour), add(kiosk.StageIntent), j.Close()); err != nil {
				t.Fatal(err)
			}
			last := uint64(0)
			if err := Read(name, func(e Entry) error { last = e.Seq; return nil }); err != nil || last != uint64(synced) {
				t.Errorf("%d records were synced, the last is %d: %v", synced, last, err)
			}
		})
	}
}

// A record that no segment can take is refused, and the next one is written.
func TestARecordThatIsTooLong(t *testing.T) {
	SetSegmentSize(t, 8<<10)
	j, err := Open(filepath.Join(t.TempDir(), "journal.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	n := Note{Subject: "panic", Stack: slices.Repeat([]string{strings.Repeat("x", 400)}, 40)}
	if err := j.Note(t.Context(), KindPanic, n); err == nil {
		t.Error("16 kB in 8 kB")
	}
	n.Stack = n.Stack[:10]
	if err := j.Note(t.Context(), KindPanic, n); err != nil || j.last != 1 {
		t.Errorf("%v, record %d", err, j.last)
	}
}
