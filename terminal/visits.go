package terminal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/desk"
	"infomat/kiosk/journal"
)

// visits returns the bookings of a journal whose code begins with what was typed, at most so many. The one that has the
// newest record comes first. It reads back no further than to the first records of these.
func visits(name, code string, most int) (all []desk.Visit, err error) {
	found := map[uuid.UUID]int{}
	begun := 0 // of all, those whose first record was read
	err = journal.ReadBack(name, strings.ToLower(code), func(r kiosk.Record) bool {
		i, known := found[r.Operation]
		if !known && len(all) == most {
			return begun < most
		}
		if !known {
			i = len(all)
			found[r.Operation] = i
			all = append(all, desk.Visit{
				Operation: r.Operation.String(), Code: kiosk.Code(r.Operation), At: r.At, Stage: string(r.Stage),
			})
		}
		v := &all[i]
		v.CanPrint = v.CanPrint || r.Num != "" &&
			(time.Now().Before(r.HoldUntil) || r.VisitState() == kiosk.VisitMade)
		v.Story = append(v.Story, desk.Event{At: r.At, Stage: string(r.Stage), More: more(r)})
		if r.Stage == kiosk.StageIntent {
			begun++
		}
		return begun < most
	})
	for _, v := range all {
		slices.Reverse(v.Story)
	}
	return all, err
}

// more returns what else a record knows, without what leads to a patient.
func more(r kiosk.Record) string {
	var all []string
	if r.HTTPStatus != 0 {
		all = append(all, fmt.Sprintf("HTTP %d %s", r.HTTPStatus, r.Code))
	}
	if r.Copy {
		all = append(all, "copy")
	}
	if r.Reason != "" {
		all = append(all, r.Reason)
	}
	return strings.Join(all, ", ")
}
