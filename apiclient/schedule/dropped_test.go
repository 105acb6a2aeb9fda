package schedule

import (
	"errors"
	"reflect"
	"testing"
)

// A place is written only while it is kept.
func TestPlacesOfWhatIsDropped(t *testing.T) {
	var slots, all Tally
	for i := range 5 {
		slots.Addf(CellNoGUID, "slots[%d]", i)
	}
	slots.AddError(DoctorUnread, "", errors.New("HTTP 500"))
	all.AddAt("doctors[1]", slots.Dropped())
	all.AddAt("doctors[2]", slots.Dropped())
	want := []Dropped{
		{CellNoGUID, 10, []string{"doctors[1].slots[0]", "doctors[1].slots[1]", "doctors[1].slots[2]"}, ""},
		{DoctorUnread, 2, nil, "HTTP 500"},
	}
	if got := all.Dropped(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	text := (&NothingLeftError{want}).Error()
	const says = "schedule: nothing of the timetable can be offered: cell_no_guid ×10 (first at doctors[1].slots[0]), " +
		"doctor_unread ×2: HTTP 500"
	if text != says {
		t.Errorf("%q", text)
	}
}
