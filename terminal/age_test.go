package terminal

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
	"infomat/kiosk"
	"infomat/terminal/checks"
)

// oldParts is a source whose first page comes, and whose schedules are old readings.
type oldParts struct {
	schedule.Source
	asOf, read time.Time
}

func (o oldParts) Catalogue(context.Context) (*schedule.Catalogue, error) {
	doctor := uuid.New()
	return schedule.NewCatalogue(schedule.Window{Days: 14}, schedule.Parts{
		AsOf: o.asOf, Doctors: []schedule.Doctor{{GUID: doctor, Name: "x", Speciality: "1"}},
		Specialities: []schedule.Speciality{{Code: "1", Name: "y"}},
		Cells:        map[uuid.UUID][]schedule.Cell{doctor: {{GUID: uuid.New(), Begin: o.asOf.Add(time.Hour)}}},
		Read:         map[uuid.UUID]time.Time{doctor: o.read},
		Dropped:      []schedule.Dropped{{Reason: schedule.OldReading, Count: 1}},
	}), nil
}

// Where every schedule is an old reading, neither the figures nor the finding say that the timetable is fresh.
func TestTheAgeOfATimetableOfOldReadings(t *testing.T) {
	now := time.Now()
	store := &schedule.Store{Source: oldParts{asOf: now, read: now.Add(-4 * time.Minute)}}
	if err := store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if age := (&figures{store: store}).age(); age < 240 || age > 260 {
		t.Errorf("the age is %v s", age)
	}
	f := checks.Timetable(store, now)
	if f.Kind != "partly" || f.Data["Seconds"] != 240 {
		t.Errorf("%+v", f)
	}
}

// A ticket whose answer names no time tells the hold in the clinic's zone and not in the computer's.
func TestATicketWithoutATimeIsOfTheClinicsZone(t *testing.T) {
	ural := time.FixedZone("", 5*60*60)
	now := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	got := paperTicket(kiosk.Paper{HoldUntil: now}, now, ural)
	if hold, issued := got.HoldUntil.Format("15:04"), got.Issued.Format("15:04"); hold != "10:00" || issued != "10:00" {
		t.Errorf("held until %s, issued at %s", hold, issued)
	}
}
