package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
	bolt "go.etcd.io/bbolt"
)

// lockWait is how long Open waits for another process: a terminal that is just being restarted needs a moment to end.
const lockWait = time.Second

// Open opens a journal, and makes it where there is none. A file that was not closed in order is built anew from the entries in it. Where entries
// are missing the damaged file is set aside, what is left of it is taken over, and the terminal goes on: see Found. The error is a *BusyError where
// another process has it open.
func Open(name string, o Options) (*Journal, error) {
	j, err := OpenLater(name, o)
	if err != nil {
		return nil, err
	}
	if err := j.Err(); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// OpenLater is Open for a terminal that has to show its screen whatever happens: where the file cannot be opened now, as on a full disk, the journal
// takes nothing and tells why with Err, and each call of Progress tries again. The error is always a *BusyError.
func OpenLater(name string, o Options) (*Journal, error) {
	if o.Max <= 0 {
		o.Max = DefaultMax
	}
	j := &Journal{name: name, max: o.Max}
	j.failed = j.load()
	if busy := new(BusyError); errors.As(j.failed, &busy) {
		return nil, busy
	}
	return j, nil
}

// load takes the lock and opens the file.
func (j *Journal) load() error {
	if err := os.MkdirAll(filepath.Dir(j.name), 0o700); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if j.lock == nil {
		lock, err := takeLock(j.name)
		if err != nil {
			return err
		}
		j.lock = lock
	}
	if err := j.loadLocked(); err != nil {
		return fmt.Errorf("journal: %s: %w", j.name, err)
	}
	return nil
}

// takeLock takes the journal's lock. It is a file of its own, because the journal itself can be set aside and built anew.
func takeLock(name string) (*flock.Flock, error) {
	lock := flock.New(name+".lock", flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	_, err := lock.TryLockContext(ctx, 20*time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, &BusyError{Path: name, Owner: readOwner(name)}
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return lock, nil
}

// loadLocked reads what is there and leaves an open bbolt file behind.
func (j *Journal) loadLocked() error {
	data, err := os.ReadFile(j.name)
	if ignoreMissing(err) != nil {
		return err
	}
	found := Found{Killed: readOwner(j.name)}
	c := scan(data)
	if len(data) > 0 && !sealed(j.name, data) {
		if len(c.gaps) > 0 || cutShort(data) {
			found.damaged(j.name, c)
		}
		if err := rebuild(j.name, c, found.SetAside); err != nil {
			return err
		}
	}
	if err := breakSeal(j.name); err != nil {
		return err
	}
	if err := j.openFile(); err != nil {
		return err
	}
	j.Found, j.open, j.newest, j.used = found, map[uuid.UUID]booking{}, map[Kind]Note{}, 0
	j.trimmed, j.last, j.next = c.trimmed, c.trimmed, c.last()+1
	for _, f := range c.frames {
		j.take(f)
	}
	return ignoreFull(errors.Join(writeOwner(j.name), loadBallast(j.name))) // the journal is as good without them
}

// openFile opens a file that is empty, sealed or just built.
func (j *Journal) openFile() error {
	db, err := bolt.Open(j.name, 0o600, &bolt.Options{Timeout: lockWait})
	if err != nil {
		return err
	}
	if err := db.Update(func(tx *bolt.Tx) error { return buckets(tx) }); err != nil {
		return errors.Join(err, db.Close())
	}
	j.db = db
	return nil
}

// damaged says what is missing, and where the damaged file will be put.
func (f *Found) damaged(name string, c content) {
	var lost []string
	for _, g := range c.gaps[:min(len(c.gaps), 10)] {
		lost = append(lost, g.String())
	}
	if len(lost) == 0 {
		lost = []string{"some at the end"}
	}
	f.SetAside = fmt.Sprintf("%s.damaged-%s", name, time.Now().Format("20060102-150405.000"))
	f.Lost, f.Rescued = strings.Join(lost, ", "), len(c.frames)
}

// rebuild makes a new file of what was found and puts it in the place of the old one, which is kept as aside where that has a name. There is no moment
// at which neither is there.
func rebuild(name string, c content, aside string) error {
	fresh := name + ".new"
	if err := ignoreMissing(os.Remove(fresh)); err != nil {
		return err
	}
	db, err := bolt.Open(fresh, 0o600, &bolt.Options{Timeout: lockWait})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		return errors.Join(buckets(tx), fill(tx, c))
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	if aside != "" {
		if err := os.Link(name, aside); err != nil {
			return fmt.Errorf("keep the damaged file: %w", err)
		}
	}
	if err := os.Rename(fresh, name); err != nil {
		return err
	}
	return syncDir(name)
}

// fill writes the entries with a chain that is whole again: what is missing is told once, by the note of the quarantine.
func fill(tx *bolt.Tx, c content) error {
	b := tx.Bucket(bucket)
	b.FillPercent = 1
	last := c.trimmed
	for _, f := range c.frames {
		f.before, f.trimmed = last, c.trimmed
		data, err := f.encode()
		if err != nil {
			return err
		}
		if err := b.Put(key(f.entry.Seq), data); err != nil {
			return err
		}
		last = f.entry.Seq
	}
	return tx.Bucket(marks).Put(newestKey, encodeMark(last))
}

func buckets(tx *bolt.Tx) error {
	_, err := tx.CreateBucketIfNotExists(bucket)
	_, err2 := tx.CreateBucketIfNotExists(marks)
	return errors.Join(err, err2)
}

// bbolt's file as far as it has to be known to see that its end is missing: the page size, and of each of the two meta pages the number of
// pages in use (go.etcd.io/bbolt/internal/common, Meta). The numbers are in the machine's own order.
const (
	boltMagic    = 0xED0CDAED
	metaAt       = 16 // after the page's header
	pageSizeAt   = metaAt + 8
	metaPagesAt  = metaAt + 40
	smallestFile = metaAt + 64
)

// cutShort tells of a file that is no bbolt file, or that is shorter than both its meta pages say.
func cutShort(data []byte) bool {
	if len(data) < smallestFile || binary.NativeEndian.Uint32(data[metaAt:]) != boltMagic {
		return true
	}
	size := uint64(binary.NativeEndian.Uint32(data[pageSizeAt:]))
	pages := binary.NativeEndian.Uint64(data[metaPagesAt:])
	if second := size + metaPagesAt; second+8 <= uint64(len(data)) {
		pages = min(pages, binary.NativeEndian.Uint64(data[second:]))
	}
	return pages > uint64(len(data))/max(1, size)
}
