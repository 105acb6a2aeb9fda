package registry

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
)

// amongDoctors are the kinds of reception among doctors. The registry leaves them out unless they are asked
// for (page C15830604): 322 "ТМК врач-врач", 323 "ТМК консилиум".
var amongDoctors = []string{"322", "323"}

// slot is ExtendedSlot. Its first two names are documented, the others are guessed from the answer to a
// reservation. The fields are named as in Names.
type slot struct {
	Status     lenientText `json:"status"`
	FlagAccess lenientText `json:"flagAccess"`
	Cell       lenientGUID `json:"timeTableGuid"` // GUESS
	Begin      lenientTime `json:"beginTime"`     // GUESS
	End        lenientTime `json:"endTime"`       // GUESS
	CellRoom   lenientText `json:"room"`          // GUESS
	CellFloor  lenientInt  `json:"flat"`          // GUESS
	BusyType   *busyType   `json:"busyType"`      // GUESS; nil: not told
}

// busyType is DocBusyType. Type 0 is not a reception; nil: not told.
type busyType struct {
	Type *lenientInt `json:"type"`
	Code lenientText `json:"code"`
}

// understood reports whether type and code can be read.
func (b *busyType) understood() bool {
	return b == nil || !b.Code.bad && (b.Type == nil || !b.Type.bad)
}

// forPatients reports whether it is a kind of reception for patients.
func (b *busyType) forPatients() bool {
	if b == nil {
		return true
	}
	if b.Type != nil && (b.Type.n == 0 || slices.Contains(amongDoctors, strconv.Itoa(b.Type.n))) {
		return false
	}
	return !slices.Contains(amongDoctors, b.Code.text)
}

// notFree are the documented statuses of a slot that is not free (page C15830615).
var notFree = []string{"Unavailable", "UnavailableWithMessage", "Unauthorized", "Expired", "Booked"}

// occupied reports whether the slot is not free, whatever its other properties are.
func (s *slot) occupied() bool {
	return slices.ContainsFunc(notFree, func(status string) bool { return strings.EqualFold(s.Status.text, status) })
}

// understood reports whether the slot is available, and it can be told for whom. The rights are documented as
// words; that of the infomat is not known in the bit mask that some pages have instead (GUESS), so a number
// says nothing.
func (s *slot) understood() bool {
	_, notNumber := strconv.ParseFloat(s.FlagAccess.text, 64)
	return strings.EqualFold(s.Status.text, "Available") && !s.FlagAccess.bad && notNumber != nil &&
		s.BusyType.understood()
}

// free reports whether the registry lets a patient reserve the cell.
func (s *slot) free(access string) bool {
	if !s.understood() || !s.BusyType.forPatients() {
		return false
	}
	rights := s.FlagAccess.text
	return rights == "" || slices.ContainsFunc(strings.Split(rights, ","), func(right string) bool {
		return strings.EqualFold(strings.TrimSpace(right), access)
	})
}

// state returns what the slot tells of its cell. Of the documented statuses only Booked says that somebody
// has the cell (page C15830615): the others are about times and rights.
func (s *slot) state(access string) schedule.CellState {
	switch {
	case s.free(access):
		return schedule.CellFree
	case strings.EqualFold(s.Status.text, "Booked"):
		return schedule.CellTaken
	}
	return schedule.CellUnknown
}

// offered is the part of a doctor's schedule that is offered, and what is dropped although it may be free.
// The places of what is dropped are positions in the schedule.
type offered struct {
	cells   []schedule.Cell // by time
	dropped []schedule.Dropped
	text    int // bytes of the texts of the cells
}

// maxDoctorCells bounds the free cells of one doctor: two weeks of 24 hours have 4032 cells of 5 minutes.
const maxDoctorCells = 8000

// errManyCells is returned for a schedule that can be none.
var errManyCells = fmt.Errorf("the doctor has more than %d free cells", maxDoctorCells)

// convertSlots converts a schedule to an offered.
func (r *Source) convertSlots(data []byte) (any, error) {
	var o offered
	var dropped schedule.Tally
	known := map[uuid.UUID]struct{}{}
	n, room := -1, ""
	err := r.slotWire.inside(r.options.SlotsIn, data, func(s *slot, readable bool) error {
		n++
		if reason := r.whyNot(s, readable); reason != "" {
			dropped.Addf(reason, "slots[%d]", n)
			return nil
		}
		if !s.free(r.options.Access) {
			return nil
		}
		if _, twice := known[s.Cell.UUID]; twice {
			dropped.Addf(schedule.CellTwice, "slots[%d]", n)
			return nil
		}
		if known[s.Cell.UUID] = struct{}{}; len(known) > maxDoctorCells {
			return errManyCells
		}
		if s.CellRoom.text != room { // else the text of the slot before is shared
			room = s.CellRoom.text
			o.text += len(room)
		}
		cell := schedule.Cell{GUID: s.Cell.UUID, Room: room, Floor: s.CellFloor.n}
		o.cells = append(o.cells, r.window.Cell(cell, s.Begin.Time, s.End.Time))
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(o.cells, func(a, b schedule.Cell) int { return a.Begin.Compare(b.Begin) })
	o.cells, o.dropped = slices.Clip(o.cells), dropped.Dropped()
	return o, nil
}

// whyNot returns why a slot is not offered although it may be free; blank: it is offered, or is not free.
func (r *Source) whyNot(s *slot, readable bool) schedule.Reason {
	switch {
	case s.occupied():
		return ""
	case !readable || !s.understood():
		return schedule.CellUnreadable
	case !s.free(r.options.Access):
		return ""
	case s.Cell.UUID == uuid.Nil:
		return schedule.CellNoGUID
	case s.Begin.bad:
		return schedule.CellUnreadable
	case s.Begin.IsZero():
		return schedule.CellNoBeginning
	}
	return ""
}
