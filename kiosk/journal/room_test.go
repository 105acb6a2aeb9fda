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

// At the cap the oldest segments go, but none from the first record of a booking on that has not ended; what is kept has
// no hole, and a restart finds it so.
func TestTheCapSparesWhatIsUnfinished(t *testing.T) {
	const segment, most = 16 << 10, 100 << 10
	journal.SetSegmentSize(t, segment)
	name := filepath.Join(t.TempDir(), "journal.db")
	j := openMax(t, name, most)
	fill := func(n int) {
		for range n {
			finish(t, j, uuid.New())
		}
	}
	append1 := func(op uuid.UUID, s kiosk.Stage) {
		t.Helper()
		if err := j.Append(t.Context(), kiosk.Record{Operation: op, Stage: s}); err != nil {
			t.Fatal(err)
		}
	}
	fill(10)
	first := uuid.New()
	append1(first, kiosk.StageIntent)
	fill(10)
	second := uuid.New()
	append1(second, kiosk.StageIntent)
	append1(first, kiosk.StageSent) // does not make it younger
	fill(60)
	used, cap := j.Used()
	if used < most || cap != most {
		t.Fatalf("%d bytes of %d: the test does not reach the cap", used, cap)
	}
	oldest := func() (has func(uuid.UUID) bool) {
		at := map[uuid.UUID]bool{}
		last := uint64(0)
		for _, e := range entries(t, name) {
			if last != 0 && e.Seq != last+1 {
				t.Fatalf("entry %d follows %d", e.Seq, last)
			}
			last = e.Seq
			at[e.Operation] = at[e.Operation] || e.Stage == kiosk.StageIntent
		}
		return func(op uuid.UUID) bool { return at[op] }
	}
	if has := oldest(); !has(first) || !has(second) {
		t.Error("a record of an unfinished booking was removed")
	}
	if e := entries(t, name)[0]; e.Seq == 1 {
		t.Error("nothing was removed")
	}
	append1(first, kiosk.StageDone)
	fill(20)
	if has := oldest(); has(first) || !has(second) {
		t.Errorf("first kept %t, second %t", has(first), has(second))
	}
	append1(second, kiosk.StageDone)
	fill(20)
	all := segments(t, name)
	if n := int64(len(all)); n*segment > most || n*segment < most-segment {
		t.Errorf("%d segments with nothing unfinished", n)
	}
	if used, _ := j.Used(); used > most-segment || used < most-3*segment {
		t.Errorf("%d bytes are used", used)
	}
	used, _ = j.Used()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = openMax(t, name, most)
	defer j.Close()
	if again, _ := j.Used(); again != used {
		t.Errorf("%d bytes are used after a restart, %d before", again, used)
	}
	if j.Found != (journal.Found{}) || len(j.Unfinished()) != 0 {
		t.Errorf("what was removed came back: found %+v, unfinished %+v", j.Found, j.Unfinished())
	}
	fill(60)
	if now := segments(t, name); len(now) != len(all) || now[0] == all[0] {
		t.Errorf("after a restart the cap does not hold: %v", now)
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
