package kiosk

import (
	"slices"
	"testing"
	"time"
)

// boot is the machine's present start in these tests, and uptime what its clock shows.
const (
	boot   = "0b5b7a52"
	uptime = time.Hour
)

// stagesOf are the stages that commands write, each of which has to be a record: nothing else is done by itself after
// a restart.
func stagesOf(t *testing.T, commands []Command) (stages []Stage) {
	t.Helper()
	for _, c := range commands {
		w, ok := c.(WriteRecord)
		if !ok {
			t.Fatalf("%T after a restart: only records are written by themselves", c)
		}
		stages = append(stages, w.Record.Stage)
	}
	return stages
}

func TestRecoverySortsWhatACrashLeft(t *testing.T) {
	now := time.Now()
	held, over := uptime+5*time.Minute, uptime-time.Minute
	for _, c := range []struct {
		name   string
		record Record
		offer  bool
		stages []Stage
	}{
		{"only intended", Record{Stage: StageIntent}, false, []Stage{StageUnreachable}},
		{"sent without an answer", Record{Stage: StageSent}, false, []Stage{StageUnknown}},
		{"known to be unknown", Record{Stage: StageUnknown}, false, nil},
		{"held, no paper yet", Record{Stage: StageConfirmed, Num: "008", UptimeUntil: held}, true, nil},
		{"held, paper begun", Record{Stage: StagePrinting, Num: "008", UptimeUntil: held}, true, []Stage{StagePrintUnknown}},
		{"held, paper failed", Record{Stage: StagePrintFailed, Num: "008", UptimeUntil: held}, true, nil},
		{"held, paper uncertain", Record{Stage: StagePrintUnknown, Num: "008", UptimeUntil: held}, true, nil},
		{"printed", Record{Stage: StagePrinted, Num: "008", UptimeUntil: held}, false, []Stage{StageDone}},
		{"run out", Record{Stage: StageConfirmed, Num: "008", UptimeUntil: over}, false, []Stage{StageDone}},
		{
			"run out in the middle of its paper",
			Record{Stage: StagePrinting, Num: "008", UptimeUntil: over},
			false,
			[]Stage{StagePrintUnknown, StageDone},
		},
		{"the slip of an unconfirmed result", Record{Stage: StagePrinting}, false, []Stage{StagePrintUnknown}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.record.Operation, c.record.Boot = guid(1), boot
			s, commands := Update(Begin(modelSettings), now, Recovered{Records: []Record{c.record}, Boot: boot, Uptime: uptime})
			if (s.Step == StepOffer) != c.offer {
				t.Errorf("step %v, want an offer: %v", s.Step, c.offer)
			}
			if stages := stagesOf(t, commands); !slices.Equal(stages, c.stages) {
				t.Errorf("stages %q, want %q", stages, c.stages)
			}
		})
	}
}

// The machine was restarted too, so only wall clocks tell: the registry's is believed, the terminal's own only where
// it does no harm.
func TestAHoldAfterARestartOfTheMachine(t *testing.T) {
	now := time.Now()
	at, until := now.Add(-time.Minute), now.Add(9*time.Minute).Round(0)
	for _, c := range []struct {
		name     string
		wrong    time.Duration // how far the terminal's clock is ahead of the truth
		at, then Step          // before and after the registry's clock is known
	}{
		{"right", 0, StepOffer, StepOffer},
		{"a little behind", -30 * time.Second, StepOffer, StepOffer},
		{"years behind: an empty battery", -10 * 365 * 24 * time.Hour, StepClosed, StepOffer},
		{"an hour ahead", time.Hour, StepClosed, StepOffer},
		{"five minutes behind: the hold would last too long", -5 * time.Minute, StepClosed, StepOffer},
	} {
		t.Run(c.name, func(t *testing.T) {
			shown := now.Add(c.wrong)
			r := Record{
				Operation:   guid(1),
				Stage:       StageConfirmed,
				Num:         "008",
				At:          at,
				HoldUntil:   until,
				Boot:        "before",
				UptimeUntil: time.Minute,
			}
			s, commands := Update(Begin(modelSettings), shown, Recovered{Records: []Record{r}, Boot: boot, Uptime: uptime})
			if s.Step != c.at || len(commands) != 0 {
				t.Fatalf("at first %v, %v", s.Step, commands)
			}
			s, commands = Update(s, shown, ClockMeasured{RegistryClock{Skew: -c.wrong, Known: true}})
			if s.Step != c.then || len(commands) != 0 {
				t.Fatalf("then %v, %v", s.Step, commands)
			}
			if left := s.Offers[0].Until.Sub(shown); left > 9*time.Minute || left < 9*time.Minute-time.Second {
				t.Errorf("the hold has %v left", left)
			}
		})
	}
	r := Record{
		Operation: guid(1),
		Stage:     StageConfirmed,
		Num:       "008",
		At:        at.Add(-time.Hour),
		HoldUntil: until.Add(-time.Hour),
	}
	s, _ := Update(Begin(modelSettings), now, Recovered{Records: []Record{r}})
	if len(s.Unjudged) != 1 {
		t.Fatal("a hold was closed by a clock that nobody has checked")
	}
	s, commands := Update(s, now, ClockMeasured{RegistryClock{Known: true}})
	if stages := stagesOf(t, commands); !slices.Equal(stages, []Stage{StageDone}) || len(s.Unjudged) != 0 {
		t.Errorf("stages %q", stages)
	}
}

