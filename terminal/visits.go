package terminal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/desk"
	"infomat/kiosk/journal"
)

// visits returns the bookings of a journal whose code begins with what was typed, the newest first, at most so many.
func visits(name, code string, most int) ([]desk.Visit, error) {
	byOperation := map[string]*desk.Visit{}
	var order []string
	err := journal.Read(name, func(e journal.Entry) error {
		if e.Record == nil {
			return nil
		}
		r := *e.Record
		operation := r.Operation.String()
		if !strings.HasPrefix(strings.ReplaceAll(kiosk.Code(r.Operation), "-", ""), code) {
			return nil
		}
		v := byOperation[operation]
		if v == nil {
			v = &desk.Visit{Operation: operation, Code: kiosk.Code(r.Operation)}
			byOperation[operation] = v
			order = append(order, operation)
		}
		v.At, v.Stage = r.At, string(r.Stage)
		v.CanPrint = v.CanPrint || r.Num != "" && time.Now().Before(r.HoldUntil)
		v.Story = append(v.Story, desk.Event{At: r.At, Stage: string(r.Stage), More: more(r)})
		return nil
	})
	slices.Reverse(order)
	var all []desk.Visit
	for _, operation := range order[:min(most, len(order))] {
		all = append(all, *byOperation[operation])
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
