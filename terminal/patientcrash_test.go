package terminal

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/registrysim"
	"infomat/kiosk"
)

// newPatientSite returns the surroundings of a terminal that asks patients who they are and makes their visits.
func newPatientSite(t tester) *crashSite {
	t.Helper()
	s := newCrashSite(t)
	f, err := os.OpenFile(s.config, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString("[patient]\nidentify = \"required\"\nconfirm = \"visit\"\n")
		_ = f.Close()
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

// patientPlan is a plan of a patient whom the registry knows.
func (s *crashSite) patientPlan(c crashPlan) crashPlan {
	c.Policy, c.Born, c.Book = registrysim.PolicyAdult, "31011980", true
	return s.plan(c)
}

// judgeVisits holds what the journal says of visits against the registry's and the printer's books.
func (s *crashSite) judgeVisits(t tester) {
	t.Helper()
	pasts, papers := s.pasts(t), s.papers()
	for _, b := range s.sim.Bookings() {
		op := uuid.MustParse(b.RequestID)
		p := pasts[op]
		first := uuid.NewSHA1(op, []byte("visit1"))
		posts, sent := s.sim.Posts(first.String()), p.stages[kiosk.StageVisitSent]
		made := !b.VisitAt.IsZero()
		switch {
		case posts > 1 || posts > sent:
			t.Fatalf("%d requests for the visit of %s, and the journal knows of %d", posts, op, sent)
		case made && sent == 0:
			t.Fatalf("a visit of %s that the journal does not know to be asked for", op)
		case p.stages[kiosk.StageVisited] > 0 && !made:
			t.Fatalf("the visit of %s is made in the journal, the registry has none", op)
		case made && p.stages[kiosk.StageVisited] == 0 && p.stages[kiosk.StageVisitUnknown] == 0 && p.last == kiosk.StageDone:
			t.Fatalf("the visit of %s is made, and the journal says that it is not: %v", op, p.stages)
		}
		for _, text := range papers[kiosk.Code(op)] {
			says, holds := strings.Contains(text, "Вы записаны на приём"), strings.Contains(text, "Бронь действует до")
			if says == holds || says && !made {
				t.Fatalf("visit made: %v, and the paper of %s is\n%s", made, op, text)
			}
		}
	}
}

// TestKilledAtEveryRecordOfAVisit kills a terminal before and after each record of a patient's visit, and again at
// each record of the life after it.
func TestKilledAtEveryRecordOfAVisit(t *testing.T) {
	for name, after := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				if killedVisit(t, n, after) {
					t.Logf("a visit has %d records", n-1)
					if n < 8 {
						t.Error("a visit has INTENT, SENT, CONFIRMED, three of the visit, and those of the paper")
					}
					return
				}
			}
		})
	}
}

// killedVisit plays a visit that is killed at record n, and reports whether it came to its end before.
func killedVisit(t *testing.T, n int, after bool) (whole bool) {
	s := newPatientSite(t)
	defer s.close()
	whole = s.live(t, s.patientPlan(crashPlan{Kill: n, After: after}), 0)
	s.judge(t, whole)
	s.judgeVisits(t)
	if whole {
		for op, p := range s.pasts(t) {
			if p.stages[kiosk.StageVisited] != 1 || p.stages[kiosk.StagePrinted] != 1 {
				t.Errorf("%s: %v", op, p.stages)
			}
		}
		return true
	}
	for again, ended := 1, false; !ended; again++ {
		ended = s.live(t, s.plan(crashPlan{Kill: again, After: !after, Accept: again < 3}), 0)
		s.judge(t, ended)
		s.judgeVisits(t)
	}
	s.quiet(t)
	s.judgeVisits(t)
	return false
}

// TestVisitInBadWeather spoils the request for the visit in every way.
func TestVisitInBadWeather(t *testing.T) {
	const path = "^/visit/[^/]+$"
	for name, c := range map[string]struct {
		fault registrysim.Fault
		stage kiosk.Stage
	}{
		"reset before": {registrysim.Fault{Kind: registrysim.ResetBefore}, kiosk.StageVisitUnknown},
		"reset after":  {registrysim.Fault{Kind: registrysim.ResetAfter}, kiosk.StageVisitUnknown},
		"cut":          {registrysim.Fault{Kind: registrysim.Cut}, kiosk.StageVisitUnknown},
		"empty":        {registrysim.Fault{Kind: registrysim.Empty}, kiosk.StageVisitUnknown},
		"500":          {registrysim.Fault{Kind: registrysim.Status, Code: "500"}, kiosk.StageVisitUnknown},
		"too slow":     {registrysim.Fault{Kind: registrysim.Delay, Delay: 3 * time.Second}, kiosk.StageVisitUnknown},
		"busy":         {registrysim.Fault{Kind: registrysim.Status, Code: "429"}, kiosk.StageVisitRefused},
		"refused":      {registrysim.Fault{Kind: registrysim.Refuse, Code: "4007"}, kiosk.StageVisitRefused},
		"token":        {registrysim.Fault{Kind: registrysim.Status, Code: "401"}, kiosk.StageVisited}, // with a new one
		"token twice":  {registrysim.Fault{Kind: registrysim.Status, Code: "401", Times: 2}, kiosk.StageVisitRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newPatientSite(t)
			defer s.close()
			c.fault.Path = path
			s.sim.AddFault(c.fault)
			s.judge(t, s.live(t, s.patientPlan(crashPlan{}), 0))
			s.judgeVisits(t)
			for op, p := range s.pasts(t) {
				if p.stages[c.stage] == 0 || p.stages[kiosk.StagePrinted] != 1 {
					t.Errorf("%s: %v", op, p.stages)
				}
			}
			s.quiet(t)
		})
	}
}

// TestTokenThatExpiresBeforeTheHold has the reservation refused because of the token, once and twice.
func TestTokenThatExpiresBeforeTheHold(t *testing.T) {
	for times, booked := range map[int]int{1: 1, 2: 0} {
		s := newPatientSite(t)
		defer s.close()
		s.sim.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "401", Path: "reservation$", Times: times})
		s.judge(t, s.live(t, s.patientPlan(crashPlan{}), 0))
		if n := len(s.sim.Bookings()); n != booked {
			t.Errorf("refused %d times: %d bookings", times, n)
		}
	}
}
