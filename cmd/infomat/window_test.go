package main

import (
	"testing"
	"time"

	"infomat/apiclient/registrysim"
	"infomat/device/virtual"
	"infomat/kiosk"
)

func TestWindowBackAndHome(t *testing.T) {
	v := visit(t, nil)
	for i, w := range way[1:] {
		step := w.from
		v.walk(step)
		v.tap("nav.back")
		v.at(way[i].from)
		v.walk(step)
		v.tap("nav.home")
		if s := v.at(kiosk.StepWelcome); s.Age != "" || s.Doctor.Name != "" || len(s.Days) > 0 {
			t.Errorf("after home from %v the state has %v, %v, %d days", step, s.Age, s.Doctor.Name, len(s.Days))
		}
	}
}

func TestWindowAnyDoctor(t *testing.T) {
	v := visit(t, nil)
	v.walk(kiosk.StepDoctor)
	v.tap("any-doctor")
	if s := v.at(kiosk.StepTime); !s.Any || s.Doctor.Name != "" {
		t.Errorf("any %v, doctor %q", s.Any, s.Doctor.Name)
	}
	v.tap("cell.")
	if s := v.at(kiosk.StepCheck); s.Doctor.Name == "" || s.Doctor.GUID != s.Cell.Doctor {
		t.Errorf("the check screen names %q", s.Doctor.Name)
	}
	v.tap("nav.back")
	if s := v.at(kiosk.StepTime); s.Doctor.Name != "" {
		t.Errorf("after going back the time screen names %q", s.Doctor.Name)
	}
}

func TestWindowEachRefusal(t *testing.T) {
	v := visit(t, nil)
	for _, c := range []struct {
		code    string
		meaning kiosk.Meaning
		next    string // target tapped on the refusal screen
		to      kiosk.Step
	}{
		{"4005", kiosk.MeaningChildren, "change.age", kiosk.StepAge},
		{"4007", kiosk.MeaningForbidden, "nav.home", kiosk.StepWelcome},
		{"4008", kiosk.MeaningAlready, "nav.home", kiosk.StepWelcome},
		{"4029", kiosk.MeaningAgeLimit, "change.doctor", kiosk.StepDoctor},
		{"4036", kiosk.MeaningOurFault, "nav.home", kiosk.StepWelcome},
		{"5009", kiosk.MeaningAccess, "nav.home", kiosk.StepClosed},
	} {
		v.refuse(c.code)
		v.book()
		if s := v.at(kiosk.StepRefused); s.Booking.Refusal.Meaning != c.meaning {
			t.Errorf("%s means %v, want %v", c.code, s.Booking.Refusal.Meaning, c.meaning)
		}
		v.tap(c.next)
		v.at(c.to)
		if c.to != kiosk.StepClosed && c.to != kiosk.StepWelcome {
			v.tap("nav.home")
			v.at(kiosk.StepWelcome)
		}
	}
	if n := len(v.sim.Bookings()); n != 0 {
		t.Errorf("%d bookings after refusals only", n)
	}
}

func TestWindowTakenCellReloadsTimes(t *testing.T) {
	v := visit(t, nil)
	v.refuse("4009")
	v.book()
	s := v.at(kiosk.StepTime)
	if s.Notice != kiosk.NoticeCellTaken || len(s.Days) == 0 {
		t.Errorf("notice %v, %d days", s.Notice, len(s.Days))
	}
	v.walk(kiosk.StepCheck)
	v.tap("reserve")
	v.at(kiosk.StepTicket)
}

func TestWindowBusyRegistryIsRetried(t *testing.T) {
	v := visit(t, nil)
	v.sim.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "503", RetryAfter: 2})
	v.book()
	v.until("the wait", func(s kiosk.State) bool { return !s.Booking.WaitUntil.IsZero() })
	v.at(kiosk.StepTicket)
	if n := len(v.sim.Bookings()); n != 1 {
		t.Errorf("%d bookings", n)
	}
}

