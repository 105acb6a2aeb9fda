package kiosk

import (
	"testing"
	"time"
)

// BenchmarkUpdate measures what an event costs, over a whole visit from the first tap to the printed ticket and home.
func BenchmarkUpdate(b *testing.B) {
	now := time.Now()
	doctors := doctorsOf(20)
	days := daysOf(now, doctors[1].GUID, 15)
	op := guid(1)
	job := derive(op, "print", 1)
	events := []Event{
		Start{},
		ChooseAge{AgeAdult},
		SpecialitiesListed{AgeAdult, specialitiesOf(20)},
		ChooseSpeciality{"1"},
		DoctorsListed{"1", doctors},
		ChooseDoctor{doctors[1].GUID},
		DaysListed{doctors[1].GUID, days},
		ChooseDay{2},
		Touch{},
		Tick{},
		ChooseCell{days[2].Cells[1].GUID},
		Confirm{op},
		Recorded{Operation: op, Stage: StageIntent},
		Tick{},
		Answered{op, Answer{Verdict: VerdictConfirmed, From: now, Ticket: Ticket{Num: "008", GUID: guid(8)}}},
		Recorded{Operation: op, Stage: StageConfirmed},
		Recorded{Operation: op, Stage: StagePrinting, Job: job},
		Tick{},
		PrintEnded{Operation: op, Job: job, Outcome: PrintDone},
		Tick{},
		Home{},
	}
	first, _ := Update(Begin(modelSettings), now, ServiceChanged{})
	for b.Loop() {
		s := first
		for _, e := range events {
			s, _ = Update(s, now, e)
		}
		if s.Step != StepWelcome {
			b.Fatal(s.Step)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(events)), "ns/event")
}
