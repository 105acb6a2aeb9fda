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

func open(t *testing.T, name string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(name, journal.Options{})
	if err != nil {
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
	var busy *journal.BusyError
	if !errors.Is(err, journal.ErrBusy) || !errors.As(err, &busy) || busy.Owner.PID != os.Getpid() || busy.Owner.Host == "" || busy.Owner.Since.IsZero() {
		t.Errorf("error %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, name)
	defer j.Close()
	if j.Found.Killed != (journal.Owner{}) {
		t.Errorf("after an orderly end: killed %+v", j.Found.Killed)
	}
}

func TestUnfinished(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"))
	defer j.Close()
	ticket, held := uuid.New(), time.Now().Add(time.Minute).Truncate(0)
	for op, way := range map[uuid.UUID][]kiosk.Record{
		{1}: {{Stage: kiosk.StageIntent}, {Stage: kiosk.StageSent}, {Stage: kiosk.StageConfirmed, Num: "008", Room: "202", Ticket: ticket, HoldUntil: held}, {Stage: kiosk.StagePrinting, Job: uuid.UUID{9}}},
		{2}: {{Stage: kiosk.StageIntent}, {Stage: kiosk.StageRefused, Code: "4009"}},
		{3}: {{Stage: kiosk.StageIntent}, {Stage: kiosk.StageSent}},
		{4}: {{Stage: kiosk.StageConfirmed, Num: "1"}, {Stage: kiosk.StagePrinted}, {Stage: kiosk.StageDone}},
	} {
		for i, r := range way {
			r.Operation, r.At = op, time.Unix(int64(op[0])*100+int64(i), 0)
			if err := j.Append(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := j.Unfinished()
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	slices.SortFunc(got, func(a, b kiosk.Record) int { return a.At.Compare(b.At) })
	if r := got[0]; r.Stage != kiosk.StagePrinting || r.Num != "008" || r.Room != "202" || r.Ticket != ticket || !r.HoldUntil.Equal(held) || r.Job != (uuid.UUID{9}) {
		t.Errorf("the booking in print: %+v", r)
	}
	if r := got[1]; r.Stage != kiosk.StageSent {
		t.Errorf("the booking that was sent: %+v", r)
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
	if j.Found.Killed.PID == 0 || j.Found.SetAside != "" {
		t.Errorf("a kill without damage was found as %+v", j.Found)
	}
}

func appendForever(name string) {
	j, err := journal.Open(name, journal.Options{})
	if err != nil {
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
