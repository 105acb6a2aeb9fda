package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// Reason is why parts of a source are not offered. It is a key: logs, metrics and the texts for technicians
// use it.
type Reason string

// The reasons.
const (
	SpecialityUnnamed    Reason = "speciality_unnamed"       // a speciality has no code or no name
	SpecialityUnread     Reason = "speciality_unread"        // the list of a speciality's doctors cannot be read
	DoctorNoGUID         Reason = "doctor_no_guid"           //
	DoctorUnnamed        Reason = "doctor_unnamed"           //
	DoctorAges           Reason = "doctor_ages"              // the doctor is for no age category that is known
	DoctorUnread         Reason = "doctor_unread"            // the doctor's schedule cannot be read
	DoctorInactive       Reason = "doctor_inactive"          // the source marks the doctor, role or schedule as inactive
	DoctorAmbiguous      Reason = "doctor_ambiguous"         // a schedule is for several people
	CellNoGUID           Reason = "cell_no_guid"             //
	CellSeveralGUIDs     Reason = "cell_several_guids"       //
	CellTwice            Reason = "cell_twice"               // the same GUID stands in two cells
	CellNoBeginning      Reason = "cell_no_beginning"        //
	CellNoDoctor         Reason = "cell_no_doctor"           // a slot leads to no doctor
	CellNoSchedule       Reason = "cell_no_schedule"         // a slot leads to no schedule
	CellNoSpeciality     Reason = "cell_no_speciality"       //
	CellAges             Reason = "cell_ages"                // a cell is for no age that the settings name
	CellNotFree          Reason = "cell_not_free"            // a slot is not free although free ones were asked for
	CellModified         Reason = "cell_modified"            // a modifierExtension changes what a slot means
	CellUnreadable       Reason = "cell_unreadable"          //
	RoomAmbiguous        Reason = "room_ambiguous"           // several locations can be the room: the cell has none
	ClinicUnread         Reason = "clinic_unread"            // name, telephone and age of the clinic cannot be read
	ResourceUnreadable   Reason = "resource_unreadable"      //
	LimitReached         Reason = "limit_reached"            // the rest is beyond the limits of one reading
	OldReading           Reason = "old_reading"              // a part could not be read again: its last reading is offered
	ServerWarning        Reason = "server_warning"           // the server reports an issue of its own
	SpecialityInDoubt    Reason = "speciality_in_doubt"      // two specialities share one code
	DoctorElsewhere      Reason = "doctor_elsewhere"         // a reference leads to another server
	CellOutsideOfTheDays Reason = "cell_outside_of_the_days" // a cell is before today or after the days that are offered
)

// Reasons are all reasons.
var Reasons = []Reason{
	SpecialityUnnamed, SpecialityUnread, DoctorNoGUID, DoctorUnnamed, DoctorAges, DoctorUnread,
	DoctorInactive, DoctorAmbiguous, CellNoGUID, CellSeveralGUIDs, CellTwice, CellNoBeginning, CellNoDoctor,
	CellNoSchedule, CellNoSpeciality, CellAges, CellNotFree, CellModified, CellUnreadable, RoomAmbiguous,
	ClinicUnread, ResourceUnreadable, LimitReached, OldReading, ServerWarning, SpecialityInDoubt,
	DoctorElsewhere, CellOutsideOfTheDays,
}

// Dropped is a reason why parts of a source are not offered, their number, and where the first of them
// stand. It names no person and quotes nothing of the source.
type Dropped struct {
	Reason Reason
	Count  int
	Places []string // positions in the source, such as "specialities[3].doctors[7]"; at most maxPlaces
	Cause  string   // the error of the first of them, if there was one; it quotes nothing of the source
}

// maxPlaces bounds Dropped.Places.
const maxPlaces = 3

// Tally counts what is not offered, by reason. It is safe for concurrent use.
type Tally struct {
	mu   sync.Mutex
	list map[Reason]*Dropped
}

// Add counts one part at a place of the source; a blank place is not kept.
func (t *Tally) Add(r Reason, place string) {
	t.AddAll(Dropped{Reason: r, Count: 1, Places: []string{place}})
}

// Addf counts one part at a place that is formatted only if it is kept.
func (t *Tally) Addf(r Reason, format string, position ...any) {
	place := ""
	if t.Count(r) < maxPlaces {
		place = fmt.Sprintf(format, position...)
	}
	t.Add(r, place)
}

// AddError counts one part that an error has cost.
func (t *Tally) AddError(r Reason, place string, cause error) {
	t.AddAll(Dropped{Reason: r, Count: 1, Places: []string{place}, Cause: cause.Error()})
}

// AddAt counts parts whose places are relative to a place.
func (t *Tally) AddAt(place string, more []Dropped) {
	for _, m := range more {
		places := make([]string, len(m.Places))
		for i, p := range m.Places {
			places[i] = place + "." + p
		}
		m.Places = places
		t.AddAll(m)
	}
}

// AddAll counts several parts.
func (t *Tally) AddAll(more ...Dropped) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.list == nil {
		t.list = map[Reason]*Dropped{}
	}
	for _, m := range more {
		d := t.list[m.Reason]
		if d == nil {
			d = &Dropped{Reason: m.Reason}
			t.list[m.Reason] = d
		}
		d.Count += m.Count
		d.Cause = cmp.Or(d.Cause, m.Cause)
		for _, place := range m.Places {
			if place != "" && len(d.Places) < maxPlaces {
				d.Places = append(d.Places, place)
			}
		}
	}
}

// Count returns how many parts were dropped for a reason.
func (t *Tally) Count(r Reason) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d := t.list[r]; d != nil {
		return d.Count
	}
	return 0
}

// Dropped returns all that was counted, sorted by reason.
func (t *Tally) Dropped() (list []Dropped) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range t.list {
		list = append(list, *d)
	}
	slices.SortFunc(list, func(a, b Dropped) int { return cmp.Compare(a.Reason, b.Reason) })
	return list
}

// NothingLeftError is returned if a source has parts and all of them were dropped.
type NothingLeftError struct{ Dropped []Dropped }

// Error returns the reasons with their counts and places.
func (e *NothingLeftError) Error() string {
	s := "schedule: nothing of the timetable can be offered"
	for i, d := range e.Dropped {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		s += fmt.Sprintf("%s%s ×%d", separator, d.Reason, d.Count)
		if len(d.Places) > 0 {
			s += fmt.Sprintf(" (first at %s)", d.Places[0])
		}
		if d.Cause != "" {
			s += ": " + d.Cause
		}
	}
	return s
}
