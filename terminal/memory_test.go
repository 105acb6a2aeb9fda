package terminal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"infomat/apiclient/registrysim"
	"infomat/kiosk"
	"infomat/kiosk/config"
)

// memoryVariable hands a plan to a process that plays a patient's visit and then waits, so that its memory can be
// looked through from outside. What the patient types comes digit by digit on standard input: the process has it from
// nowhere else.
const memoryVariable = "INFOMAT_TEST_MEMORY"

func init() {
	plan, ok := planOf[crashPlan](memoryVariable)
	if !ok {
		return
	}
	if err := plan.wait(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// wait plays a visit and waits for the end of standard input.
func (c crashPlan) wait() error {
	conf, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p, err := New(Options{Config: conf, Log: log})
	if err != nil {
		return err
	}
	states := make(chan kiosk.State, 1<<10)
	r := p.Runner(func(s kiosk.State) { states <- s })
	r.Timetable = shortTimetable{p.timetable, c}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Second)
	defer cancel()
	go p.scrubber.run(ctx)
	first := kiosk.Begin(p.visitSettings(true))
	ended := make(chan struct{})
	go func() { defer close(ended); r.Run(ctx, first) }()
	r.Send(kiosk.ServiceChanged{})
	r.Send(kiosk.Start{})
	key := make([]byte, 1)
	for range 16 + 1 + 8 + 1 {
		if _, err := os.Stdin.Read(key); err != nil {
			return err
		}
		if key[0] == '\n' {
			r.Send(kiosk.Entered{})
		} else {
			r.Send(kiosk.Digit{Digit: key[0]})
		}
	}
	for done := false; !done; {
		select {
		case s := <-states:
			if done = s.Step == kiosk.StepWelcome && s.Keys == 0 && len(states) == 0 && c.gone; done {
				break
			}
			c.onward(r, &s)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	fmt.Println("gone")
	go func() {
		for range states { // of the clock
		}
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
	cancel()
	<-ended
	return p.Close()
}

// onward taps what leads from the speciality to the end of the visit.
func (c *crashPlan) onward(r *kiosk.Runner, s *kiosk.State) {
	if s.Step <= kiosk.StepAge || s.Step == kiosk.StepReserving || s.Loading ||
		s.Step == c.last && s.Step != kiosk.StepTicket {
		return
	}
	if e := c.tap(s, false); e != nil {
		c.last = s.Step
		c.gone = e == kiosk.Event(kiosk.Home{})
		r.Send(e)
	}
}

// TestMemoryHoldsNothingOfAPatient looks through the memory of a terminal after the visit of a patient, and through its
// log, its journal and its metrics.
func TestMemoryHoldsNothingOfAPatient(t *testing.T) {
	s := newPatientSite(t)
	defer s.close()
	plan, err := json.Marshal(s.plan(crashPlan{}))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), memoryVariable+"="+string(plan))
	var log bytes.Buffer
	cmd.Stderr = &log
	in, err := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	for _, key := range []byte(registrysim.PolicyAdult + "\n31011980\n") {
		if _, err := in.Write([]byte{key}); err != nil {
			t.Fatal(err)
		}
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	if line != "gone\n" {
		_ = cmd.Wait()
		t.Fatalf("the visit did not end: %q\n%s", line, log.String())
	}
	made := s.sim.Bookings()
	if len(made) != 1 || made[0].VisitAt.IsZero() {
		t.Fatalf("no visit was made: %+v\n%s", made, log.String())
	}
	canaries := append(s.sim.Tokens(), registrysim.PolicyAdult, "1980-01-31", "31011980")
	if len(canaries) != 4 {
		t.Fatalf("%d canaries", len(canaries))
	}
	time.Sleep(scrubAfter + time.Second) // until it is done
	for i, canary := range canaries {
		if n := inMemory(t, cmd.Process.Pid, []byte(canary)); n > 0 {
			t.Errorf("canary %d (%d bytes) is in the memory %d times", i, len(canary), n)
		}
	}
	if inMemory(t, cmd.Process.Pid, []byte("infomat-crash-")) == 0 {
		t.Error("the memory was not looked through: it does not even have the journal's path")
	}
	_ = in.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, log.String())
	}
	texts := map[string]string{"log": log.String()}
	files, _ := filepath.Glob(filepath.Join(s.dir, "*", "*"))
	for _, f := range files {
		data, _ := os.ReadFile(f)
		texts[f] = string(data)
	}
	if len(files) < 2 || !strings.Contains(log.String(), "outcome=made") {
		t.Errorf("nothing was looked through: %v\n%s", files, log.String())
	}
	for name, text := range texts {
		for i, canary := range canaries {
			if strings.Contains(text, canary) {
				t.Errorf("%s has canary %d", name, i)
			}
		}
	}
}

// inMemory counts a text in the writable memory of a process.
func inMemory(t *testing.T, pid int, text []byte) (n int) {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Skip("the memory of a process cannot be read here")
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Skipf("the memory of a process cannot be read here: %v", err)
	}
	defer mem.Close()
	for line := range strings.Lines(string(maps)) {
		var from, to int64
		var mode string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode); err != nil || !strings.HasPrefix(mode, "rw") {
			continue
		}
		for at := from; at < to; at += 1 << 20 {
			data := make([]byte, min(1<<20+int64(len(text)), to-at))
			if got, _ := mem.ReadAt(data, at); got > 0 {
				n += bytes.Count(data[:got], text)
			}
		}
	}
	return n
}
