package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"

	"infomat/kiosk"
)

// DefaultMax is how many bytes of records are kept where Options do not say: some ten thousand bookings.
const DefaultMax = 32 << 20

// probeSize is how many bytes Progress writes and syncs: more than an INTENT needs, and always a new block of the disk.
const probeSize = 8 << 10

// Options are how a journal is kept. The zero value is ready to use.
type Options struct {
	Max int64 // bytes of records; 0: DefaultMax
}

// Journal is an open journal. It is safe for concurrent use.
type Journal struct {
	name  string
	max   int64
	Found Found // what was found when it was opened
	lock  *flock.Flock
	sync  func(*os.File) error

	mu       sync.Mutex
	loaded   bool // false: failed says why it could not be opened
	closed   bool
	failed   error // of the newest write
	segments []segment
	file     *os.File // the newest segment; nil: the next record begins a new one
	newest   *os.File // newestFile
	next     uint64   // number of the next record: never used twice, also where writing it failed
	last     uint64   // number of the newest record
	used     int64    // bytes of the segments
	open     map[uuid.UUID]booking
	notes    map[Kind]Note // the newest
	warned   bool          // that it is nearly full
	ballast  bool          // is there
	wrote    time.Time
}

// Append adds a transition. When it returns nil the record is on disk.
func (j *Journal) Append(ctx context.Context, r kiosk.Record) error {
	if r.At.IsZero() {
		r.At = time.Now()
	}
	r.Reason = cut(r.Reason, longestDetail)
	if err := j.add(ctx, Entry{Kind: KindBooking, At: r.At, Record: &r}); err != nil {
		return fmt.Errorf("journal: %s of %s: %w", r.Stage, r.Operation, err)
	}
	return nil
}

// Note adds a note. When it returns nil the note is on disk.
func (j *Journal) Note(ctx context.Context, k Kind, n Note) error {
	n = n.bounded()
	if err := j.add(ctx, Entry{Kind: k, At: time.Now(), Note: &n}); err != nil {
		return fmt.Errorf("journal: note of %s: %w", n.Subject, err)
	}
	return nil
}

func (j *Journal) add(ctx context.Context, e Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.closed:
		return os.ErrClosed
	case !j.loaded:
		return j.failed
	}
	begun := e.Kind == KindBooking && e.Stage != kiosk.StageIntent
	if !begun { // the ballast's room is for the bookings that have begun
		if j.failed = j.loadBallast(); j.failed != nil {
			return j.failed
		}
	}
	err := j.put(e)
	if begun && err != nil && j.dropBallast(err) {
		err = j.put(e)
	}
	if j.failed = err; err == nil {
		j.failed = j.makeRoom()
	}
	return err
}

// put writes a record with the next number. The caller holds j.mu.
func (j *Journal) put(e Entry) error {
	if err := j.prepare(); err != nil {
		return err
	}
	e.Seq = j.next
	j.next++
	l, err := newLine(e, j.last)
	if err != nil {
		return err
	}
	raw := l.encode()
	if err := j.write(raw); err != nil {
		return err
	}
	j.segments[len(j.segments)-1].size += int64(len(raw))
	j.used += int64(len(raw))
	j.last = e.Seq
	if e.Record != nil {
		follow(j.open, e.Seq, *e.Record)
	} else {
		j.notes[e.Kind] = *e.Note
	}
	_ = j.mark(j.segments[0].first) // it only helps to notice a loss
	return nil
}

// write writes to the end of the newest segment and syncs it. After a failure nobody knows what is on disk: the segment
// is cut back to what was synced, and the next record begins a new one.
func (j *Journal) write(raw []byte) (err error) {
	size := j.segments[len(j.segments)-1].size
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
		if err != nil {
			_ = j.file.Truncate(size)
			j.drop()
		}
	}()
	if _, err := j.file.WriteAt(raw, size); err != nil {
		return err
	}
	if err := j.sync(j.file); err != nil {
		return err
	}
	j.wrote = time.Now()
	return nil
}

// drop closes the newest segment. One without a record is removed.
func (j *Journal) drop() {
	if j.file == nil {
		return
	}
	_ = j.file.Close() // what it holds is synced
	j.file = nil
	if n := len(j.segments) - 1; j.segments[n].size == 0 {
		_ = os.Remove(j.segments[n].path(j.name))
		j.segments = j.segments[:n]
	}
}

// Progress reports whether the journal can be written to. Where nothing was written for the duration quiet, or the newest
// write failed, it writes and syncs as much as an INTENT needs, and removes it again. A journal that could not be opened
// is opened again.
func (j *Journal) Progress(quiet time.Duration) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return os.ErrClosed
	}
	if !j.loaded {
		if j.failed = j.load(); j.failed != nil {
			return j.failed
		}
	}
	if j.failed != nil || time.Since(j.wrote) >= quiet {
		j.failed = j.probe()
	}
	return j.failed
}

// probe writes empty lines, which readers skip.
func (j *Journal) probe() error {
	if err := j.prepare(); err != nil {
		return err
	}
	if err := j.write(bytes.Repeat([]byte("\n"), probeSize)); err != nil {
		return err
	}
	if err := j.file.Truncate(j.segments[len(j.segments)-1].size); err != nil {
		return err
	}
	return j.loadBallast()
}

// Err returns why the newest write failed, or nil.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed
}

// Path returns the journal's directory.
func (j *Journal) Path() string { return j.name }

// Used returns how many bytes of records there are, and how many there may be.
func (j *Journal) Used() (used, most int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.used, j.max
}

// Newest returns the newest note of a kind and reports whether there is one.
func (j *Journal) Newest(k Kind) (Note, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	n, ok := j.notes[k]
	return n, ok
}

// Close closes the journal.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil
	}
	j.closed = true
	j.drop()
	var err error
	if j.loaded {
		err = errors.Join(j.sync(j.newest), ignore(os.Remove(ownerFile(j.name)), fs.ErrNotExist))
	}
	if j.newest != nil {
		err = errors.Join(err, j.newest.Close())
	}
	if j.lock != nil {
		err = errors.Join(err, j.lock.Close())
	}
	return err
}
