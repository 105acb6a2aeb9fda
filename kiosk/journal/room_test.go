package journal_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/journal"
	"infomat/kiosk/journal/export"
)

// finish writes a whole booking.
func finish(t *testing.T, j *journal.Journal, op uuid.UUID) {
	t.Helper()
	for _, s := range []kiosk.Stage{
		kiosk.StageIntent, kiosk.StageSent, kiosk.StageConfirmed, kiosk.StagePrinting, kiosk.StagePrinted, kiosk.StageDone,
	} {
		r := kiosk.Record{Operation: op, Stage: s, Num: "008", Reason: strings.Repeat("x", 300)}
		if err := j.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
}

// At the cap the oldest segments go, but none from the first record of a booking on that has not ended; what is kept
// has no hole, and a restart finds it so.
func TestTheCapSparesWhatIsUnfinished(t *testing.T) {
	const (
		segment = 16 << 10
		most    = 6 * segment
	)
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
	if n := int64(len(all)); n*segment != most {
		t.Errorf("%d segments with nothing unfinished", n)
	}
	if used, _ := j.Used(); used > most+segment || used < most-segment {
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

// The exports have these columns and keys: other programs read them.
func TestExports(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	defer j.Close()
	at := time.Date(2026, 3, 4, 5, 6, 7, 800, time.FixedZone("", 3*3600))
	id := func(n byte) uuid.UUID { return uuid.UUID{0x1a, 0x2b, 0x3c, 0x4d, n} }
	all := kiosk.Record{
		Operation: id(1), Stage: kiosk.StageRefused, At: at, RetryOf: id(2), Cell: id(3), Doctor: id(4), Age: kiosk.AgeTeen,
		Begin: at.Add(time.Hour), Num: "A,7", Room: "12\"", Floor: 1234567, Ticket: id(5),
		HoldUntil: at.Add(time.Minute), Boot: "b", UptimeUntil: 1,
		CellState: kiosk.CellFree, HTTPStatus: 409, Code: "4009", Job: id(6), Copy: true, Reason: "<why>",
	}
	if err := errors.Join(
		j.Append(t.Context(), all),
		j.Append(t.Context(), kiosk.Record{Operation: id(7), Stage: kiosk.StageIntent, At: at}),
		j.Note(t.Context(), journal.KindDevice, journal.Note{
			Subject: "printer", State: "down", Detail: "line\nbreak, \"quotes\" and \x00", Stack: []string{"a", "b"},
		}),
	); err != nil {
		t.Fatal(err)
	}
	var lines, sheet strings.Builder
	if err := errors.Join(export.JSON(&lines, name), export.CSV(&sheet, name)); err != nil {
		t.Fatal(err)
	}
	when := at.Format(time.RFC3339Nano)
	noted := entries(t, name)[2].At.Format(time.RFC3339Nano)
	long := func(n string) string { return "1a2b3c4d-" + n + "00-0000-0000-000000000000" }
	wantSheet := strings.Join([]string{
		"seq,at,kind,operation,code,stage,retry_of,cell,doctor,age,begin,num,room,floor,ticket_guid,hold_until,http," +
			"refusal_code,job,copy,finding,reason,subject,state,detail,stack",
		"1," + when + ",booking," + long("01") + ",1A2B-3C4D,REFUSED," + long("02") + "," + long("03") + "," +
			long("04") + ",TEEN,2026-03-04T06:06:07.0000008+03:00,\"A,7\",\"12\"\"\",1234567," + long("05") +
			",2026-03-04T05:07:07.0000008+03:00,409,4009," + long("06") + ",yes,free,<why>,,,,",
		"2," + when + ",booking," + long("07") + ",1A2B-3C4D,INTENT,,,,,,,,,,,,,,,,,,,,",
		"3," + noted + ",device,,,,,,,,,,,,,,,,,,,,printer,down,\"line break, \"\"quotes\"\" and\",a < b",
		"",
	}, "\n")
	if sheet.String() != wantSheet {
		t.Errorf("got\n%s\nwant\n%s", sheet.String(), wantSheet)
	}
	wantLines := strings.Join([]string{
		`{"seq":1,"kind":"booking","at":"` + when + `","operation":"` + long("01") + `","stage":"REFUSED",` +
			`"retryOf":"` + long("02") + `","cell":"` + long("03") + `","doctor":"` + long("04") + `","age":"TEEN",` +
			`"begin":"2026-03-04T06:06:07.0000008+03:00","num":"A,7","room":"12\"","floor":1234567,` +
			`"ticketGuid":"` + long("05") + `","holdUntil":"2026-03-04T05:07:07.0000008+03:00","uptimeUntil":1,` +
			`"boot":"b","finding":"free","http":409,"code":"4009",` +
			`"job":"` + long("06") + `","copy":true,"reason":"\u003cwhy\u003e"}`,
		`{"seq":2,"kind":"booking","at":"` + when + `","operation":"` + long("07") + `","stage":"INTENT"}`,
		`{"seq":3,"kind":"device","at":"` + noted + `","subject":"printer","state":"down",` +
			`"detail":"line break, \"quotes\" and","stack":["a","b"]}`,
		"",
	}, "\n")
	if lines.String() != wantLines {
		t.Errorf("got\n%s\nwant\n%s", lines.String(), wantLines)
	}
}
