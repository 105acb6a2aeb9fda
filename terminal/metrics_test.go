package terminal

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
)

// shelf is a source that has one timetable.
type shelf struct {
	schedule.Source
	c *schedule.Catalogue
}

func (s shelf) Catalogue(context.Context) (*schedule.Catalogue, error) { return s.c, nil }

// The figures tell the age of the oldest part of the timetable, and what is not offered by its reason. Without a
// timetable there are none.
func TestFiguresOfTheTimetable(t *testing.T) {
	now := time.Now()
	fresh, old := schedule.Doctor{GUID: uuid.New(), Name: "a"}, schedule.Doctor{GUID: uuid.New(), Name: "b"}
	store := &schedule.Store{MaxAge: time.Hour, Source: shelf{c: schedule.NewCatalogue(schedule.Window{Days: 1},
		schedule.Parts{
			AsOf: now, Doctors: []schedule.Doctor{fresh, old},
			Read:    map[uuid.UUID]time.Time{old.GUID: now.Add(-10 * time.Minute)},
			Dropped: []schedule.Dropped{{Reason: schedule.CellNoGUID, Count: 3}},
		})}}
	f := &figures{store: store}
	if age, dropped := f.age(), f.dropped(schedule.CellNoGUID); !math.IsNaN(age) || !math.IsNaN(dropped) {
		t.Errorf("without a timetable: %v, %v", age, dropped)
	}
	if err := store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if age := f.age(); age < 600 || age > 660 {
		t.Errorf("the age is %v s, want that of the older doctor", age)
	}
	if n := f.dropped(schedule.CellNoGUID); n != 3 {
		t.Errorf("%v cells without a GUID", n)
	}
	if n := f.dropped(schedule.CellTwice); n != 0 {
		t.Errorf("%v cells twice", n)
	}
}
