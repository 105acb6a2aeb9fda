package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"

	"infomat/kiosk"
)

// ErrBusy says that another process has the journal open.
var ErrBusy = errors.New("another process has the journal open")

// lockWait is how long Open waits for another process: a terminal that is being restarted needs a moment to end.
const lockWait = time.Second

// Found is what Open found.
type Found struct {
	Killed   Owner  // who had the journal open and did not close it; zero: nobody
	SetAside string // where the damaged journal was kept; "" when nothing was lost
	Lost     string // what is missing, for people
	Rescued  int    // records that are left
}

// Owner is who has a journal open. It stands in the file "owner", also after the owner was killed. After Close the file
// has the number of the newest record instead.
type Owner struct {
	PID   int       `json:"pid,omitzero"`
	Host  string    `json:"host,omitzero"`
	Since time.Time `json:"since,omitzero"`
	Last  uint64    `json:"last,omitzero"`
}

// readOwner returns the zero owner where the file is missing or was torn by a crash.
func readOwner(name string) (o Owner) {
	if data, err := os.ReadFile(filepath.Join(name, "owner")); err != nil || json.Unmarshal(data, &o) != nil {
		return Owner{}
	}
	return o
}

func writeOwner(name string, o Owner) error {
	data, err := json.Marshal(o)
	return errors.Join(err, os.WriteFile(filepath.Join(name, "owner"), data, 0o600))
}

// Open opens a journal and creates it where there is none. A damaged journal is kept under another name too, and goes on
// with what is left: see Found. A journal that cannot be opened now refuses every record with the error that Err
// returns, and Progress tries to open it again, so that a terminal can show its screen whatever happens. The error that
// Open returns is always an ErrBusy.
func Open(name string, o Options) (*Journal, error) {
	j := &Journal{name: name, max: o.Max, sync: (*os.File).Sync}
	if j.max <= 0 {
		j.max = DefaultMax
	}
	if j.failed = j.load(); errors.Is(j.failed, ErrBusy) {
		return nil, fmt.Errorf("journal: %w", j.failed)
	}
	return j, nil
}

// takeLock locks a file beside the journal.
func (j *Journal) takeLock() error {
	lock := flock.New(j.name+".lock", flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	_, err := lock.TryLockContext(ctx, 20*time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) {
		o := readOwner(j.name)
		return fmt.Errorf("%w: process %d on %s, since %s", ErrBusy, o.PID, o.Host, o.Since.Format(time.DateTime))
	}
	if err == nil {
		j.lock = lock
	}
	return err
}

// load reads the journal and makes it ready to be written to.
func (j *Journal) load() error {
	err := os.MkdirAll(filepath.Dir(j.name), 0o700)
	if err == nil && j.lock == nil {
		err = j.takeLock()
	}
	if err != nil {
		return err
	}
	aside := j.name + ".damaged-" + time.Now().Format("20060102-150405.000")
	if info, err := os.Stat(j.name); err == nil && !info.IsDir() && os.Rename(j.name, aside) == nil {
		j.Found.SetAside, j.Found.Lost = aside, "all: it is no directory"
	}
	if err := errors.Join(os.MkdirAll(j.name, 0o700), j.syncDir(filepath.Dir(j.name))); err != nil {
		return err
	}
	owner, lines := readOwner(j.name), tail{}
	c, err := read(j.name, lines.add)
	if err != nil {
		return err
	}
	j.oldest, j.newest, j.size, j.spare = max(c.oldest, 1), c.newest, c.size, c.spare
	j.last, j.next = c.last, c.last+1
	j.open, j.notes = map[uuid.UUID]booking{}, map[Kind]Note{}
	if err := lines.decode(j.follow); err != nil {
		return err
	}
	if owner.Last == 0 {
		j.Found.Killed = owner
	}
	switch isNew := c.newest == 0 && owner == (Owner{}); {
	case isNew:
	case len(c.lost) > 0:
		j.Found.SetAside, j.Found.Lost, j.Found.Rescued = aside, strings.Join(c.lost, ", "), c.records
		keep(j.name, aside)
		if c.spare { // the note has to come after what is damaged
			j.newest++
		}
		j.spare = false
	case c.clean:
		if j.file, err = os.OpenFile(path(j.name, j.newest), os.O_WRONLY, 0); err != nil {
			return err
		}
	}
	if f := j.Found; f.Lost != "" {
		detail := fmt.Sprintf("kept as %s; lost: %s; records left: %d", f.SetAside, f.Lost, f.Rescued)
		n := Note{Subject: "journal", State: "set aside", Detail: detail}.bounded()
		err = j.put(Entry{Kind: KindQuarantine, At: time.Now(), Note: &n})
	} else if j.newest == 0 {
		err = j.fit(1)
	}
	if err != nil {
		return err
	}
	host, _ := os.Hostname() // for people
	_ = writeOwner(j.name, Owner{PID: os.Getpid(), Host: host, Since: time.Now().Round(time.Second)})
	j.loaded = true
	return nil
}

// keep links the segments into another directory. Where that fails they stay where they are until they are removed.
func keep(name, aside string) {
	segments, _ := list(name)
	_ = os.Mkdir(aside, 0o700)
	for _, s := range segments {
		_ = os.Link(path(name, s), path(aside, s))
	}
}

// tail is what is decoded of a journal: the lines of each booking that has not ended, and the newest note of each kind.
type tail map[string][]line

func (t tail) add(l line) error {
	if l.stage == "-" || ended[kiosk.Stage(l.stage)] {
		delete(t, l.subject)
	}
	if !ended[kiosk.Stage(l.stage)] {
		l.body = bytes.Clone(l.body)
		t[l.subject] = append(t[l.subject], l)
	}
	return nil
}

func (t tail) decode(follow func(Entry, uint64)) error {
	for _, lines := range t {
		for _, l := range lines {
			e, err := l.entry()
			if err != nil {
				return err
			}
			follow(e, l.segment)
		}
	}
	return nil
}