func TestWindowUnknownOutcome(t *testing.T) {
	v := visit(t, nil)
	v.sim.AddFault(registrysim.Fault{Kind: registrysim.ResetAfter})
	v.book()
	v.at(kiosk.StepUnconfirmed)
	v.until("the slip", func(s kiosk.State) bool { return s.Booking.Print == kiosk.PrintDone })
	v.tap("nav.home")
	v.at(kiosk.StepWelcome)
}

func TestWindowRegistryUnreachable(t *testing.T) {
	v := visit(t, nil)
	v.walk(kiosk.StepCheck)
	v.disconnect()
	v.tap("reserve")
	v.at(kiosk.StepUnreachable)
	v.find("retry")
	v.tap("nav.home")
	v.until("home", func(s kiosk.State) bool { return s.Step == kiosk.StepWelcome || s.Step == kiosk.StepClosed })
}

func TestWindowPrinterWithoutPaper(t *testing.T) {
	v := visit(t, nil)
	v.paper.SetFault(virtual.PaperOut)
	v.book()
	v.at(kiosk.StepTicket)
	v.until("the failure", func(s kiosk.State) bool { return s.Booking.Print == kiosk.PrintFailed })
	v.paper.SetFault(virtual.None)
	v.tap("copy")
	v.until("the copy", func(s kiosk.State) bool { return s.Booking.Print == kiosk.PrintDone })
	if n := len(v.paper.Papers()); n != 1 {
		t.Errorf("%d pieces of paper", n)
	}
	v.tap("nav.home")
	v.at(kiosk.StepWelcome)
}

func TestWindowIdleAtEachStep(t *testing.T) {
	v := visit(t, func(s *kiosk.Settings) { s.Idle, s.Warning = 3*time.Second, 4*time.Second })
	for step := kiosk.StepAge; step <= kiosk.StepCheck; step++ {
		before := v.walk(step)
		v.waitIdleQuestion()
		v.tap("idle.stay")
		if after := v.at(step); after.Age != before.Age || after.Doctor.GUID != before.Doctor.GUID ||
			after.Cell.GUID != before.Cell.GUID {
			t.Errorf("%v: the idle question lost the patient's choices", step)
		}
	}
	v.tap("reserve")
	v.until("the paper", func(s kiosk.State) bool { return s.Booking.Print == kiosk.PrintDone })
	v.waitIdleQuestion()
	v.until("home", func(s kiosk.State) bool { return s.Step == kiosk.StepWelcome })
	v.walk(kiosk.StepSpeciality)
	v.waitIdleQuestion()
	if s := v.at(kiosk.StepWelcome); s.Age != "" || s.Booking.Ticket.Num != "" {
		t.Errorf("after the patient has left the state has %v, %q", s.Age, s.Booking.Ticket.Num)
	}
}

// waitIdleQuestion waits until the idle question is painted and taps on it count.
func (v *visitor) waitIdleQuestion() {
	v.t.Helper()
	v.until("the question", func(kiosk.State) bool {
		v.mu.Lock()
		defer v.mu.Unlock()
		return v.painted.Warning
	})
	v.readable()
}

