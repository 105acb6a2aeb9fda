package checks

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// Writer is the journal of the running terminal.
type Writer interface {
	Progress(quiet time.Duration) error // proves that a record can be written where none was lately
	Used() (used, most int64)           // bytes
}

// Journal checks the journal of the running terminal by having it prove that it can be written to, unless something
// was written within quiet.
func Journal(j Writer, quiet time.Duration) health.Finding {
	if err := j.Progress(quiet); err != nil {
		return Unwritable(err)
	}
	used, most := j.Used()
	data := map[string]any{"UsedMB": used / megabyte, "MaxMB": most / megabyte}
	if float64(used) > health.JournalWarning*float64(most) {
		return health.New(health.PartJournal, "nearly_full").With(data)
	}
	return health.New(health.PartJournal, "writable").With(data)
}

// Unwritable is the finding of a record that could not be written.
func Unwritable(err error) health.Finding {
	return health.New(health.PartJournal, "unwritable").Because(err)
}

// JournalFile reads a journal as a whole, also while a terminal writes it, and counts its records and the bookings
// that have not ended.
func JournalFile(name string) health.Finding {
	open := map[uuid.UUID]bool{}
	records := 0
	err := journal.Read(name, func(e journal.Entry) error {
		records++
		if e.Record == nil {
			return nil
		}
		if e.Stage.Ends() {
			delete(open, e.Operation)
			return nil
		}
		open[e.Operation] = true
		return nil
	})
	kind := health.KindOK
	switch {
	case errors.Is(err, os.ErrNotExist):
		kind, err = "none", nil
	case errors.Is(err, os.ErrPermission):
		kind = "denied"
	case err != nil:
		kind = "unreadable"
	}
	return health.New(health.PartJournal, kind).With(map[string]any{
		"File": filepath.Base(name), "Records": records, "Unfinished": len(open),
	}).Because(err)
}
