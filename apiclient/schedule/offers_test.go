package schedule_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// The nearest cell of a speciality is that of its doctor with the nearest one, in any order of the doctors.
func TestOfferOfASpeciality(t *testing.T) {
	cellAt := func(minutes int) schedule.Cell {
		return schedule.Cell{GUID: uuid.New(), Begin: monday.Add(time.Duration(minutes) * time.Minute)}
	}
	for _, minutes := range [][]int{{30, 15, -1}, {15, 30, -1}, {-1, 15, 30}, {15, -1, 30}, {-1, 30, 15}, {15, 15, -1}} {
		var doctors []schedule.Doctor
		cells := map[uuid.UUID][]schedule.Cell{}
		for i, n := range minutes {
			d := schedule.Doctor{GUID: uuid.New(), Name: string(rune('A' + i)), Speciality: "1"}
			doctors = append(doctors, d)
			if n >= 0 {
				cells[d.GUID] = []schedule.Cell{cellAt(n), cellAt(60)}
			}
		}
		c := schedule.NewCatalogue(schedule.Window{Days: 14}, schedule.Parts{
			AsOf: monday, Specialities: []schedule.Speciality{{Code: "1", Name: "x"}}, Doctors: doctors, Cells: cells,
		})
		offers := c.Specialities(apiclient.Adult, monday)
		if len(offers) != 1 || offers[0].Free != 4 || !offers[0].Nearest.Equal(monday.Add(15*time.Minute)) {
			t.Errorf("%v: %+v", minutes, offers)
		}
	}
}
