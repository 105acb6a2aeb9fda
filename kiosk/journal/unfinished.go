package journal

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/google/uuid"

	"infomat/kiosk"
)

// booking is a booking that has not ended.
type booking struct {
	first  uint64       // number of its first record
	record kiosk.Record // its newest stage, with all that is known of it
}

// ended are the stages that end a booking.
var ended = map[kiosk.Stage]bool{kiosk.StageDone: true, kiosk.StageRefused: true, kiosk.StageUnreachable: true}

// tail collects what a start needs of a journal, and decodes nothing else.
type tail struct {
	open  map[string][]line // by operation: the lines of bookings that have not ended
	notes map[string]line   // by kind: the newest
}

func newTail() *tail { return &tail{map[string][]line{}, map[string]line{}} }

func (t *tail) add(l line) error {
	switch {
	case l.stage == "-":
		l.body = append(t.notes[l.kind].body[:0], l.body...)
		t.notes[l.kind] = l
	case ended[kiosk.Stage(l.stage)]:
		delete(t.open, l.operation)
	default:
		l.body = bytes.Clone(l.body)
		t.open[l.operation] = append(t.open[l.operation], l)
	}
	return nil
}

// decode returns the bookings and the notes.
func (t *tail) decode() (open map[uuid.UUID]booking, newest map[Kind]Note, err error) {
	open, newest = map[uuid.UUID]booking{}, map[Kind]Note{}
	for _, l := range t.notes {
		e, err := l.entry()
		if err != nil {
			return nil, nil, err
		}
		newest[e.Kind] = *e.Note
	}
	for _, all := range t.open {
		for _, l := range all {
			e, err := l.entry()
			if err != nil {
				return nil, nil, err
			}
			follow(open, e.Seq, *e.Record)
		}
	}
	return open, newest, nil
}

// follow applies one more record to the bookings that have not ended.
func follow(open map[uuid.UUID]booking, seq uint64, r kiosk.Record) {
	b, known := open[r.Operation]
	switch {
	case ended[r.Stage]:
		delete(open, r.Operation)
	case known:
		open[r.Operation] = booking{b.first, merge(b.record, r)}
	default:
		open[r.Operation] = booking{seq, r}
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

// Unfinished returns one record for each booking that has not ended: its newest stage, with all that is known of it.
// The booking that began first comes first.
func (j *Journal) Unfinished() (records []kiosk.Record) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := slices.SortedFunc(maps.Values(j.open), func(a, b booking) int { return cmp.Compare(a.first, b.first) })
	for _, b := range all {
		records = append(records, b.record)
	}
	return records
}
