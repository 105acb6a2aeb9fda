package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// lockWait is how long Open waits for another process: a terminal that is being restarted needs a moment to end.
const lockWait = time.Second

// Found is what Open found.
type Found struct {
	Killed   Owner  // who had the journal open and did not close it; zero: nobody
	SetAside string // where the damaged journal was kept; "" when nothing was lost
	Lost     string // which records are missing, for people
	Rescued  int    // records that are left
}

// Open opens a journal and creates it where there is none. Where records are missing, the segments are kept under
// another name too, and the journal goes on with what is left: see Found. The error is a *BusyError where another process
// has the journal open.
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

// OpenLater is Open for a terminal that has to show its screen whatever happens. A journal that cannot be opened now
// refuses every record with the error that Err returns, and Progress tries to open it again. The error that OpenLater
// returns is always a *BusyError.
func OpenLater(name string, o Options) (*Journal, error) {
	if o.Max <= 0 {
		o.Max = DefaultMax
	}
	j := &Journal{name: name, max: o.Max, sync: (*os.File).Sync}
	j.failed = j.load()
	if busy := new(BusyError); errors.As(j.failed, &busy) {
		return nil, busy
	}
	return j, nil
}

// takeLock locks a file beside the journal, which may be set aside.
func (j *Journal) takeLock() error {
	if j.lock != nil {
		return nil
	}
	lock := flock.New(j.name+".lock", flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	_, err := lock.TryLockContext(ctx, 20*time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) {
		return &BusyError{Path: j.name, Owner: readOwner(j.name)}
	}
	if err == nil {
		j.lock = lock
	}
	return err
}

// load reads the journal and makes it ready to be written to. The caller holds j.mu, or is the only one that has j.
func (j *Journal) load() error {
	if err := errors.Join(os.MkdirAll(filepath.Dir(j.name), 0o700), j.takeLock()); err != nil {
		return err
	}
	j.Found.Killed = readOwner(j.name)
	aside := j.name + ".damaged-" + time.Now().Format("20060102-150405.000")
	if info, err := os.Stat(j.name); err == nil && !info.IsDir() {
		if err := os.Rename(j.name, aside); err != nil {
			return err
		}
		j.Found.SetAside, j.Found.Lost = aside, "all: it is no directory"
	}
	if err := errors.Join(os.MkdirAll(j.name, 0o700), syncDir(filepath.Dir(j.name))); err != nil {
		return err
	}
	r, err := newReader(j.name)
	if err != nil {
		return err
	}
	t := newTail()
	if err := r.walk(t.add); err != nil {
		return err
	}
	if len(r.gaps) > 0 {
		j.Found.SetAside, j.Found.Lost, j.Found.Rescued = aside, r.lost(), r.records
	}
	if err := j.begin(r, t); err != nil {
		return err
	}
	if f := j.Found; f.Lost != "" {
		detail := fmt.Sprintf("kept as %s; records lost: %s; left: %d", f.SetAside, f.Lost, f.Rescued)
		if err := j.put(note(KindQuarantine, "set aside", detail)); err != nil {
			return err
		}
	}
	if len(r.gaps) > 0 {
		r.keep(aside)
	}
	j.loaded = true
	return ignore(errors.Join(writeOwner(j.name), j.loadBallast()), syscall.ENOSPC) // the journal works without them
}

// begin takes over what was read. After damage, and after a line that was cut short, a new segment is begun.
func (j *Journal) begin(r *reader, t *tail) (err error) {
	if j.newest != nil { // of a load that failed
		j.drop()
		_ = j.newest.Close()
	}
	j.segments, j.last, j.next, j.used = r.segments, r.last, r.last+1, 0
	for _, s := range r.segments {
		j.used += s.size
		j.next = max(j.next, s.first+1)
	}
	if j.open, j.notes, err = t.decode(); err != nil {
		return err
	}
	_, j.warned = j.notes[KindSpace]
	if len(r.gaps) == 0 && r.whole {
		j.file, err = os.OpenFile(r.segments[len(r.segments)-1].path(j.name), os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
	}
	j.newest, err = os.OpenFile(filepath.Join(j.name, newestFile), os.O_CREATE|os.O_WRONLY, 0o600)
	return err
}

// lost names the gaps.
func (r *reader) lost() string {
	var all []string
	for _, g := range r.gaps[:min(len(r.gaps), 10)] {
		all = append(all, g.String())
	}
	return strings.Join(all, ", ")
}

// keep links the segments into another directory. Where that fails they stay where they are until they are trimmed.
func (r *reader) keep(aside string) {
	if os.Mkdir(aside, 0o700) != nil {
		return
	}
	for _, s := range r.segments {
		_ = os.Link(s.path(r.name), s.path(aside))
	}
}
