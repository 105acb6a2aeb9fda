package ui

import (
	"errors"
	"image"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"infomat/kiosk"
)

// glass is a pane that notes what it was told, and fails when it is told to.
type glass struct {
	shown, hidden int
	size          image.Point
	err           error
}

func (g *glass) Show(_ image.Point, picture image.Image) error {
	g.shown++
	g.size = picture.Bounds().Size()
	return g.err
}

func (g *glass) Hide() error { g.hidden++; return nil }

func onTicket(left time.Duration) kiosk.State {
	s := first()
	s.Step = kiosk.StepTicket
	now := time.Now()
	s.Booking = kiosk.Booking{
		Stage:  kiosk.StageConfirmed,
		Print:  kiosk.PrintDone,
		Hold:   kiosk.Hold{From: now, Until: now.Add(left)},
		Ticket: kiosk.Ticket{Num: "А-117", Room: "314"},
	}
	return s
}

// tick lets the shell look at the clock until a second has passed in the countdown.
func (r *rig) tick(s kiosk.State, done func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatal("the countdown stands still")
		}
		r.watch(s)
	}
}

func TestTheCountdownIsPaintedInThePane(t *testing.T) {
	g := &glass{}
	r := newRig(t, first())
	opened := 0
	r.shell.opts.Log = slog.New(slog.DiscardHandler)
	r.shell.opts.Pane = func() (Pane, error) {
		if opened++; opened == 1 {
			return nil, nil // the window is not there yet
		}
		return g, nil
	}
	s := onTicket(10 * time.Minute)
	r.watch(s)
	page := r.shell.page.Object
	r.tick(s, func() bool { return g.shown > 1 })
	if r.shell.page.Object != page || g.size.X < 50 || opened != 2 {
		t.Errorf("drawn anew: %v, picture of %v, opened %d times", r.shell.page.Object != page, g.size, opened)
	}
	hidden := g.hidden
	fyne.DoAndWait(func() { r.shell.Layout(nil, fyne.NewSize(900, 1000)) })
	if g.hidden == hidden {
		t.Error("the old countdown stays over a page that was drawn for another size")
	}
	r.tick(s, func() bool { return g.shown > 2 })
	hidden = g.hidden
	r.watch(first())
	if g.hidden == hidden {
		t.Error("the countdown stays on the next screen")
	}
}

func TestWithoutAPaneTheCountdownGoesOn(t *testing.T) {
	for name, open := range map[string]func() (Pane, error){
		"none":   func() (Pane, error) { return nil, errors.New("no X") },
		"broken": func() (Pane, error) { return &glass{err: errors.New("gone")}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, first())
			r.shell.opts.Pane, r.shell.opts.Log = open, slog.New(slog.DiscardHandler)
			s := onTicket(10 * time.Minute)
			r.watch(s)
			r.tick(s, func() bool { return r.shell.noPane })
			if r.shell.page.Ring.Repaint() {
				t.Error("a pane that is not there is said to have painted")
			}
		})
	}
}

func TestSignsOfProgressGoOnAndEnd(t *testing.T) {
	r := newRig(t, first())
	s := first()
	s.Step = kiosk.StepReserving
	r.watch(s)
	beats := make(chan int, 100)
	beat := r.shell.page.Beat
	r.shell.page.Beat = func(n int) { beat(n); beats <- n }
	for range 2 {
		select {
		case <-beats:
		case <-time.After(10 * time.Second):
			t.Fatal("no sign of progress")
		}
	}
	r.watch(first())
	if r.shell.page.Beat != nil {
		t.Error("the welcome screen is in motion")
	}
}

// voice notes what it was told to say.
type voice struct{ said []string }

func (v *voice) Say(language string, texts []string) {
	v.said = append(v.said, language+": "+strings.Join(texts, "|"))
}

func (v *voice) Stop() { v.said = append(v.said, "stop") }

func TestScreensAreReadAloudWhenAsked(t *testing.T) {
	v := &voice{}
	r := newRig(t, first())
	r.shell.opts.Speaker = v
	r.watch(onTicket(time.Minute))
	if len(v.said) != 0 {
		t.Errorf("said without being asked: %v", v.said)
	}
	s := first()
	s.View.Aloud, s.Step = true, kiosk.StepAge
	r.watch(s)
	if len(v.said) != 1 || !strings.HasPrefix(
		v.said[0], "ru: Кто пойдёт к врачу?|",
	) || !strings.Contains(v.said[0], "18 лет и старше") || strings.Contains(v.said[0], "В начало") {
		t.Fatalf("said %q", v.said)
	}
	s.Overview.FreeToday = 7
	r.watch(s)
	if len(v.said) != 1 {
		t.Error("the same words are said again because the page was drawn anew")
	}
	time.Sleep(settle)
	r.button("speech.repeat").Tapped(nil)
	if len(v.said) != 2 || v.said[1] != v.said[0] {
		t.Errorf("repeated: %q", v.said)
	}
	r.watch(first())
	if !slices.Contains(v.said, "stop") {
		t.Error("it goes on speaking to the next patient")
	}
}

func TestCountedSecondsDoNotBeginTheSentenceAnew(t *testing.T) {
	v := &voice{}
	r := newRig(t, first())
	r.shell.opts.Speaker = v
	s := first()
	s.View.Aloud, s.Step, s.Warning, s.Touched = true, kiosk.StepAge, true, time.Now()
	r.watch(s)
	s.Touched = s.Touched.Add(-7 * time.Second)
	r.watch(s)
	if len(v.said) != 1 {
		t.Errorf("said %q", v.said)
	}
}
