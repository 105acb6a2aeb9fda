package journal_test

import (
	"encoding/csv"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// finish writes a whole booking.
func finish(t *testing.T, j *journal.Journal, op uuid.UUID) {
	t.Helper()
	for _, s := range []kiosk.Stage{kiosk.StageIntent, kiosk.StageSent, kiosk.StageConfirmed, kiosk.StagePrinting, kiosk.StagePrinted, kiosk.StageDone} {
		if err := j.Append(t.Context(), kiosk.Record{Operation: op, Stage: s, Num: "008", Reason: strings.Repeat("x", 300)}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheCapWarnsThenTrimsAndSparesWhatIsUnfinished(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	const most = 100_000
	j, err := journal.Open(name, journal.Options{Max: most})
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		finish(t, j, uuid.New())
	}
	unfinished := uuid.New()
	if err := j.Append(t.Context(), kiosk.Record{Operation: unfinished, Stage: kiosk.StageSent}); err != nil {
		t.Fatal(err)
	}
	for range 60 {
		finish(t, j, uuid.New())
	}
	if used, _ := j.Used(); used < most {
		t.Fatalf("%d bytes: the test does not reach the cap", used)
	}
	if open := j.Unfinished(); len(open) != 1 || open[0].Operation != unfinished {
		t.Fatalf("unfinished: %+v", open)
	}
	if first := entries(t, name)[0]; first.Record == nil || first.Operation != unfinished {
		t.Errorf("the first entry kept is %+v", first)
	}
	if err := j.Append(t.Context(), kiosk.Record{Operation: unfinished, Stage: kiosk.StageDone}); err != nil {
		t.Fatal(err)
	}
	for range 60 {
		finish(t, j, uuid.New())
	}
	if used, _ := j.Used(); used > most {
		t.Errorf("%d bytes with nothing unfinished, %d are allowed", used, most)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	checkTrimmed(t, name)
	j = open(t, name)
	defer j.Close()
	if j.Found.SetAside != "" || len(j.Unfinished()) != 0 {
		t.Errorf("what was trimmed came back: found %+v, unfinished %+v", j.Found, j.Unfinished())
	}
}

// checkTrimmed holds a full journal against its rules: numbers without a hole from the first on, and no trimming without a warning before it.
func checkTrimmed(t *testing.T, name string) {
	t.Helper()
	states := map[string]int{}
	last := uint64(0)
	for _, e := range entries(t, name) {
		if last != 0 && e.Seq != last+1 {
			t.Fatalf("entry %d follows %d", e.Seq, last)
		}
		last = e.Seq
		if e.Kind == journal.KindSpace {
			states[e.State]++
		}
	}
	if states["trimmed"] == 0 {
		t.Errorf("notes of space: %v", states)
	}
}

func TestExports(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	defer j.Close()
	finish(t, j, uuid.New())
	if err := j.Note(t.Context(), journal.KindDevice, journal.Note{Subject: "printer", State: "down", Detail: "line\nbreak, \"quotes\" and \x00", Stack: []string{"a", "b"}}); err != nil {
		t.Fatal(err)
	}
	var lines, sheet strings.Builder
	if err := journal.WriteJSON(&lines, name); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(lines.String(), "\n"); got != 7 || !strings.Contains(lines.String(), `"kind":"device"`) {
		t.Errorf("%d lines:\n%s", got, lines.String())
	}
	if err := journal.WriteCSV(&sheet, name); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(sheet.String())).ReadAll()
	if err != nil || len(rows) != 8 || len(rows[0]) != 26 || rows[7][24] != `line break, "quotes" and` {
		t.Errorf("%v, %d rows:\n%s", err, len(rows), sheet.String())
	}
}
