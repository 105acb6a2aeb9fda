package export

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// Each kind of entry has its columns; the words of a reason stand between colons, blank ones are left out.
func TestCellsOfATable(t *testing.T) {
	until := time.Date(2026, 11, 27, 10, 25, 0, 0, time.UTC)
	operation := uuid.MustParse("1a2b3c4d-0000-4000-8000-000000000000")
	for want, e := range map[string]journal.Entry{
		"life|started|||| terminal: version 1": {
			Kind: journal.KindLife, Note: &journal.Note{Subject: "terminal", State: "started", Detail: "version 1"},
		},
		"life|started|||| terminal": {Kind: journal.KindLife, Note: &journal.Note{Subject: "terminal", State: "started"}},
		"strange|||||":              {Kind: "strange"},
		kiosk.Code(operation) + "|CONFIRMED|042|314|10:25:00|": {Kind: journal.KindBooking, Record: &kiosk.Record{
			Operation: operation, Stage: kiosk.StageConfirmed, Num: "042", Room: "314", HoldUntil: until,
		}},
		kiosk.Code(operation) + "|REFUSED|||| 4009: taken: late": {Kind: journal.KindBooking, Record: &kiosk.Record{
			Operation: operation, Stage: kiosk.StageRefused, Code: "4009", CellState: kiosk.CellTaken, Reason: "late",
		}},
	} {
		if got := strings.Join(cellsOf(e), "|"); got != strings.ReplaceAll(want, "| ", "|") {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
