package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// Parts of the cap in percent: from nearlyFull on a note says that the oldest records will go; trimming stops at trimTo.
const (
	nearlyFull = 80
	trimTo     = 90
)

// ballastSize is room for some hundred records. The ballast is removed when the disk is full, so that a booking that has
// begun is recorded to its end.
const ballastSize = 256 << 10

// segmentSize is from how many bytes on a segment takes no more.
func (j *Journal) segmentSize() int64 { return min(maxSegment, j.max/16) }

// prepare makes sure that the newest segment takes a record. The caller holds j.mu.
func (j *Journal) prepare() error {
	if j.file != nil && j.segments[len(j.segments)-1].size < j.segmentSize() {
		return nil
	}
	j.drop()
	s := segment{first: j.next}
	f, err := os.OpenFile(s.path(j.name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := syncDir(j.name); err != nil {
		return errors.Join(err, f.Close())
	}
	j.file, j.segments = f, append(j.segments, s)
	return nil
}

// trim removes the oldest segments where the cap is reached: none with a record that is as young as the first of a
// booking that has not ended. What newestFile says of the oldest is on disk before.
func (j *Journal) trim() error {
	stop := uint64(math.MaxUint64)
	for _, b := range j.open {
		stop = min(stop, b.first)
	}
	n, left := 0, j.used
	for ; n+1 < len(j.segments) && left > j.max/100*trimTo && j.segments[n+1].first <= stop; n++ {
		left -= j.segments[n].size
	}
	if n == 0 {
		return nil
	}
	kept := j.segments[n:]
	if err := errors.Join(j.mark(kept[0].first), j.sync(j.newest)); err != nil {
		return err
	}
	for _, s := range j.segments[:n] {
		if err := os.Remove(s.path(j.name)); ignore(err, fs.ErrNotExist) != nil {
			return err
		}
	}
	j.segments, j.used = kept, left
	return j.put(note(KindSpace, "trimmed", fmt.Sprintf("the records before %d were trimmed", kept[0].first)))
}

// mark writes newestFile.
func (j *Journal) mark(oldest uint64) error {
	_, err := j.newest.WriteAt(line{number: j.last, previous: oldest, kind: "-", stage: "-", operation: "-"}.encode(), 0)
	return err
}

// makeRoom notes once that the journal is nearly full, and trims it where the next segment would go beyond the cap.
func (j *Journal) makeRoom() error {
	if j.used < j.max/100*nearlyFull {
		j.warned = false
		return nil
	}
	if !j.warned {
		detail := fmt.Sprintf("%d of %d bytes are used; the oldest records will be trimmed at %d", j.used, j.max, j.max)
		if err := j.put(note(KindSpace, "nearly full", detail)); err != nil {
			return err
		}
		j.warned = true
	}
	if j.used+j.segmentSize() < j.max {
		return nil
	}
	return j.trim()
}

func note(k Kind, state, detail string) Entry {
	n := Note{Subject: "journal", State: state, Detail: detail}.bounded()
	return Entry{Kind: k, At: time.Now(), Note: &n}
}

// loadBallast makes the ballast where it is not there. It is random, so that no file system stores it as nothing.
func (j *Journal) loadBallast() error {
	name := filepath.Join(j.name, "ballast")
	if info, err := os.Stat(name); j.ballast || err == nil && info.Size() == ballastSize {
		j.ballast = true
		return nil
	}
	data := make([]byte, ballastSize)
	if _, err := rand.Read(data); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name)) // a part of it would only take room
	}
	j.ballast = true
	return nil
}

// dropBallast reports whether it has made room.
func (j *Journal) dropBallast(full error) bool {
	j.ballast = false
	return errors.Is(full, syscall.ENOSPC) && os.Remove(filepath.Join(j.name, "ballast")) == nil
}

// ignore returns nil where the error is of a kind.
func ignore(err, kind error) error {
	if errors.Is(err, kind) {
		return nil
	}
	return err
}

// syncDir syncs the names in a directory. Windows cannot, and does not need to.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
