package journal_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	if !errors.Is(err, journal.ErrBusy) || !strings.Contains(err.Error(), fmt.Sprintf("process %d, started ", os.Getpid())) {
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
			w.Operation, w.Stage, w.At, w.Job, w.Copy, w.Cell = r.Operation, kiosk.StagePrinting, r.At, uuid.UUID{9}, true, uuid.UUID{7}
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

func TestReadWhileItIsWritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, name)
	stop, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				ended <- nil
				return
			default:
			}
			if err := j.Append(t.Context(), kiosk.Record{Operation: uuid.New(), Stage: kiosk.StageIntent, Reason: strings.Repeat("x", 500)}); err != nil {
				ended <- err
				return
			}
		}
	}()
	for range 20 {
		last := uint64(0)
		if err := journal.Read(name, func(e journal.Entry) error {
			if e.Seq != last+1 {
				return fmt.Errorf("entry %d follows %d", e.Seq, last)
			}
			last = e.Seq
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
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
