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
	for name, change := range map[string]func(*kiosk.State){
		"who": func(s *kiosk.State) { s.Settings.Identify = kiosk.IdentifyOptional },
		"who with a scanner": func(s *kiosk.State) {
			s.Settings.Identify, s.Settings.Scanner, s.Settings.MakeVisit = kiosk.IdentifyOptional, true, true
		},
		"who, unread": func(s *kiosk.State) {
			s.Settings.Identify, s.Settings.Scanner, s.Notice = kiosk.IdentifyRequired, true, kiosk.NoticeCodeUnread
		},
	} {
		add(name, kiosk.StepWho, change)
	}
	for n, notice := range map[int]kiosk.Notice{0: kiosk.NoticeCodeUnread, 7: kiosk.NoticeIncomplete, 16: 0} {
		add(fmt.Sprint("policy ", n, " digits"), kiosk.StepPolicy, func(s *kiosk.State) {
			*s = typing(*s, n, 0)
			s.Step, s.Notice = kiosk.StepPolicy, notice
		})
	}
	for n, notice := range map[int]kiosk.Notice{0: kiosk.NoticeIncomplete, 3: kiosk.NoticeImpossible, 8: 0} {
		add(fmt.Sprint("birth ", n, " digits"), kiosk.StepBirth, func(s *kiosk.State) {
			*s = typing(*s, 16, n)
			s.Step, s.Notice = kiosk.StepBirth, notice
		})
	}
	add("identifying", kiosk.StepIdentifying, nil)
	for kind := kiosk.RecognisedDown; kind <= kiosk.RecognisedRefused; kind++ {
		add(fmt.Sprint("unidentified ", kind), kiosk.StepUnidentified, func(s *kiosk.State) {
			s.Recognition.Kind, s.Settings.Identify = kind, kiosk.IdentifyOptional
		})
	}
	add("unidentified, no more tries", kiosk.StepUnidentified, func(s *kiosk.State) {
		s.Recognition.Kind, s.Settings.Identify, s.Tries = kiosk.RecognisedNobody, kiosk.IdentifyRequired, 3
	})
	for v := kiosk.VisitPending; v <= kiosk.VisitUnknown; v++ {
		for _, p := range []kiosk.PrintState{kiosk.PrintNone, kiosk.PrintFailed} {
			if v.Busy() == (p != kiosk.PrintNone) || v == kiosk.VisitRunning {
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
