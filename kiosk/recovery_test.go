package kiosk

import (
	"testing"
	"time"
)

func TestRecoverySortsWhatACrashLeft(t *testing.T) {
	now := time.Now()
	held, over := now.Add(5*time.Minute), now.Add(-time.Minute)
	for _, c := range []struct {
		name   string
		record Record
		offer  bool
		stage  Stage
	}{
		{"only intended", Record{Stage: StageIntent}, false, StageUnreachable},
		{"sent without an answer", Record{Stage: StageSent}, false, StageUnknown},
		{"known to be unknown", Record{Stage: StageUnknown}, false, ""},
		{"held, no paper yet", Record{Stage: StageConfirmed, Num: "008", HoldUntil: held}, true, ""},
		{"held, paper begun", Record{Stage: StagePrinting, Num: "008", HoldUntil: held}, true, StagePrintUnknown},
		{"held, paper failed", Record{Stage: StagePrintFailed, Num: "008", HoldUntil: held}, true, ""},
		{"held, paper uncertain", Record{Stage: StagePrintUnknown, Num: "008", HoldUntil: held}, true, ""},
		{"printed", Record{Stage: StagePrinted, Num: "008", HoldUntil: held}, false, StageDone},
		{"run out", Record{Stage: StageConfirmed, Num: "008", HoldUntil: over}, false, StageDone},
		{"run out in the middle of its paper", Record{Stage: StagePrinting, Num: "008", HoldUntil: over}, false, StageDone},
		{"the slip of an unconfirmed result", Record{Stage: StagePrintUnknown}, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.record.Operation = guid(1)
			s, commands := Update(Begin(modelSettings), now, Recovered{[]Record{c.record}})
			if (s.Step == StepOffer) != c.offer {
				t.Errorf("step %v, want an offer: %v", s.Step, c.offer)
			}
			var stage Stage
			for _, x := range commands {
				w, ok := x.(WriteRecord)
				if !ok {
					t.Fatalf("%T after a restart: only records are written by themselves", x)
				}
				stage = w.Record.Stage
			}
			if stage != c.stage {
				t.Errorf("stage %q, want %q", stage, c.stage)
			}
		})
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
		v := newVisit(t)
		c.record.Operation, c.record.Num, c.record.Room, c.record.HoldUntil = guid(1), "008", "202", v.now.Add(5*time.Minute).Round(0)
		v.give(Recovered{[]Record{c.record}})
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
	v := newVisit(t)
	var records []Record
	for i := range 2 {
		records = append(records, Record{Operation: guid(i), Stage: StageConfirmed, Num: "008", HoldUntil: v.now.Add(time.Duration(i+1) * time.Minute)})
	}
	v.give(Recovered{records}, Tick{})
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
	v := newVisit(t)
	v.give(Start{}, Recovered{[]Record{{Operation: guid(1), Stage: StageConfirmed, Num: "008", HoldUntil: v.now.Add(time.Minute)}}})
	v.want(StepAge)
	v.give(Home{})
	v.want(StepOffer)
}