func TestSleepAndTheWallClockChangeNoHold(t *testing.T) {
	v := newPatient(t)
	v.confirmed()
	before := v.s.Booking.Hold
	v.give(Slept{3 * time.Minute}, Tick{})
	if left := v.s.Booking.Hold.Left(v.now); left > before.Left(v.now)-3*time.Minute ||
		left < before.Left(v.now)-3*time.Minute-time.Second {
		t.Errorf("after three minutes of sleep %v are left", left)
	}
	if !v.s.Booking.Hold.Shown.Equal(before.Shown) {
		t.Error("sleep has changed the time that was promised")
	}
	v.give(Slept{8 * time.Minute}, Tick{})
	if !v.s.Booking.HoldOver {
		t.Error("the hold ran out while the machine slept, and nobody has noticed")
	}
}

func TestWhatIsShownIsTheRegistrysTime(t *testing.T) {
	v := newPatient(t)
	ahead := 7 * time.Minute
	v.give(ClockMeasured{RegistryClock{Skew: ahead, Known: true}})
	v.confirmed()
	h := v.s.Booking.Hold
	if want := h.Until.Round(0).Add(ahead); !h.Shown.Equal(want) {
		t.Errorf("shown %v, want %v", h.Shown, want)
	}
}

func TestAnUnknownEndIsReconciled(t *testing.T) {
	for _, c := range []struct {
		looks   []CellState
		finding CellState
	}{
		{[]CellState{CellFree}, CellFree},
		{[]CellState{CellTaken}, CellTaken},
		{[]CellState{CellUnread, CellUnread, CellTaken}, CellTaken},
		{slices.Repeat([]CellState{CellUnread}, 45), CellUnread},
	} {
		v := newPatient(t)
		r := Record{Operation: guid(1), Stage: StageSent, Cell: guid(2), Doctor: guid(3)}
		v.give(Recovered{Records: []Record{r}})
		for i, look := range c.looks {
			v.now = v.now.Add(lookAgainAfter)
			v.give(Tick{})
			if len(v.commands) != 1 || v.commands[0].(Recheck).Cell.GUID != guid(2) {
				t.Fatalf("look %d: %v", i, v.commands)
			}
			v.give(Tick{})
			if len(v.commands) != 0 {
				t.Fatalf("a second look before the first has answered: %v", v.commands)
			}
			v.give(Rechecked{guid(1), look})
			if len(v.commands) > 0 {
				break
			}
		}
		if len(v.commands) != 1 {
			t.Fatalf("%v: %v", c.looks, v.commands)
		}
		if got := v.commands[0].(WriteRecord).Record; got.Stage != StageDone || got.CellState != c.finding {
			t.Errorf("%v: written %+v", c.looks, got)
		}
		v.want(StepWelcome)
	}
}

func TestOfferedBookingIsPrintedWhenAsked(t *testing.T) {
	for _, c := range []struct {
		record Record
		copies bool
	}{
		{Record{Stage: StageConfirmed}, false},
		{Record{Stage: StagePrintUnknown, Job: guid(3)}, true},
	} {
		v := newPatient(t)
		c.record.Operation, c.record.Num, c.record.Room = guid(1), "008", "202"
		c.record.HoldUntil = v.now.Add(5 * time.Minute).Round(0)
		v.give(Recovered{Records: []Record{c.record}})
		v.want(StepOffer)
		v.give(PrintCopy{})
		v.want(StepTicket)
		v.recorded(StagePrinting)
		p := v.commands[0].(PrintTicket).Paper
		if p.Ticket.Num != "008" || p.Copy != c.copies || p.Job == c.record.Job {
			t.Errorf("paper %+v, want copy %v", p, c.copies)
		}
		if left := v.s.Booking.Hold.Left(v.now); left < 5*time.Minute-time.Second || left > 5*time.Minute {
			t.Errorf("the hold has %v left", left)
		}
	}
}

func TestOffersExpireOneAfterTheOther(t *testing.T) {
	v := newPatient(t)
	var records []Record
	for i := range 2 {
		records = append(
			records,
			Record{
				Operation: guid(i),
				Stage:     StageConfirmed,
				Num:       "008",
				HoldUntil: v.now.Add(time.Duration(i+1) * time.Minute),
			},
		)
	}
	v.give(Recovered{Records: records}, Tick{})
	v.want(StepOffer)
	v.now = v.now.Add(time.Minute)
	v.give(Tick{})
	v.want(StepOffer)
	if v.s.Offers[0].Operation != guid(1) || v.commands[0].(WriteRecord).Record.Stage != StageDone {
		t.Errorf("offers %v, commands %v", v.s.Offers, v.commands)
	}
	v.give(Home{})
	v.want(StepWelcome)
}

func TestAnOfferWaitsForTheVisitThatIsUnderWay(t *testing.T) {
	v := newPatient(t)
	v.give(
		Start{},
		Recovered{
			Records: []Record{{Operation: guid(1), Stage: StageConfirmed, Num: "008", HoldUntil: v.now.Add(time.Minute)}},
		},
	)
	v.want(StepAge)
	v.give(Home{})
	v.want(StepOffer)
}
