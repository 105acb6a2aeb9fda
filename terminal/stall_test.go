package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/journal"
)

// stallPlan is a life whose screen fails without a word.
type stallPlan struct {
	Config string
	Quit   bool // it stands still while the terminal ends; else while it runs
}

const stallVariable = "INFOMAT_TEST_STALL_PLAN"

func init() {
	plan, ok := planOf[stallPlan](stallVariable)
	if !ok {
		return
	}
	fmt.Fprintln(os.Stderr, plan.live())
	os.Exit(2) // a life that is ended in the right way does not come here
}

// live runs a terminal without a window. In the place of the screen's thread is one that carries out what it is
// handed until the welcome screen is reached.
func (c stallPlan) live() error {
	conf, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	p, err := New(Options{Config: conf, Log: StderrLog(slog.LevelInfo)})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var stands atomic.Bool
	p.Runner(func(s kiosk.State) {
		if s.Step == kiosk.StepWelcome && !stands.Swap(true) && c.Quit {
			cancel()
		}
	})
	p.WatchOver(func(beat func()) {
		if !stands.Load() {
			beat()
		}
	})
	p.Ready()
	p.watchdog.Every, p.watchdog.Sources[0].Limit = 50*time.Millisecond, 3*time.Second // a test has no 20 seconds
	failing, stop := p.Start(ctx, p.First())
	if c.Quit {
		p.EndWithout(failing, nil, stop, func(err error) {
			if err != nil {
				os.Exit(1)
			}
			os.Exit(0)
		})
	}
	select {} // as the screen does
}

// stall lets a terminal live until it is ended, and gives its exit code and what it said.
func (s *crashSite) stall(t *testing.T, c stallPlan) (code int, said string) {
	t.Helper()
	plan, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), stallVariable+"="+string(plan))
	var log bytes.Buffer
	cmd.Stderr = &log
	_ = cmd.Run() // the code says all
	return cmd.ProcessState.ExitCode(), log.String()
}

// lives is how the journal tells of the terminal's lives.
func (s *crashSite) lives(t *testing.T) (states []string, last string) {
	t.Helper()
	if err := journal.Read(s.journal, func(e journal.Entry) error {
		if e.Kind == journal.KindLife {
			states, last = append(states, e.State), e.Detail
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return states, last
}

// A screen that stands still ends the program, which first says in the log and in the journal where the visit stood.
func TestAStallEndsTheProgramWithItsLastState(t *testing.T) {
	t.Parallel()
	s := newCrashSite(t)
	defer s.close()
	code, said := s.stall(t, stallPlan{Config: s.config})
	if code != 1 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	for _, want := range []string{"the program stands still", "step=welcome", "silent=[screen]", "goroutine profile"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q was not said:\n%s", want, said)
		}
	}
	states, last := s.lives(t)
	if !slices.Equal(states, []string{"started", "stands still"}) || !strings.Contains(last, "[screen] step welcome") {
		t.Errorf("the journal tells of %v, the last with %q", states, last)
	}
	s.quiet(t)
}

// A screen that does not close keeps the terminal from nothing: it ends in order, and its journal with it.
func TestAScreenThatDoesNotClose(t *testing.T) {
	t.Parallel()
	s := newCrashSite(t)
	defer s.close()
	code, said := s.stall(t, stallPlan{Config: s.config, Quit: true})
	if code != 0 || !strings.Contains(said, "the screen does not close") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	if states, _ := s.lives(t); !slices.Equal(states, []string{"started", "stopped"}) {
		t.Errorf("the journal tells of %v", states)
	}
	j, err := journal.Open(s.journal, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil || j.Found.Killed != "" {
		t.Errorf("the journal was not closed: %+v, %v", j.Found, err)
	}
}
