package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
	bolt "go.etcd.io/bbolt"

	"infomat/kiosk"
)

// DefaultMax is how many bytes of entries are kept where Options do not say: some ten thousand bookings.
const DefaultMax = 32 << 20

// bucket holds the frames by their sequence number, eight bytes, the greatest first.
var bucket = []byte("entries")

// marks holds one mark, under newestKey. bbolt keeps so small a bucket in the root's own page.
var (
	marks     = []byte("marks")
	newestKey = []byte("newest")
)

// Options are how a journal is kept. The zero value will do.
type Options struct {
	Max int64 // bytes of entries; 0: DefaultMax
}

// Journal is an open journal. It is safe for concurrent use.
type Journal struct {
	name  string
	max   int64
	Found Found // what was found when it was opened

	lock *flock.Flock

	mu      sync.Mutex
	db      *bolt.DB
	next    uint64 // number of the next entry: never used twice, also where writing it failed
	last    uint64 // number of the newest entry
	trimmed uint64
	used    int64 // bytes of entries
	open    map[uuid.UUID]booking
	newest  map[Kind]Note
	warned  bool // that it is nearly full
	failed  error
	closed  bool
	wrote   time.Time
}

// Found is what Open found.
type Found struct {
	Killed   Owner  // who had it open and did not close it; zero: nobody
	SetAside string // where a damaged file was put; "" when nothing was lost
	Lost     string // which entries are missing, for people
	Rescued  int    // entries that were taken over from the damaged file
}

// Append adds a transition. It is on disk when Append returns nil.
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

// Note adds a note. It is on disk when Note returns nil.
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
	err := j.put(e)
	if errors.Is(err, syscall.ENOSPC) && begun(e) && dropBallast(j.name) {
		err = j.put(e)
	}
	if j.failed = err; err != nil {
		return err
	}
	j.makeRoom()
	return nil
}

// begun tells of an entry that ends something: a booking is not begun on a full disk, but one that has begun is recorded to its end.
func begun(e Entry) bool { return e.Kind == KindBooking && e.Stage != kiosk.StageIntent }

// put writes an entry with the next number, and drops the entries of gone in the same transaction. The caller holds the lock.
func (j *Journal) put(e Entry, gone ...uint64) (err error) {
	switch {
	case j.closed:
		return os.ErrClosed
	case j.db == nil:
		return j.failed
	}
	defer func() {
		if r := recover(); r != nil { // bbolt panics on a page that is not one
			err = fmt.Errorf("%s: %v", j.name, r)
		}
	}()
	e.Seq = j.next
	j.next++
	f := frame{entry: e, before: j.last, trimmed: j.trimmed}
	if len(gone) > 0 {
		f.trimmed = gone[len(gone)-1]
	}
	data, err := f.encode()
	if err != nil {
		return err
	}
	err = j.db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucket)
		for _, seq := range gone {
			if err := b.Delete(key(seq)); err != nil {
				return err
			}
		}
		b.FillPercent = 1 // keys only grow: a page that is left behind is never written again
		return errors.Join(b.Put(key(e.Seq), data), tx.Bucket(marks).Put(newestKey, encodeMark(e.Seq)))
	})
	if err != nil {
		return err
	}
	f.size = len(data)
	j.wrote = time.Now()
	j.trimmed = f.trimmed
	j.take(f)
	return nil
}

func key(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

// take notes an entry that is in the file.
func (j *Journal) take(f frame) {
	j.last = f.entry.Seq
	j.used += int64(f.size)
	if f.entry.Record != nil {
		follow(j.open, f.entry.Seq, *f.entry.Record)
	}
	if f.entry.Note != nil {
		j.newest[f.entry.Kind] = *f.entry.Note
	}
}

// Progress tells whether the journal can be written to: where nothing was written in the last quiet, an empty transaction is put on disk, and a
// journal that could not be opened is tried again. Its answer is the newest failure, or nil.
func (j *Journal) Progress(quiet time.Duration) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.closed:
		return os.ErrClosed
	case j.db == nil:
		j.failed = j.load()
	case time.Since(j.wrote) >= quiet:
		j.failed = j.alive()
	}
	return j.failed
}

// Err is why nothing could be written last, or nil.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed
}

// alive writes the bucket's own number, which no one reads.
func (j *Journal) alive() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: %v", j.name, r)
		}
	}()
	if err := j.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucket).SetSequence(j.next) }); err != nil {
		return err
	}
	j.wrote = time.Now()
	return loadBallast(j.name)
}

// Path is the journal's file.
func (j *Journal) Path() string { return j.name }

// Used is how many bytes of entries there are, and how many there may be.
func (j *Journal) Used() (used, most int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.used, j.max
}

// Close closes the journal and seals it.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil
	}
	j.closed = true
	var err error
	if j.db != nil {
		// A journal that cannot be sealed is built anew when it is next opened.
		err = errors.Join(j.db.Close(), ignoreFull(seal(j.name)), ignoreMissing(os.Remove(ownerFile(j.name))))
	}
	if j.lock != nil {
		err = errors.Join(err, j.lock.Close())
	}
	return err
}

// Newest is the newest note of a kind.
func (j *Journal) Newest(k Kind) (Note, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	n, ok := j.newest[k]
	return n, ok
}
