package journal

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"

	"infomat/kiosk"
)

const (
	DefaultMax = 32 << 20    // bytes of segments where Options do not say: some ten thousand bookings
	probeSize  = 4 << 10     // bytes that Progress writes: more than an INTENT needs
	lockWait   = time.Second // for another process: a terminal that is being restarted needs a moment to end
)

// ErrBusy says that another process has the journal open.
var ErrBusy = errors.New("another process has the journal open")

// Options are how a journal is kept. The zero value is ready to use.
type Options struct {
	Max int64 // bytes of segments; 0: DefaultMax
}

// Found is what Open found.
type Found struct {
	Killed   string // which process had the journal open and did not close it; "": none
	SetAside string // where the damaged journal was kept; "" when nothing was lost
	Lost     string // what is missing, for people
	Rescued  int    // records that are left
}

// Journal is an open journal. It is safe for concurrent use.
type Journal struct {
	Found Found
	name  string
	max   int64
	sync  func(*os.File) error

	mu             sync.Mutex
	lock           *flock.Flock
	loaded, closed bool
	failed         error     // why it is not loaded, or why the newest write failed
	wrote          time.Time // of the newest write
	content
	file *os.File // the newest segment; nil: it takes no more
	next uint64   // number of the next record: never used twice, also where writing it failed
}

// Open opens a journal and creates it where there is none. A damaged journal is kept under another name too, and goes
// on with what is left: see Found. A journal that cannot be opened now refuses every record with the error that Err
// returns, and Progress tries to open it again, so that a terminal can show its screen whatever happens. The error that
// Open returns is always an ErrBusy.
func Open(name string, o Options) (*Journal, error) {
	j := &Journal{name: name, max: cmp.Or(o.Max, DefaultMax), sync: (*os.File).Sync}
	if j.failed = j.load(); errors.Is(j.failed, ErrBusy) {
		return nil, fmt.Errorf("journal: %w", j.failed)
	}
	return j, nil
}

// load reads the journal and makes it ready to be written to.
func (j *Journal) load() error {
	if err := os.MkdirAll(filepath.Dir(j.name), 0o700); err != nil {
		return err
	}
	if j.lock == nil { // a file beside the journal, which can be set aside
		lock := flock.New(j.name+".lock", flock.SetPermissions(0o600))
		ctx, cancel := context.WithTimeout(context.Background(), lockWait)
		defer cancel()
		if _, err := lock.TryLockContext(ctx, lockWait/50); errors.Is(err, context.DeadlineExceeded) {
			owner, _ := readOwner(j.name)
			return fmt.Errorf("%w: %s", ErrBusy, owner)
		} else if err != nil {
			return err
		}
		j.lock = lock
	}
	aside := j.name + ".damaged-" + time.Now().Format("20060102-150405.000")
	if info, err := os.Stat(j.name); err == nil && !info.IsDir() && os.Rename(j.name, aside) == nil {
		j.Found.SetAside, j.Found.Lost = aside, "all: it is no directory"
	}
	err := errors.Join(os.MkdirAll(j.name, 0o700), j.syncDir(filepath.Dir(j.name)))
	if err == nil {
		j.content, err = read(j.name, func(line) error { return nil })
	}
	if err != nil {
		return err
	}
	owner, last := readOwner(j.name)
	if j.Found.Killed, j.next = owner, j.last+1; last > 0 && j.last > last {
		j.Found.Killed = "a process" // a power cut has left the file of the end before
	}
	switch isNew := j.newest == 0 && owner == "" && last == 0; {
	case isNew:
		j.oldest = 1
		err = j.fit(1)
	case len(j.lost) > 0:
		if j.Found.Lost, j.Found.Rescued = strings.Join(j.lost, ", "), j.records; j.Found.SetAside == "" {
			j.Found.SetAside = aside
			keep(j.name, aside)
		}
		if j.spare { // the note has to come after what is damaged
			j.newest, j.spare = j.newest+1, false
		}
	case j.clean:
		j.file, err = os.OpenFile(path(j.name, j.newest), os.O_WRONLY, 0)
	}
	if f := j.Found; err == nil && f.Lost != "" {
		detail := fmt.Sprintf("kept as %s; lost: %s; records left: %d", f.SetAside, f.Lost, f.Rescued)
		n := Note{Subject: "journal", State: "set aside", Detail: detail}.bounded()
		err = j.put(Entry{Kind: KindQuarantine, At: time.Now(), Note: &n})
	}
	if j.loaded = err == nil; j.loaded {
		process := fmt.Appendf(nil, "process %d, running since %s", os.Getpid(), time.Now().Format(time.RFC3339))
		_ = os.WriteFile(filepath.Join(j.name, "owner"), process, 0o600) // the journal works without it
	}
	return err
}

// readOwner returns which process has the journal open or was killed so, or else the number of the newest record when
// it was closed. It returns neither where the file is missing or was torn by a crash.
func readOwner(name string) (process string, last uint64) {
	data, _ := os.ReadFile(filepath.Join(name, "owner"))
	if _, err := fmt.Sscanf(string(data), "closed after record %d", &last); err != nil {
		process = string(data)
	}
	return process, last
}

// keep links the segments into another directory. Where that fails they stay where they are until they are removed.
func keep(name, aside string) {
	segments, _ := list(name)
	_ = os.Mkdir(aside, 0o700)
	for _, s := range segments {
		_ = os.Link(path(name, s), path(aside, s))
	}
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
		l, _ := decode(raw)
		l.segment = j.newest
		j.size, j.last, j.next = j.size+int64(len(raw)), e.Seq, e.Seq+1
		j.tail.add(l)
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

// Used returns how many bytes the records and a spare segment take, and how many they may take.
func (j *Journal) Used() (used, most int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return int64(j.newest+1-j.oldest)*segmentSize + j.size, j.max
}

// Newest returns the newest note of a kind and reports whether there is one.
func (j *Journal) Newest(k Kind) (n Note, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, l := range j.tail[string(k)] {
		n, ok = *l.entry().Note, true
	}
	return n, ok
}

// Unfinished returns one record for each booking that has not ended: its newest stage, with all that is known of it.
// The booking that began first comes first.
func (j *Journal) Unfinished() (records []kiosk.Record) {
	j.mu.Lock()
	defer j.mu.Unlock()
	first := func(a, b []line) int { return cmp.Compare(a[0].number, b[0].number) }
	for _, lines := range slices.SortedFunc(maps.Values(j.tail), first) {
		if lines[0].stage == "-" {
			continue
		}
		r := *lines[0].entry().Record
		for _, l := range lines[1:] {
			r = merge(r, *l.entry().Record)
		}
		records = append(records, r)
	}
	return records
}

// merge returns the older record with what the newer one knows in its place.
func merge(old, r kiosk.Record) kiosk.Record {
	old.Stage, old.At = r.Stage, r.At
	if r.Num != "" {
		old.Num, old.Room, old.Floor, old.Ticket, old.Begin = r.Num, r.Room, r.Floor, r.Ticket, r.Begin
		old.HoldUntil, old.Boot, old.UptimeUntil = r.HoldUntil, r.Boot, r.UptimeUntil
	}
	if r.Visit != "" {
		old.Visit = r.Visit
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
		err = os.WriteFile(filepath.Join(j.name, "owner"), fmt.Appendf(nil, "closed after record %d", j.last), 0o600)
	}
	if j.lock != nil {
		err = errors.Join(err, j.lock.Close())
	}
	j.loaded, j.closed, j.failed = false, true, os.ErrClosed
	return err
}
