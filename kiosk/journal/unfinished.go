package journal

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"infomat/kiosk"
)

// booking is one that has not come to its end.
type booking struct {
	first  uint64       // number of its first entry
	record kiosk.Record // its newest stage with all that is known of it
}

// follow keeps the unfinished bookings up to date with one more record.
func follow(open map[uuid.UUID]booking, seq uint64, r kiosk.Record) {
	if r.Stage.Ends() {
		delete(open, r.Operation)
		return
	}
	b, known := open[r.Operation]
	if !known {
		open[r.Operation] = booking{seq, r}
		return
	}
	b.record = merge(b.record, r)
	open[r.Operation] = b
}

// merge takes from the newer record what it knows, and the rest from the older.
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

// Unfinished gives each booking that has not come to its end, as one record: its newest stage with all that is known of it. The oldest is first.
func (j *Journal) Unfinished() []kiosk.Record {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := make([]booking, 0, len(j.open))
	for _, b := range j.open {
		all = append(all, b)
	}
	slices.SortFunc(all, func(a, b booking) int { return cmp.Compare(a.first, b.first) })
	records := make([]kiosk.Record, len(all))
	for i, b := range all {
		records[i] = b.record
	}
	return records
}
