package journal

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"

	"infomat/kiosk"
)

// DefaultMax is how many bytes of segments are kept where Options do not say: some ten thousand bookings.
const DefaultMax = 32 << 20

// probeSize is how many bytes Progress writes: more than an INTENT needs, and always a whole block of the disk.
const probeSize = 4 << 10

// Options are how a journal is kept. The zero value is ready to use.
type Options struct {
	Max int64 // bytes of segments; 0: DefaultMax
}

// Journal is an open journal. It is safe for concurrent use.
type Journal struct {
	Found Found // what was found when it was opened
	name  string
	max   int64
	sync  func(*os.File) error

	mu     sync.Mutex
	lock   *flock.Flock
	loaded bool // the fields below are valid
	closed bool
	failed error     // why it is not loaded, or why the newest write failed
	wrote  time.Time // of the newest write

	oldest, newest uint64   // segments, without the spare
	file           *os.File // the newest segment; nil: it takes no more
	size           int64    // bytes of records in the newest segment
	spare          bool     // the next segment is there
	next           uint64   // number of the next record: never used twice, also where writing it failed
	last           uint64   // number of the newest record
	open           map[uuid.UUID]booking
	notes          map[Kind]Note // the newest
}

// booking is a booking that has not ended.
type booking struct {
	number, segment uint64       // of its first record
	record          kiosk.Record // its newest stage, with all that is known of it
}

// Append adds a transition. When it returns nil the record is on disk.
func (j *Journal) Append(ctx context.Context, r kiosk.Record) error {
	r.At, r.Reason = cmp.Or(r.At, time.Now()), cut(r.Reason, longestDetail)
	return j.add(ctx, Entry{Kind: KindBooking, At: r.At, Record: &r})
}

// Note adds a note. When it returns nil the note is on disk.
func (j *Journal) Note(ctx context.Context, k Kind, n Note) error {
	n = n.bounded()
	return j.add(ctx, Entry{Kind: k, At: time.Now(), Note: &n})
}

func (j *Journal) add(ctx context.Context, e Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if ctx.Err() != nil || !j.loaded {
		return fmt.Errorf("journal: %w", cmp.Or(ctx.Err(), j.failed))
	}
	j.failed = nil
	if e.Record == nil || e.Stage == kiosk.StageIntent { // what is left of a full disk is for bookings that have begun
		j.failed = j.makeSpare()
	}
	if j.failed == nil {
		j.failed = j.put(e)
	}
	if j.failed != nil {
		return fmt.Errorf("journal: %w", j.failed)
	}
	return nil
}

// put writes a record with the next number.
func (j *Journal) put(e Entry) error {
	e.Seq = j.next
	raw, err := encode(e, j.last)
	if err == nil {
		err = j.write(raw)
	}
	if err == nil {
		j.size, j.last, j.next = j.size+int64(len(raw)), e.Seq, e.Seq+1
		j.follow(e, j.newest)
	}
	return err
}

// write writes to the newest segment, or begins the next one, and syncs. After a failure nobody knows what is on disk:
// what was written is overwritten with zeros as well as that goes, and the next record goes into another segment.
func (j *Journal) write(raw []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
		if err != nil && j.file != nil {
			_, _ = j.file.WriteAt(make([]byte, len(raw)), j.size)
			j.drop()
			j.next++
		}
	}()
	if err = j.fit(int64(len(raw))); err == nil {
		_, err = j.file.WriteAt(raw, j.size)
	}
	if err == nil {
		err = j.sync(j.file)
	}
	j.wrote = time.Now()
	return err
}

// Progress reports whether an INTENT can be written. Where nothing was written for the duration quiet, the newest write
// failed or there is no spare segment, it proves so with a write of that size that leaves no record: empty lines where
// the next record goes. It tries again to open a journal that could not be opened.
func (j *Journal) Progress(quiet time.Duration) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.loaded && !j.closed {
		j.failed = j.load()
	}
	if !j.loaded || j.failed == nil && j.spare && time.Since(j.wrote) < quiet {
		return j.failed
	}
	if j.failed = j.write(bytes.Repeat([]byte("\n"), probeSize)); j.failed == nil {
		j.failed = j.makeSpare()
	}
	return j.failed
}

// Err returns why the newest write failed, or nil.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed
}

// Path returns the journal's directory.
func (j *Journal) Path() string { return j.name }

// Used returns how many bytes the records take, and how many they may take.
func (j *Journal) Used() (used, most int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return max(0, int64(j.newest-j.oldest))*segmentSize + j.size, j.max
}

// Newest returns the newest note of a kind and reports whether there is one.
func (j *Journal) Newest(k Kind) (Note, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	n, ok := j.notes[k]
	return n, ok
}

// Unfinished returns one record for each booking that has not ended: its newest stage, with all that is known of it.
// The booking that began first comes first.
func (j *Journal) Unfinished() (records []kiosk.Record) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := slices.SortedFunc(maps.Values(j.open), func(a, b booking) int { return cmp.Compare(a.number, b.number) })
	for _, b := range all {
		records = append(records, b.record)
	}
	return records
}

// ended are the stages that end a booking.
var ended = map[kiosk.Stage]bool{kiosk.StageDone: true, kiosk.StageRefused: true, kiosk.StageUnreachable: true}

// follow applies one more record to what is known.
func (j *Journal) follow(e Entry, segment uint64) {
	if e.Record == nil {
		j.notes[e.Kind] = *e.Note
		return
	}
	b, known := j.open[e.Operation]
	switch r := *e.Record; {
	case ended[r.Stage]:
		delete(j.open, r.Operation)
	case known:
		j.open[r.Operation] = booking{b.number, b.segment, merge(b.record, r)}
	default:
		j.open[r.Operation] = booking{e.Seq, segment, r}
	}
}

// merge returns the older record with what the newer one knows in its place.
func merge(old, r kiosk.Record) kiosk.Record {
	old.Stage, old.At = r.Stage, r.At
	if r.Num != "" {
		old.Num, old.Room, old.Floor, old.Ticket, old.Begin = r.Num, r.Room, r.Floor, r.Ticket, r.Begin
		old.HoldUntil, old.Boot, old.UptimeUntil = r.HoldUntil, r.Boot, r.UptimeUntil
	}
	if r.Job != uuid.Nil {
		old.Job, old.Copy = r.Job, r.Copy
	}
	return old
}

// Close closes the journal.
func (j *Journal) Close() (err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.loaded {
		j.drop()
		err = writeOwner(j.name, Owner{Last: j.last})
	}
	if j.lock != nil {
		err = errors.Join(err, j.lock.Close())
	}
	j.loaded, j.closed, j.failed = false, true, os.ErrClosed
	return err
}