func TestWindowNoIdleQuestionWhileReserving(t *testing.T) {
	v := visit(t, func(s *kiosk.Settings) { s.Idle, s.Warning = 3*time.Second, time.Second })
	v.sim.AddFault(registrysim.Fault{Kind: registrysim.Delay, Delay: 6 * time.Second})
	v.book()
	deadline := time.Now().Add(30 * time.Second)
	for s := v.screen.shell.State(); s.Step != kiosk.StepTicket; s = v.screen.shell.State() {
		if s.Warning || s.Step != kiosk.StepCheck && s.Step != kiosk.StepReserving || time.Now().After(deadline) {
			t.Fatalf("during a reservation the screen is %v, warning %v", s.Step, s.Warning)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestWindowRepeatedTapsBookOnce(t *testing.T) {
	v := visit(t, nil)
	v.walk(kiosk.StepCheck)
	x, y := v.find("reserve")
	for range 12 {
		v.tapAt(x, y)
	}
	v.until("the paper", func(s kiosk.State) bool { return s.Booking.Print == kiosk.PrintDone })
	if bookings, papers := len(v.sim.Bookings()), len(v.paper.Papers()); bookings != 1 || papers != 1 {
		t.Errorf("%d bookings, %d pieces of paper", bookings, papers)
	}
}

// TestWindowASecondTapBooksNothing taps a time and then, at every gap below 600 ms, the place of «Забронировать».
func TestWindowASecondTapBooksNothing(t *testing.T) {
	v := visit(t, nil)
	v.walk(kiosk.StepCheck)
	x, y := v.find("reserve")
	v.tap("nav.back")
	v.hand.Touch = 25 * time.Millisecond
	for gap := 50 * time.Millisecond; gap < 600*time.Millisecond; gap += 50 * time.Millisecond {
		v.at(kiosk.StepTime)
		v.tapAt(v.find("cell."))
		time.Sleep(time.Until(v.hand.Pressed.Add(gap)))
		v.tapAt(x, y)
		v.at(kiosk.StepCheck)
		v.tap("nav.back")
	}
	if n := len(v.sim.Bookings()); n != 0 {
		t.Errorf("%d bookings that nobody saw coming", n)
	}
}

func TestWindowNewScreenIgnoresTaps(t *testing.T) {
	v := visit(t, nil)
	v.walk(kiosk.StepAge)
	x, y := v.find("age.TEEN")
	v.tap("nav.home")
	v.at(kiosk.StepWelcome)
	startX, startY := v.find("start")
	v.tapAt(startX, startY)
	v.until("the age screen", func(s kiosk.State) bool { return s.Step == kiosk.StepAge })
	v.tapAt(x, y)
	if s := v.at(kiosk.StepAge); s.Age != "" {
		t.Errorf("a tap on a new screen chose %v", s.Age)
	}
	v.tap("age.TEEN")
	v.at(kiosk.StepSpeciality)
}

// TestWindowViewStaysForTheVisit sets the view on the welcome screen and on the way, and goes back beyond the first
// question: it stays until the visit ends.
func TestWindowViewStaysForTheVisit(t *testing.T) {
	v := visit(t, nil)
	v.tap("view.language.en")
	v.until("English", func(s kiosk.State) bool { return s.View.Language == "en" })
	v.tap("view.open")
	v.tap("view.text")
	v.until("large text", func(s kiosk.State) bool { return s.View.Text == kiosk.TextLarge })
	v.tap("view.close")
	v.walk(kiosk.StepSpeciality)
	v.tap("view.open")
	v.tap("view.contrast")
	v.until("black on white", func(s kiosk.State) bool { return s.View.Contrast == kiosk.ContrastBlackOnWhite })
	v.tap("view.low")
	v.until("the low mode", func(s kiosk.State) bool { return s.View.Low })
	v.tap("view.close")
	want := kiosk.View{Language: "en", Text: kiosk.TextLarge, Contrast: kiosk.ContrastBlackOnWhite, Low: true}
	if s := v.at(kiosk.StepSpeciality); s.View != want {
		t.Errorf("the view is %+v, want %+v", s.View, want)
	}
	v.tap("nav.back")
	v.at(kiosk.StepAge)
	v.tap("nav.back")
	if s := v.at(kiosk.StepWelcome); s.View != want {
		t.Errorf("after going back the view is %+v, want %+v", s.View, want)
	}
	v.walk(kiosk.StepAge)
	v.tap("nav.home")
	if s := v.at(kiosk.StepWelcome); s.View != s.Settings.View {
		t.Errorf("the next patient's view is %+v", s.View)
	}
}
