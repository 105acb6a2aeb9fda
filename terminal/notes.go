package terminal

import (
	"context"
	"log/slog"

	"infomat/kiosk/journal"
)

// pendingNotes is how many notes may wait for the disk.
const pendingNotes = 64

// noteWriter writes notes into the journal without making their authors wait for the disk.
type noteWriter struct {
	journal *journal.Journal
	log     *slog.Logger
	pending chan pendingNote
}

type pendingNote struct {
	kind journal.Kind
	note journal.Note
}

func newNoteWriter(j *journal.Journal, log *slog.Logger) *noteWriter {
	return &noteWriter{journal: j, log: log, pending: make(chan pendingNote, pendingNotes)}
}

// add hands a note to run. It never blocks: a note for which there is no room is logged and lost.
func (w *noteWriter) add(k journal.Kind, n journal.Note) {
	select {
	case w.pending <- pendingNote{k, n}:
	default:
		w.log.Error("too many notes for the journal: one is lost", "kind", k, "subject", n.Subject, "state", n.State)
	}
}

// run writes notes until ctx ends, and those that were added by then.
func (w *noteWriter) run(ctx context.Context) {
	for {
		select {
		case n := <-w.pending:
			w.write(n.kind, n.note)
		case <-ctx.Done():
			w.drain()
			return
		}
	}
}

// drain writes the notes that have been added by now.
func (w *noteWriter) drain() {
	for {
		select {
		case n := <-w.pending:
			w.write(n.kind, n.note)
		default:
			return
		}
	}
}

// write writes a note at once.
func (w *noteWriter) write(k journal.Kind, n journal.Note) {
	if err := w.journal.Note(context.Background(), k, n); err != nil {
		w.log.Error("a note could not be written", "kind", k, "subject", n.Subject, "state", n.State, "error", err)
	}
}
