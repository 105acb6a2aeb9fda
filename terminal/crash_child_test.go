package terminal

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/config"
)

// crashPlan is one life of a terminal that is to be killed: what it does, and at which record it ends.
type crashPlan struct {
	Config string
	Kill   int  // the record at which it kills itself, counted from 1; 0: it lives to its end
	After  bool // when the record is on disk, instead of before it is written
	Accept bool // prints what is offered after the crash before, instead of declining it
	Book   bool
	Copy   bool // asks for a second ticket

	typed        int        // digits of Born
	last         kiosk.Step // that was tapped on
	gone         bool       // the patient has tapped on what ends his visit
	Policy, Born string     // of a patient who says who he is: sixteen digits, DDMMYYYY

	Cell, Doctor uuid.UUID
	Begin        time.Time
}

// crashVariable hands the plan to the process that carries it out: this test's own program, started once more.
const crashVariable = "INFOMAT_TEST_CRASH_PLAN"

func init() {
	plan, ok := planOf[crashPlan](crashVariable)
	if !ok {
		return
	}
	if err := plan.live(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// killer is a journal that is struck by kill -9 at one of its records.
type killer struct {
	kiosk.Journal
	left  int
	after bool
}

func (k *killer) Append(ctx context.Context, r kiosk.Record) error {
	k.left--
	if k.left == 0 && !k.after {
		k.die()
	}
	err := k.Journal.Append(ctx, r)
	if k.left == 0 {
		k.die()
	}
	return err
}

// die is the real thing: nothing is flushed, closed or deferred.
func (k *killer) die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // until it strikes
}

// shortTimetable is the real one with nothing but the plan's cell in its lists.
type shortTimetable struct {
	*timetable
	plan crashPlan
}

func (t shortTimetable) Specialities(context.Context, kiosk.Age) []kiosk.Speciality {
	return []kiosk.Speciality{{Code: "1", Name: "Терапевт", Free: 1}}
}

func (t shortTimetable) Doctors(context.Context, kiosk.Age, string) []kiosk.Doctor {
	return []kiosk.Doctor{{GUID: t.plan.Doctor, Free: 1}}
}

func (t shortTimetable) Days(context.Context, uuid.UUID, bool) []kiosk.Day {
	return []kiosk.Day{
		{
			Date:  t.plan.Begin.Truncate(24 * time.Hour),
			Cells: []kiosk.Cell{{GUID: t.plan.Cell, Doctor: t.plan.Doctor, Begin: t.plan.Begin}},
		},
	}
}

// live builds the terminal from its configuration, with its real journal, client and printer, and plays a
// patient on it.
func (c crashPlan) live() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	conf, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	p, err := New(Options{Config: conf, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	states := make(chan kiosk.State, 1<<16)
	r := p.Runner(func(s kiosk.State) { states <- s })
	r.Panicked = nil
	r.Journal = &killer{p.journal, c.Kill, c.After}
	r.Timetable = shortTimetable{p.timetable, c}
	r.Send(kiosk.Recovered{Records: p.journal.Unfinished()})
	r.Send(kiosk.ServiceChanged{})
	running, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); r.Run(running, kiosk.Begin(p.visitSettings(true))) }()
	c.play(ctx, r, states)
	cancel()
	<-ended
	return p.Close()
}

// play taps until all is done and the patient has gone.
func (c crashPlan) play(ctx context.Context, r *kiosk.Runner, states <-chan kiosk.State) {
	ticks := time.NewTicker(20 * time.Millisecond) // the runner's own come once a second
	defer ticks.Stop()
	last, wanted := kiosk.Step(-1), c.Book // wanted: the visit has not begun
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			r.Send(kiosk.Tick{})
		case s := <-states:
			wanted = wanted && s.Step != kiosk.StepAge && s.Step != kiosk.StepPolicy
			if s.Step == kiosk.StepWelcome && !wanted && len(s.Leaving) == 0 && len(s.Reconciling) == 0 && len(s.Unjudged) == 0 {
				return
			}
			if e := c.tap(&s, s.Step == last); e != nil {
				last = s.Step
				r.Send(e)
			}
		}
	}
}

// tap is what the patient does on a screen; nil: he waits. Again: the screen is the one that he has tapped on last.
func (c *crashPlan) tap(s *kiosk.State, again bool) kiosk.Event {
	switch s.Step {
	case kiosk.StepTicket, kiosk.StepUnconfirmed:
		if !s.Settled() {
			return nil
		}
		if c.Copy {
			c.Copy = false
			return kiosk.PrintCopy{}
		}
		return kiosk.Home{}
	case kiosk.StepOffer:
		if c.Accept {
			return kiosk.PrintCopy{}
		}
		return kiosk.Home{}
	default:
	}
	if s.Step == kiosk.StepBirth {
		return c.birth(s)
	}
	if again || s.Loading {
		return nil
	}
	switch s.Step {
	case kiosk.StepWelcome:
		if len(s.Reconciling) > 0 {
			return nil
		}
		return kiosk.Start{}
	case kiosk.StepPolicy:
		return kiosk.PolicyRead{Number: []byte(c.Policy)}
	case kiosk.StepUnidentified:
		return kiosk.Home{}
	case kiosk.StepAge:
		return kiosk.ChooseAge{Age: kiosk.AgeAdult}
	case kiosk.StepSpeciality:
		return kiosk.ChooseSpeciality{Code: "1"}
	case kiosk.StepDoctor:
		return kiosk.ChooseDoctor{GUID: c.Doctor}
	case kiosk.StepTime:
		if s.Booking.Stage == kiosk.StageRefused {
			return kiosk.Home{}
		}
		return kiosk.ChooseCell{GUID: c.Cell}
	case kiosk.StepCheck:
		return kiosk.Confirm{Operation: uuid.New()}
	case kiosk.StepRefused, kiosk.StepUnreachable:
		return kiosk.Home{}
	default:
	}
	return nil
}

// birth types the next digit of the birth date, when the one before is on the screen.
func (c *crashPlan) birth(s *kiosk.State) kiosk.Event {
	if s.Keys != c.typed {
		return nil
	}
	c.typed++
	if s.Keys < len(c.Born) {
		return kiosk.Digit{Digit: c.Born[s.Keys]}
	}
	return kiosk.Entered{}
}
