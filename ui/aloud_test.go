package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"infomat/kiosk"
)

// aloud returns a rig with a voice, on a state in which pages are read aloud.
func aloud(t *testing.T, s kiosk.State) (*rig, *voice) {
	t.Helper()
	r, v := newRig(t, first()), &voice{}
	r.shell.opts.Speaker = v
	s.View.Aloud = true
	r.watch(s)
	if len(v.said) != 1 {
		t.Fatalf("a page is said as %q", v.said)
	}
	return r, v
}

// TestSecondsAreNotReadAgain lets the seconds of the pages that count in a sentence go by, through all plural forms.
func TestSecondsAreNotReadAgain(t *testing.T) {
	idle, busy := first(), first()
	idle.Step, idle.Warning, idle.Touched = kiosk.StepAge, true, time.Now()
	busy.Step = kiosk.StepReserving
	for name, c := range map[string]struct {
		state kiosk.State
		pass  func(s *kiosk.State, seconds int)
	}{
		"idle": {idle, func(s *kiosk.State, n int) { s.Touched = time.Now().Add(-time.Duration(n) * time.Second) }},
		"busy": {busy, func(s *kiosk.State, n int) {
			s.Booking.WaitUntil = time.Now().Add(time.Duration(30-n) * time.Second)
		}},
	} {
		c.pass(&c.state, 1)
		c.state.View.Aloud = true
		r, v := aloud(t, c.state)
		for n := range 28 {
			c.pass(&c.state, n+2)
			r.watch(c.state)
		}
		if len(v.said) != 1 {
			t.Errorf("%s: said %q", name, v.said[1:])
		}
	}
}

// TestOnlyNewsAreRead lets a print end: what is new on the page is read, and what was read is not.
func TestOnlyNewsAreRead(t *testing.T) {
	s := onTicket(10 * time.Minute)
	s.Booking.Print = kiosk.PrintRunning
	s.View.Aloud = true
	r, v := aloud(t, s)
	for _, want := range []string{"А, один, один, семь", "три, один, четыре", "Печатаем талон"} {
		if !strings.Contains(v.said[0], want) {
			t.Errorf("%q is not in %q", want, v.said[0])
		}
	}
	s.Booking.Print = kiosk.PrintDone
	r.watch(s)
	if len(v.said) != 2 || !strings.HasPrefix(v.said[1], "then ru") || !strings.Contains(v.said[1], "Талон напечатан") ||
		strings.Contains(v.said[1], "А, один") {
		t.Errorf("after the print: %q", v.said[1:])
	}
}

// TestNothingIsReadUnderTheDiagnosticsMode changes the pages below it.
func TestNothingIsReadUnderTheDiagnosticsMode(t *testing.T) {
	s := first()
	s.Step, s.View.Aloud = kiosk.StepAge, true
	r, v := aloud(t, s)
	r.shell.Cover(true)
	if !slices.Equal(v.said[1:], []string{"stop"}) {
		t.Errorf("opening the mode: %q", v.said[1:])
	}
	v.said = nil
	s.Step = kiosk.StepSpeciality
	r.watch(s)
	s.Step = kiosk.StepDoctor
	r.watch(s)
	if said := slices.DeleteFunc(v.said, func(x string) bool { return x == "stop" }); len(said) > 0 {
		t.Errorf("said %q", said)
	}
	r.shell.Cover(false)
	if !slices.ContainsFunc(v.said, func(x string) bool { return strings.HasPrefix(x, "ru: Выберите врача") }) {
		t.Errorf("after the mode: %q", v.said)
	}
}

// TestOneButtonStopsAndRepeats taps the button of the voice on every page.
func TestOneButtonStopsAndRepeats(t *testing.T) {
	for step := kiosk.StepWelcome; step <= kiosk.StepOffer; step++ {
		for _, warning := range []bool{false, true} {
			s := onTicket(time.Hour)
			s.Step, s.Touched, s.Warning = step, time.Now(), warning
			s.Offers = []kiosk.Offer{{Record: kiosk.Record{Num: "А-117"}}}
			s.View.Aloud = true
			r, v := aloud(t, s)
			v.speaking = true
			r.button("speech.repeat").Tapped(nil)
			v.speaking = false
			r.button("speech.repeat").Tapped(nil)
			if len(v.said) != 3 || v.said[1] != "stop" || v.said[2] != v.said[0] {
				t.Errorf("%v: said %q", step, v.said)
			}
		}
	}
}

