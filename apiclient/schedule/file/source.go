package file

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
)

// Source is a source that reads one JSON document with the schema docs/timetable.schema.json. Another system
// writes it, preferably to a temporary file that it renames. It is read again when it changes. While it is
// invalid, the last valid catalogue remains, with the age that its document names.
type Source struct {
	name   string
	window schedule.Window

	mu     sync.Mutex
	stamp  stamp
	latest *schedule.Catalogue // of the document with this stamp
}

// stamp identifies a state of the file. It includes the day, which decides what cells are offered.
type stamp struct {
	modified time.Time
	size     int64
	day      string
}

// New returns a source.
func New(name string, w schedule.Window) *Source { return &Source{name: name, window: w} }

// Catalogue reads the document if it has changed. It returns a *Error if the document is invalid.
func (f *Source) Catalogue(context.Context) (*schedule.Catalogue, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.name)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	now := f.window.Current()
	fresh := stamp{info.ModTime(), info.Size(), now.Format(time.DateOnly)}
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

func (f *Source) read(now time.Time) (*schedule.Catalogue, error) {
	if info, err := os.Stat(f.name); err == nil && info.Size() > maxFileSize {
		return nil, &Error{
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
func (f *Source) Cells(ctx context.Context, doctor uuid.UUID) (schedule.Reading, error) {
	c, err := f.Catalogue(ctx)
	if err != nil {
		return schedule.Reading{}, err
	}
	return c.Reading(doctor), nil
}

// CellState returns CellUnknown: the document is older than the reservation.
func (f *Source) CellState(context.Context, uuid.UUID, uuid.UUID, time.Time) (schedule.CellState, error) {
	return schedule.CellUnknown, nil
}

// Error is an error in the document. It names no person.
type Error struct {
	File    string
	Line    int    // 0: the document as a whole
	Where   string // such as doctors[3].cells[17].begin; may be blank
	Problem string
	Want    string // what is wanted instead
}

// Error returns file, line, place, the problem, and what is wanted.
func (e *Error) Error() string {
	s := e.File
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
	}
	if e.Where != "" {
		s += ": " + e.Where
	}
	return s + ": " + e.Problem + "; " + e.Want
}
