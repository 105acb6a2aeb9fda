package schedule

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"
)

// File is a source that reads one JSON document with the schema docs/timetable.schema.json. Another system
// writes it, preferably to a temporary file that it renames. It is read again when it changes. While it is
// invalid, the last valid catalogue remains, with the age that its document names.
type File struct {
	name   string
	window Window

	mu     sync.Mutex
	stamp  stamp
	latest *Catalogue // of the document with this stamp
}

// stamp identifies a state of the file. It includes the day, which decides what cells are offered.
type stamp struct {
	modified time.Time
	size     int64
	day      string
}

// NewFile returns a source.
func NewFile(name string, w Window) *File { return &File{name: name, window: w} }

// Catalogue reads the document if it has changed. It returns a *FileError if the document is invalid.
func (f *File) Catalogue(context.Context) (*Catalogue, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.name)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	now := f.window.now()
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

// maxFileSize bounds the document in bytes. A clinic of 500 doctors has about 40 MB of cells in two weeks.
const maxFileSize = 256 << 20

func (f *File) read(now time.Time) (*Catalogue, error) {
	if info, err := os.Stat(f.name); err == nil && info.Size() > maxFileSize {
		return nil, &FileError{
			File: f.name, Problem: fmt.Sprintf("has %d bytes", info.Size()),
			Want: "write at most 256 MiB, for the coming weeks only",
		}
	}
	data, err := os.ReadFile(f.name)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	return parseDocument(f.name, data, f.window)
}

// Cells returns a doctor's free cells of the document.
func (f *File) Cells(ctx context.Context, doctor uuid.UUID) (Reading, error) {
	c, err := f.Catalogue(ctx)
	if err != nil {
		return Reading{}, err
	}
	return Reading{c.AsOf, c.all(doctor)}, nil
}

// CellState returns CellUnknown: the document is older than the reservation.
func (f *File) CellState(context.Context, uuid.UUID, uuid.UUID, time.Time) (CellState, error) {
	return CellUnknown, nil
}

// FileError is an error in the document. It names no person.
type FileError struct {
	File    string
	Line    int    // 0: the document as a whole
	Where   string // such as doctors[3].cells[17].begin; may be blank
	Problem string
	Want    string // what is wanted instead
}

// Error returns file, line, place, the problem, and what is wanted.
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
