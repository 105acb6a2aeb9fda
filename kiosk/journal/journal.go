package journal

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"infomat/kiosk"
)

// ErrBusy says that another process has the journal open.
var ErrBusy = errors.New("journal: another process has it open")

// lockWait is how long Open waits for another process: a terminal that is just being restarted needs a moment to end.
const lockWait = time.Second

// bucket holds the records by their sequence number, eight bytes, the greatest first.
var bucket = []byte("records")

// Journal is an open journal. It is safe for concurrent use.
type Journal struct {
	db       *bolt.DB
	SetAside string // where a damaged file was put when the journal was opened; "" when it was sound
}

// Open opens a journal, and makes it where there is none. A file that cannot be read is set aside, so that the terminal can go on: see SetAside.
func Open(name string) (*Journal, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	db, err := open(name)
	if err == nil {
		return &Journal{db: db}, nil
	}
	if !damaged(err) {
		return nil, err
	}
	aside := fmt.Sprintf("%s.damaged-%s", name, time.Now().Format("20060102-150405.000"))
	if err := os.Rename(name, aside); err != nil {
		return nil, fmt.Errorf("journal: set the damaged file aside: %w", err)
	}
	if db, err = open(name); err != nil {
		return nil, err
	}
	return &Journal{db: db, SetAside: aside}, nil
}

// open opens the file and makes its bucket. A page that cannot be read makes bbolt panic; that is told as damage.
func open(name string) (db *bolt.DB, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("journal: %s: %w: %v", name, bolterrors.ErrInvalid, r)
		}
	}()
	db, err = bolt.Open(name, 0o600, &bolt.Options{Timeout: lockWait})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("%s: %w", name, ErrBusy)
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %s: %w", name, err)
	}
	if err := db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucketIfNotExists(bucket); return err }); err != nil {
		return nil, errors.Join(fmt.Errorf("journal: %s: %w", name, err), db.Close())
	}
	return db, nil
}

// damaged tells a file that is no sound journal from one that cannot be reached.
func damaged(err error) bool {
	return errors.Is(err, bolterrors.ErrInvalid) || errors.Is(err, bolterrors.ErrChecksum) || errors.Is(err, bolterrors.ErrVersionMismatch)
}

// Close closes the journal.
func (j *Journal) Close() error { return j.db.Close() }

// Append adds a record. It is on disk when Append returns nil.
func (j *Journal) Append(ctx context.Context, r kiosk.Record) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	value, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	err = j.db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucket)
		seq, err := b.NextSequence()
		if err != nil {
			return err
		}
		return b.Put(binary.BigEndian.AppendUint64(nil, seq), value)
	})
	if err != nil {
		return fmt.Errorf("journal: %s of %s: %w", r.Stage, r.Operation, err)
	}
	return nil
}

// Each gives every record in the order in which they were added.
func (j *Journal) Each(give func(seq uint64, r kiosk.Record) error) error { return each(j.db, give) }

func each(db *bolt.DB, give func(seq uint64, r kiosk.Record) error) error {
	return db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucket)
		if b == nil {
			return nil
		}
		return b.ForEach(func(key, value []byte) error {
			var r kiosk.Record
			if err := json.Unmarshal(value, &r); err != nil {
				return fmt.Errorf("journal: record %d: %w", binary.BigEndian.Uint64(key), err)
			}
			return give(binary.BigEndian.Uint64(key), r)
		})
	})
}

// ended are the stages after which nothing follows.
var ended = map[kiosk.Stage]bool{kiosk.StageDone: true, kiosk.StageRefused: true, kiosk.StageUnreachable: true}

// Unfinished gives each booking that has not come to its end, as one record: its newest stage with all that is known of it. The oldest is first.
func (j *Journal) Unfinished() ([]kiosk.Record, error) {
	open := map[uuid.UUID]kiosk.Record{}
	err := j.Each(func(_ uint64, r kiosk.Record) error {
		if ended[r.Stage] {
			delete(open, r.Operation)
			return nil
		}
		before, known := open[r.Operation]
		if known {
			r = merge(before, r)
		}
		open[r.Operation] = r
		return nil
	})
	all := slices.SortedFunc(maps.Values(open), func(a, b kiosk.Record) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Operation.String(), b.Operation.String()))
	})
	return all, err
}

// merge takes from the newer record what it knows, and the rest from the older.
func merge(old, r kiosk.Record) kiosk.Record {
	old.Stage, old.At = r.Stage, r.At
	if r.Num != "" {
		old.Num, old.Room, old.Floor, old.Ticket, old.HoldUntil, old.Begin = r.Num, r.Room, r.Floor, r.Ticket, r.HoldUntil, r.Begin
	}
	if r.Job != uuid.Nil {
		old.Job, old.Copy = r.Job, r.Copy
	}
	return old
}
