package registry

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/schedtest"
)

// For any schedule of the registry every offered cell has a GUID and a beginning.
func FuzzSlots(f *testing.F) {
	f.Add(
		[]byte(
			`[{"status":"Available","flagAccess":"Internet","timeTableGuid":"12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5",`+
				`"beginTime":"2026-11-26T08:45:00+03:00","busyType":{"type":1}}]`,
		),
		"",
	)
	f.Add([]byte(`{"items":[{"status":"Available","room":5,"flat":"2","beginTime":[]}]}`), "items")
	f.Add([]byte(`[{"slots":[]},{"slots":null}]`), "slots")
	f.Fuzz(func(t *testing.T, data []byte, in string) {
		r := New(nil, Options{SlotsIn: in}, schedule.Window{Days: 14, Now: time.Now})
		value, err := r.convertSlots(data)
		if err != nil {
			return
		}
		o, _ := value.(offered)
		doctor := schedule.Doctor{GUID: uuid.UUID{15: 1}, Name: "x", Speciality: "1"}
		c := schedule.NewCatalogue(schedtest.LargeWindow, schedule.Parts{
			AsOf: schedtest.LargeNow, Specialities: []schedule.Speciality{{Code: "1", Name: "x"}},
			Doctors: []schedule.Doctor{doctor}, Cells: map[uuid.UUID][]schedule.Cell{doctor.GUID: o.cells},
		})
		schedtest.CheckInvariants(t, c, schedtest.LargeNow)
	})
}