// TestHeadphonesAlone plugs headphones in and out. Without them there is no voice, and nothing about one on the screen.
func TestHeadphonesAlone(t *testing.T) {
	v := &voice{}
	r := newRig(t, first())
	r.shell.opts.Speaker, r.shell.opts.Headphones = v, true
	s := first()
	s.Step, s.View.Aloud = kiosk.StepAge, true
	r.watch(s)
	r.button("view.open").Tapped(nil)
	if len(v.said) > 0 || r.has("view.aloud") || r.has("speech.repeat") {
		t.Fatalf("without headphones: said %q, %v", v.said, r.shell.Targets())
	}
	r.button("view.close").Tapped(nil)
	sent := len(r.sent)
	r.shell.Plugged(true)
	if len(r.sent) != sent+1 || !r.sent[sent].(kiosk.SetView).View.Aloud {
		t.Fatalf("the plug sent %v", r.sent[sent:])
	}
	if !slices.ContainsFunc(v.said, func(x string) bool { return strings.HasPrefix(x, "ru: Кто пойдёт к врачу?") }) {
		t.Errorf("with the plug in: %q", v.said)
	}
	v.said = nil
	r.shell.Plugged(false)
	if len(v.said) == 0 || v.said[0] != "stop" || r.sent[len(r.sent)-1].(kiosk.SetView).View.Aloud {
		t.Errorf("with the plug out: %q, %v", v.said, r.sent)
	}
	s.Step = kiosk.StepSpeciality
	r.watch(s)
	if slices.ContainsFunc(v.said, func(x string) bool { return x != "stop" }) {
		t.Errorf("without headphones: said %q", v.said)
	}
}

// TestRateAndVolumeAreSaid changes both in the settings of the view, which have them while pages are read.
func TestRateAndVolumeAreSaid(t *testing.T) {
	s := first()
	s.Step, s.View.Aloud = kiosk.StepAge, true
	r, v := aloud(t, s)
	r.button("view.open").Tapped(nil)
	for _, c := range [][2]string{
		{"view.rate", "сейчас быстрее"},
		{"view.volume", "сейчас громче"},
		{"view.volume", "сейчас громче всего"},
		{"view.volume", "сейчас тише всего"},
		{"view.volume", "сейчас тише"},
		{"view.volume", "сейчас обычная"},
		{"view.volume", "сейчас громче"},
	} {
		id, want := c[0], c[1]
		r.shell.pages.Sheet.Opened = time.Now()
		for !r.has(id) {
			r.button("page.next").Tapped(nil)
		}
		r.button(id).Tapped(nil)
		s.View, s.Touched = r.sent[len(r.sent)-1].(kiosk.SetView).View, time.Now()
		r.watch(s)
		if last := v.said[len(v.said)-1]; last != "ru: "+want {
			t.Errorf("%s: said %q", id, last)
		}
	}
	if v.rate != 1 || v.volume != 1 {
		t.Errorf("the voice was told %d, %d", v.rate, v.volume)
	}
}

// TestEachPartIsSpokenInItsLanguage hears the button of the other language on the first page and as the button in
// focus, and the name of a doctor, which is Russian, on a page in English.
func TestEachPartIsSpokenInItsLanguage(t *testing.T) {
	r, v := aloud(t, first())
	if !strings.Contains(v.said[0], "|(en) English") {
		t.Errorf("the first page is said as %q", v.said)
	}
	r.shell.sayFocus("English")
	if last := v.said[len(v.said)-1]; last != "en: English" {
		t.Errorf("the button is said as %q", last)
	}
	s := first()
	s.Step, s.View.Language = kiosk.StepDoctor, "en"
	s.Doctors = []kiosk.Doctor{{Name: "Иванова Анна", Free: 3, Nearest: time.Now()}}
	_, v = aloud(t, s)
	if !strings.Contains(v.said[0], "en: ") || !strings.Contains(v.said[0], "|(ru) Иванова Анна|") {
		t.Errorf("a doctor is said as %q", v.said)
	}
}
