package schedule

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"
)

// File reads the timetable from one JSON document, whose schema is docs/timetable.schema.json. Another system writes it, best beside its place and then
// renamed into it. It is read again when it changes; while it is broken the catalogue of the last good one stays, and grows old by what it says of
// itself.
type File struct {
	name string
	days int
	now  func() time.Time

	mu     sync.Mutex
	stamp  stamp
	latest *Catalogue // of the document with this stamp
}

// stamp tells one state of the file from another; the day counts too, as it decides which cells are within reach.
type stamp struct {
	modified time.Time
	size     int64
	day      string
}

// NewFile makes a source. days is how many days are offered, today included.
func NewFile(name string, days int, now func() time.Time) *File {
	return &File{name: name, days: days, now: now}
}

// Catalogue reads the document where it has changed. Its errors are *FileError where the document is wrong.
func (f *File) Catalogue(context.Context) (*Catalogue, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.name)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	now := f.now()
	fresh := stamp{info.ModTime(), info.Size(), day(now)}
	if f.latest != nil && f.stamp == fresh {
		return f.latest, nil
	}
	c, err := f.read(now)
	if err != nil {
		return nil, err
	}
	f.stamp, f.latest = fresh, c
	return c, nil
}

// longestFile bounds the document. A clinic of 500 doctors has about 40 MB of cells in two weeks.
const longestFile = 256 << 20

func (f *File) read(now time.Time) (*Catalogue, error) {
	if info, err := os.Stat(f.name); err == nil && info.Size() > longestFile {
		return nil, &FileError{File: f.name, Problem: fmt.Sprintf("has %d bytes", info.Size()), Want: "write the coming weeks only: up to 256 MiB are read"}
	}
	data, err := os.ReadFile(f.name)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	return parseDocument(f.name, data, now, f.days)
}

// Cells gives a doctor's free cells as the document has them.
func (f *File) Cells(ctx context.Context, doctor uuid.UUID) (Reading, error) {
	c, err := f.Catalogue(ctx)
	if err != nil {
		return Reading{}, err
	}
	return Reading{c.AsOf, c.cells[doctor]}, nil
}

// CellState never knows: the document was written before whatever is asked about.
func (f *File) CellState(context.Context, uuid.UUID, uuid.UUID, time.Time) (CellState, error) {
	return CellUnknown, nil
}

// FileError is what is wrong with the document. It names no person.
type FileError struct {
	File    string
	Line    int    // 0: the document as a whole
	Where   string // such as doctors[3].cells[17].begin; "" where there is none
	Problem string
	Want    string // what would be right
}

// Error says file, line, place, what is wrong, and what would be right.
func (e *FileError) Error() string {
	s := e.File
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
	}
	if e.Where != "" {
		s += ": " + e.Where
	}
	return s + ": " + e.Problem + "; " + e.Want
}
