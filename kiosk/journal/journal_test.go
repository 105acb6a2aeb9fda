package journal_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

func open(t testing.TB, name string) *journal.Journal {
	t.Helper()
	return openMax(t, name, 0)
}

func openMax(t testing.TB, name string, most int64) *journal.Journal {
	t.Helper()
	j, err := journal.Open(name, journal.Options{Max: most})
	if err := errors.Join(err, j.Err()); err != nil {
		t.Fatal(err)
	}
	return j
}

func entries(t *testing.T, name string) (all []journal.Entry) {
	t.Helper()
	if err := journal.Read(name, func(e journal.Entry) error { all = append(all, e); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

func stages(t *testing.T, name string) (all []kiosk.Stage) {
	t.Helper()
	for _, e := range entries(t, name) {
		if e.Record != nil {
			all = append(all, e.Stage)
		}
	}
	return all
}

func TestRecordsComeBackInOrder(t *testing.T) {
	name := filepath.Join(t.TempDir(), "deep", "journal.db")
	j := open(t, name)
	want := []kiosk.Stage{kiosk.StageIntent, kiosk.StageSent, kiosk.StageConfirmed}
	op := uuid.New()
	for _, s := range want {
		if err := j.Append(t.Context(), kiosk.Record{Operation: op, Stage: s, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	if got := stages(t, name); fmt.Sprint(got) != fmt.Sprint(want) { // read while it is open
		t.Errorf("read beside the terminal: %v", got)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := stages(t, name); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("read alone: %v", got)
	}
}

func TestSecondInstanceLearnsWhoHasIt(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	_, err := journal.Open(name, journal.Options{})
	owner := fmt.Sprintf("process %d, running since ", os.Getpid())
	if !errors.Is(err, journal.ErrBusy) || !strings.Contains(err.Error(), owner) {
		t.Errorf("error %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, name)
	defer j.Close()
	if j.Found.Killed != "" {
		t.Errorf("after an orderly end: killed %+v", j.Found.Killed)
	}
}

// What is unfinished is known with all that its records say, in the order in which the bookings began, also after a
// restart.
func TestUnfinished(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	ticket, held := uuid.New(), time.Now().Add(time.Minute).Truncate(0)
	confirmed := kiosk.Record{
		Stage: kiosk.StageConfirmed, Num: "008", Room: "202", Floor: 2, Ticket: ticket, HoldUntil: held,
		Boot: "boot", UptimeUntil: time.Hour, Begin: held,
	}
	var want []uuid.UUID
	add := func(r kiosk.Record) {
		t.Helper()
		if err := j.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for range 8 { // each begins, and half of them end in each of the three ways
		for _, end := range []kiosk.Stage{"", kiosk.StageDone, "", kiosk.StageRefused, "", kiosk.StageUnreachable} {
			op := uuid.New()
			add(kiosk.Record{Operation: op, Stage: kiosk.StageIntent, Cell: uuid.UUID{7}})
			if end == "" {
				want = append(want, op)
			} else {
				add(kiosk.Record{Operation: op, Stage: end})
			}
		}
	}
	for i := range want { // the newest goes on first
		r := confirmed
		r.Operation = want[len(want)-1-i]
		add(r)
		add(kiosk.Record{Operation: r.Operation, Stage: kiosk.StagePrinting, Job: uuid.UUID{9}, Copy: true})
	}
	check := func() {
		t.Helper()
		var got []uuid.UUID
		for _, r := range j.Unfinished() {
			got = append(got, r.Operation)
			w := confirmed
			w.Operation, w.Stage, w.At, w.Cell = r.Operation, kiosk.StagePrinting, r.At, uuid.UUID{7}
			w.Job, w.Copy = uuid.UUID{9}, true
			if !r.HoldUntil.Equal(held) || !r.Begin.Equal(held) {
				t.Errorf("times of %+v", r)
			}
			if w.HoldUntil, w.Begin = r.HoldUntil, r.Begin; r != w {
				t.Errorf("got %+v, want %+v", r, w)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v\nwant %v", got, want)
		}
	}
	check()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, name)
	defer j.Close()
	check()
}

// ReadBack gives the newest first, only of operations with the prefix, and reads only as far as it is asked to.
func TestReadBack(t *testing.T) {
	journal.SetSegmentSize(t, 16<<10)
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	defer j.Close()
	var ops []uuid.UUID
	for i := range 40 {
		op := uuid.New()
		op[0] = byte(i % 2)
		ops = append(ops, op)
		finish(t, j, op)
		if err := j.Note(t.Context(), journal.KindDevice, journal.Note{Subject: "printer"}); err != nil {
			t.Fatal(err)
		}
	}
	var got []kiosk.Stage
	next := len(ops) - 1
	if err := journal.ReadBack(name, "01", func(r kiosk.Record) bool {
		got = append(got, r.Stage)
		if r.Operation != ops[next] || r.Reason == "" || r.At.IsZero() {
			t.Fatalf("got %+v, want a record of %s", r, ops[next])
		}
		if r.Stage == kiosk.StageIntent {
			next -= 2
		}
		return true
	}); err != nil || len(got) != 20*6 || next != -1 {
		t.Fatalf("%v, %d records, %d left", err, len(got), next+1)
	}
	if got[0] != kiosk.StageDone || got[5] != kiosk.StageIntent {
		t.Errorf("the newest is not the first: %v", got[:6])
	}
	for _, s := range segments(t, name)[:3] { // these are not read any more
		if err := errors.Join(os.Remove(s), os.Mkdir(s, 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	if err := journal.ReadBack(name, "", func(kiosk.Record) bool { n++; return n < 20 }); err != nil || n != 20 {
		t.Errorf("%d records, %v", n, err)
	}
	if err := journal.ReadBack(name, "", func(kiosk.Record) bool { return true }); err == nil {
		t.Error("a segment that cannot be read is no error")
	}
	if err := journal.ReadBack(name+"none", "", func(kiosk.Record) bool { return true }); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no journal: %v", err)
	}
}

// Readers take no lock. They see every record in its order while a terminal writes, begins segments and removes them.
func TestReadWhileItIsWritten(t *testing.T) {
	for name, most := range map[string]int64{"all is kept": 0, "the oldest are removed": 64 << 10} {
		t.Run(name, func(t *testing.T) {
			journal.SetSegmentSize(t, 16<<10)
			name := filepath.Join(t.TempDir(), "journal.db")
			j := openMax(t, name, most)
			if err := j.Append(t.Context(), kiosk.Record{Operation: uuid.New(), Stage: kiosk.StageDone}); err != nil {
				t.Fatal(err)
			}
			stop, ended := make(chan struct{}), make(chan error, 1)
			go func() {
				for range 5000 {
					select {
					case <-stop:
						ended <- nil
						return
					default:
					}
					r := kiosk.Record{Operation: uuid.New(), Stage: kiosk.StageDone, Reason: strings.Repeat("x", 400)}
					if err := j.Append(t.Context(), r); err != nil {
						ended <- err
						return
					}
				}
				ended <- nil
			}()
			for range 40 {
				last := uint64(0)
				if err := journal.Read(name, func(e journal.Entry) error {
					if e.Seq <= last || most == 0 && e.Seq != last+1 {
						return fmt.Errorf("entry %d follows %d", e.Seq, last)
					}
					last = e.Seq
					return nil
				}); err != nil || last == 0 {
					t.Fatal(last, err)
				}
				if err := journal.ReadBack(name, "", func(kiosk.Record) bool { return true }); err != nil {
					t.Fatal(err)
				}
			}
			close(stop)
			if err := errors.Join(<-ended, j.Close()); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A terminal whose file did not reach the disk before the power cut was killed all the same.
func TestAnOwnerThatIsNotOnDisk(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	for records, killed := range []bool{false, false, false, true} {
		j := open(t, name)
		if told := j.Found.Killed != ""; told != killed {
			t.Errorf("start %d: killed %q", records, j.Found.Killed)
		}
		if err := errors.Join(j.Append(t.Context(), kiosk.Record{Stage: kiosk.StageDone}), j.Close()); err != nil {
			t.Fatal(err)
		}
		if records == 2 {
			if err := os.WriteFile(filepath.Join(name, "owner"), []byte("closed after record 2"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Segments that are removed while a reader reads the ones before are no damage.
func TestSegmentsAreRemovedUnderAReader(t *testing.T) {
	journal.SetSegmentSize(t, 16<<10)
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	defer j.Close()
	for len(segments(t, name)) < 5 {
		finish(t, j, uuid.New())
	}
	all := segments(t, name)
	n, last := 0, uint64(0)
	if err := journal.Read(name, func(e journal.Entry) error {
		if n++; n > 1 {
			last = e.Seq
			return nil
		}
		return errors.Join(os.Remove(all[0]), os.Remove(all[1]), os.Remove(all[2]))
	}); err != nil || last <= uint64(n) {
		t.Errorf("%v: %d records, the last is %d", err, n, last)
	}
	if err := journal.Read(name, func(journal.Entry) error { return os.ErrInvalid }); !errors.Is(err, os.ErrInvalid) {
		t.Errorf("the error of the function that is called is not returned: %v", err)
	}
}

// Nothing is written after the context has ended, before the journal could be opened, and after it was closed.
func TestRefusals(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	ended, end := context.WithCancel(t.Context())
	end()
	if err := j.Append(ended, kiosk.Record{}); !errors.Is(err, context.Canceled) || j.Err() != nil {
		t.Errorf("an ended context: %v, %v", err, j.Err())
	}
	for range 2 {
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for what, err := range map[string]error{
		"Append":   j.Append(t.Context(), kiosk.Record{}),
		"Note":     j.Note(t.Context(), journal.KindDevice, journal.Note{Subject: "printer"}),
		"Progress": j.Progress(0),
		"Err":      j.Err(),
	} {
		if !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s of a closed journal: %v", what, err)
		}
	}
	if all := entries(t, name); len(all) != 0 {
		t.Errorf("written: %+v", all)
	}
	if err := os.RemoveAll(name); err != nil {
		t.Fatal(err)
	}
	if err := journal.Read(name, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no journal: %v", err)
	}
	if err := os.WriteFile(name+".d", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(filepath.Join(name+".d", "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), kiosk.Record{}); err == nil || j.Err() == nil || j.Progress(0) == nil {
		t.Errorf("its folder is a file: %v", err)
	}
	if err := os.Remove(name + ".d"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(j.Progress(time.Hour), j.Append(t.Context(), kiosk.Record{}), j.Close()); err != nil {
		t.Errorf("its folder can be made now: %v", err)
	}
}

// Progress writes only where it has to, and leaves no record.
func TestProgressLeavesNoRecord(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	for i := range int64(3) {
		err := j.Append(t.Context(), kiosk.Record{Stage: kiosk.StageDone})
		if used, most := j.Used(); used < int64(journal.SegmentSize())+100+i*100 || used > most/32 {
			t.Errorf("after record %d %d of %d bytes are used", i+1, used, most)
		}
		if err := errors.Join(err, j.Progress(0), j.Progress(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	used, _ := j.Used()
	if err := errors.Join(j.Progress(0), j.Progress(0)); err != nil {
		t.Fatal(err)
	}
	if again, _ := j.Used(); again != used {
		t.Errorf("a proof takes %d bytes", again-used)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, name)
	defer j.Close()
	if all := entries(t, name); len(all) != 3 || all[2].Seq != 3 || j.Found != (journal.Found{}) {
		t.Errorf("%d entries, found %+v", len(all), j.Found)
	}
	if again, _ := j.Used(); again != used {
		t.Errorf("after a restart %d bytes are used, %d before", again, used)
	}
}

// The newest note of each kind is known, also after a restart.
func TestNewest(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	for _, state := range []string{"a", "b"} {
		for _, k := range []journal.Kind{journal.KindConfig, journal.KindLife} {
			if err := j.Note(t.Context(), k, journal.Note{Subject: string(k), State: state}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 {
		n, ok := j.Newest(journal.KindConfig)
		if !ok || n.State != "b" || n.Subject != "config" {
			t.Errorf("%+v, %t", n, ok)
		}
		if _, ok := j.Newest(journal.KindPanic); ok {
			t.Error("a note that was not written")
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		j = open(t, name)
	}
	_ = j.Close()
}

// What is kept in memory does not grow with the journal.
func TestMemory(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	if err := journal.WriteSegments(name, 16<<20, transition); err != nil {
		t.Fatal(err)
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	j := open(t, name)
	defer j.Close()
	if more := int64(heap() - before); more > 1<<17 {
		t.Errorf("an open journal of 16 MB takes %d bytes", more)
	}
	if n := len(j.Unfinished()); n != 1 {
		t.Errorf("%d bookings are unfinished", n)
	}
}

// The texts of a note and a record are cut to their bounds, at whole runes, and have no control characters.
func TestTextsAreBounded(t *testing.T) {
	journal.SetSegmentSize(t, 20<<10) // the longest note fits: nothing is escaped that need not be
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	defer j.Close()
	long := strings.Repeat("<ж>", 500)
	err := errors.Join(
		j.Note(t.Context(), journal.KindPanic, journal.Note{
			Subject: long, State: " a\nb\x7f\xffc ", Detail: "x" + long, Stack: slices.Repeat([]string{long}, 50),
		}),
		j.Append(t.Context(), kiosk.Record{Stage: kiosk.StageDone, Reason: long}))
	if err != nil {
		t.Fatal(err)
	}
	all := entries(t, name)
	n := all[0].Note
	if n.Subject != long[:80] || n.State != "a b  c" || n.Detail != ("x" + long)[:400] ||
		len(n.Stack) != 40 || n.Stack[39] != long[:400] {
		t.Errorf("%d %q %d %d", len(n.Subject), n.State, len(n.Detail), len(n.Stack))
	}
	if r := all[1].Reason; r != long[:400] {
		t.Errorf("reason %d", len(r))
	}
	if all[0].Record != nil || all[1].Note != nil || !all[1].Record.At.Equal(all[1].At) || all[1].At.IsZero() {
		t.Errorf("%+v", all)
	}
}

// A process that only appends is killed again and again; what it had been told to be on disk is there.
func TestKill(t *testing.T) {
	if name := os.Getenv("INFOMAT_TEST_APPEND"); name != "" {
		appendForever(name)
	}
	name := filepath.Join(t.TempDir(), "journal.db")
	said := 0
	for range 5 {
		c := exec.Command(os.Args[0], "-test.run", "^TestKill$")
		c.Env = append(os.Environ(), "INFOMAT_TEST_APPEND="+name)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 20 && lines.Scan(); n++ {
			said++
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			said++ // said before the kill, read after it
		}
		_ = c.Wait() // killed
	}
	j := open(t, name)
	defer j.Close()
	if got := len(stages(t, name)); got < said {
		t.Errorf("%d records are on disk, %d were said to be", got, said)
	}
	if !strings.HasPrefix(j.Found.Killed, "process ") || j.Found.SetAside != "" {
		t.Errorf("a kill without damage was found as %+v", j.Found)
	}
}

func appendForever(name string) {
	j, err := journal.Open(name, journal.Options{})
	if err := errors.Join(err, j.Err()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for {
		if err := j.Append(context.Background(), kiosk.Record{Operation: uuid.New(), Stage: kiosk.StageIntent}); err != nil {
			os.Exit(1)
		}
		fmt.Println("on disk")
	}
}
