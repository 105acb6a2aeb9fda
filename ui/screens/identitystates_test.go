package screens

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
)

const (
	typedPolicy = "0123456789012347"
	typedBirth  = "31121948"
)

// typing returns the state of a patient who has typed so many digits of policy and birth date.
func typing(s kiosk.State, policy, birth int) kiosk.State {
	s.Settings.Identify, s.Settings.MakeVisit = kiosk.IdentifyOptional, true
	s.Step = kiosk.StepWelcome
	give := func(e kiosk.Event) { s, _ = kiosk.Update(s, now, e) }
	give(kiosk.Start{})
	give(kiosk.EnterPolicy{})
	for _, d := range []byte(typedPolicy[:policy]) {
		give(kiosk.Digit{Digit: d})
	}
	give(kiosk.Entered{})
	for _, d := range []byte(typedBirth[:birth]) {
		give(kiosk.Digit{Digit: d})
	}
	return s
}

// identityStates adds the states in which a patient says who he is, and those of his visit.
func identityStates(add addState) {
	for _, scanner := range []bool{false, true} {
		for _, identify := range []kiosk.Identify{kiosk.IdentifyOptional, kiosk.IdentifyRequired} {
			for _, notice := range []kiosk.Notice{kiosk.NoticeNone, kiosk.NoticeCodeUnread} {
				add(fmt.Sprint("who, scanner ", scanner, identify, notice), kiosk.StepWho, func(s *kiosk.State) {
					s.Settings.Scanner, s.Settings.Identify, s.Notice = scanner, identify, notice
				})
			}
		}
	}
	for _, n := range []int{0, 7, 16} {
		for _, notice := range []kiosk.Notice{kiosk.NoticeNone, kiosk.NoticeIncomplete, kiosk.NoticeCodeUnread} {
			add(fmt.Sprint("policy ", n, " digits ", notice), kiosk.StepPolicy, func(s *kiosk.State) {
				*s = typing(*s, n, 0)
				s.Step, s.Notice = kiosk.StepPolicy, notice
			})
		}
	}
	for _, n := range []int{0, 3, 8} {
		for _, notice := range []kiosk.Notice{kiosk.NoticeNone, kiosk.NoticeIncomplete, kiosk.NoticeImpossible} {
			add(fmt.Sprint("birth ", n, " digits ", notice), kiosk.StepBirth, func(s *kiosk.State) {
				*s = typing(*s, 16, n)
				s.Step, s.Notice = kiosk.StepBirth, notice
			})
		}
	}
	add("identifying", kiosk.StepIdentifying, nil)
	for kind := kiosk.RecognisedDown; kind <= kiosk.RecognisedRefused; kind++ {
		for tries := range 4 {
			add(fmt.Sprint("unidentified ", kind, " tries ", tries), kiosk.StepUnidentified, func(s *kiosk.State) {
				s.Recognition.Kind, s.Tries = kind, tries
				if tries%2 == 1 {
					s.Settings.Identify = kiosk.IdentifyOptional
				}
			})
		}
	}
	for v := kiosk.VisitPending; v <= kiosk.VisitUnknown; v++ {
		for _, p := range []kiosk.PrintState{kiosk.PrintNone, kiosk.PrintDone, kiosk.PrintFailed} {
			if v.Busy() && p != kiosk.PrintNone {
				continue
			}
			add(fmt.Sprint("visit ", v, ", print ", p), kiosk.StepTicket, func(s *kiosk.State) {
				booked(s)
				s.Booking.Visit, s.Booking.Print = v, p
			})
		}
	}
	add("offer of a visit", kiosk.StepOffer, func(s *kiosk.State) {
		s.Offers = []kiosk.Offer{{Record: kiosk.Record{
			Stage: kiosk.StageVisited, Visit: kiosk.StageVisited, Num: "А-117", Room: "314", Floor: 3,
			Begin: now.Add(2 * time.Hour), HoldUntil: now.Add(5 * time.Minute),
		}}}
	})
	add("check of a visit", kiosk.StepCheck, func(s *kiosk.State) {
		atDoctor(s)
		s.Cell, s.Known, s.Settings.MakeVisit = manyDays(2, 4)[1].Cells[3], true, true
	})
	add("refused of a patient", kiosk.StepRefused, func(s *kiosk.State) {
		atDoctor(s)
		s.Known, s.Booking.Refusal.Meaning = true, kiosk.MeaningPatient
	})
}

// TestNoPageTellsTheNumber looks for the policy in all that a page shows and says.
func TestNoPageTellsTheNumber(t *testing.T) {
	test.NewTempApp(t)
	v := kiosk.View{Language: "ru", Aloud: true}
	env := envOf(t, [2]int{1080, 1920}, v)
	s := typing(states(v)["welcome"], 7, 0)
	if s.Step != kiosk.StepPolicy {
		t.Fatalf("on %v", s.Step)
	}
	shown := func(at time.Time) string {
		env.Now = at
		page := Draw(env, s)
		for _, live := range page.Live {
			live(at)
		}
		for _, said := range page.Said {
			if strings.ContainsAny(strings.ReplaceAll(strings.ReplaceAll(said, "16", ""), "7", ""), "012345689") &&
				!slices.Contains([]string{"1", "2", "3", "4", "5", "6", "8", "9", "0"}, said) && strings.Contains(said, "Введено") {
				t.Errorf("the voice says %q", said)
			}
		}
		var digits []string
		for _, x := range inspect(page.Object, env.Look, env.Lang).texts {
			digits = append(digits, x.what)
		}
		return strings.Join(digits, "")
	}
	if all := shown(now); strings.Count(all, `"•"`) != 6 || strings.Contains(all, typedPolicy[:3]) {
		t.Errorf("the page shows %s", all)
	}
	if all := shown(now.Add(time.Second)); strings.Count(all, `"•"`) != 7 {
		t.Errorf("a second later the page shows %s", all)
	}
}
