package schedule

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
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

// busyType is DocBusyType. Type 0 is not a reception.
type busyType struct {
	Type lenientInt  `json:"type"`
	Code lenientText `json:"code"`
}

// available reports whether the registry calls the slot free, for whatever access.
func (s *slot) available() bool { return strings.EqualFold(s.Status.text, "Available") }

// understood reports whether it can be told for whom the slot is. The rights are documented as words; that
// of the infomat is not known in the bit mask that some pages have instead (GUESS), so a number says nothing.
func (s *slot) understood() bool {
	_, notNumber := strconv.ParseFloat(s.FlagAccess.text, 64)
	return !s.Status.bad && !s.FlagAccess.bad && notNumber != nil &&
		(s.BusyType == nil || !s.BusyType.Type.bad && !s.BusyType.Code.bad)
}

// free reports whether the registry lets a patient reserve the cell.
func (s *slot) free(access string) bool {
	if !s.available() || !s.understood() {
		return false
	}
	if b := s.BusyType; b != nil {
		reception := func(code string) bool { return !slices.Contains(amongDoctors, code) }
		if b.Type.n == 0 || !reception(b.Code.text) || !reception(strconv.Itoa(b.Type.n)) {
			return false
		}
	}
	rights := s.FlagAccess.text
	return rights == "" || slices.ContainsFunc(strings.Split(rights, ","), func(right string) bool {
		return strings.EqualFold(strings.TrimSpace(right), access)
	})
}

// state returns what the slot tells of its cell. Of the documented statuses only Booked says that somebody
// has the cell (page C15830615): the others are about times and rights.
func (s *slot) state(access string) CellState {
	switch {
	case s.free(access):
		return CellFree
	case strings.EqualFold(s.Status.text, "Booked"):
		return CellTaken
	}
	return CellUnknown
}

// offered is the part of a doctor's schedule that is offered, and what is dropped although it may be free.
// The places of what is dropped are positions in the schedule.
type offered struct {
	cells   []Cell // by time
	dropped []Dropped
	text    int // bytes of the texts of the cells
}

// convertSlots converts a schedule to an offered.
func (r *Registry) convertSlots(data []byte) (any, error) {
	var o offered
	var dropped tally
	known := map[uuid.UUID]struct{}{}
	n, room := -1, ""
	err := r.slotWire.inside(r.options.SlotsIn, data, func(s *slot, readable bool) error {
		n++
		if reason := r.whyNot(s, readable); reason != "" {
			dropped.addf(reason, "slots[%d]", n)
			return nil
		}
		if !s.free(r.options.Access) {
			return nil
		}
		if _, twice := known[s.Cell.UUID]; twice {
			dropped.addf(CellTwice, "slots[%d]", n)
			return nil
		}
		known[s.Cell.UUID] = struct{}{}
		if s.CellRoom.text != room { // else the text of the slot before is shared
			room = s.CellRoom.text
			o.text += len(room)
		}
		cell := Cell{GUID: s.Cell.UUID, Room: room, Floor: s.CellFloor.n}
		o.cells = append(o.cells, r.window.cell(cell, s.Begin.Time, s.End.Time))
		return nil
	})
	if err != nil {
		return nil, err
	}
	o.cells, o.dropped = inOrder(slices.Clip(o.cells)), dropped.dropped()
	return o, nil
}

// whyNot returns why a slot is not offered although it may be free; blank: it is offered, or is not free.
func (r *Registry) whyNot(s *slot, readable bool) Reason {
	told := s.Status.text != "" && !s.available() // not free, whatever the rest is
	switch {
	case told:
		return ""
	case !readable || *s == (slot{}) || s.Status.text == "" || !s.understood():
		return CellUnreadable
	case !s.free(r.options.Access):
		return ""
	case s.Cell.UUID == uuid.Nil:
		return CellNoGUID
	case s.Begin.bad:
		return CellUnreadable
	case s.Begin.IsZero():
		return CellNoBeginning
	}
	return ""
}
