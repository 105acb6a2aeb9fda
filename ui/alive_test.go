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
	"infomat/ui/speech/ears"
)

// fakePane is a Pane that counts its calls. Show returns err.
type fakePane struct {
	shown, hidden, closed int
	size                  image.Point
	err                   error // of Show
	hides                 error // of Hide
}

func (g *fakePane) Show(_ image.Point, picture image.Image) error {
	g.shown++
	g.size = picture.Bounds().Size()
	return g.err
}

func (g *fakePane) Hide() error { g.hidden++; return g.hides }

func (g *fakePane) Close() { g.closed++ }

// onTicket returns a state on the ticket screen whose hold ends after left.
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

// tick calls watch until done reports true.
func (r *rig) tick(s kiosk.State, done func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatal("the countdown does not change")
		}
		r.watch(s)
	}
}

func TestCountdownIsDrawnInPane(t *testing.T) {
	g := &fakePane{}
	r := newRig(t, first())
	opened := 0
	r.shell.opts.Log = slog.New(slog.DiscardHandler)
	r.shell.opts.Pane = func() (Pane, error) {
		if opened++; opened == 1 {
			return nil, nil // the window is not shown yet
		}
		return g, nil
	}
	s := onTicket(10 * time.Minute)
	r.watch(s)
	page := r.shell.page.Object
	r.tick(s, func() bool { return g.shown > 1 })
	if r.shell.page.Object != page || g.size.X < 50 || opened != 2 {
		t.Errorf("page redrawn: %v, picture of %v, Pane called %d times", r.shell.page.Object != page, g.size, opened)
	}
	hidden := g.hidden
	fyne.DoAndWait(func() { r.shell.Layout(nil, fyne.NewSize(900, 1000)) })
	if g.hidden == hidden {
		t.Error("the pane stays visible after a change of the window size")
	}
	r.tick(s, func() bool { return g.shown > 2 })
	hidden = g.hidden
	r.watch(first())
	if g.hidden == hidden {
		t.Error("the pane stays visible on the next screen")
	}
}

func TestCountdownWithoutPane(t *testing.T) {
	for name, open := range map[string]func() (Pane, error){
		"none":   func() (Pane, error) { return nil, errors.New("no X") },
		"broken": func() (Pane, error) { return &fakePane{err: errors.New("gone")}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, first())
			r.shell.opts.Pane, r.shell.opts.Log = open, slog.New(slog.DiscardHandler)
			s := onTicket(10 * time.Minute)
			r.watch(s)
			r.tick(s, func() bool { return r.shell.noPane })
			if r.shell.page.Ring.Repaint() {
				t.Error("Repaint reports true without a pane")
			}
		})
	}
}

// TestAPaneThatFailsIsClosed checks that a pane that cannot be painted or hidden does not stay over the pages.
func TestAPaneThatFailsIsClosed(t *testing.T) {
	for name, g := range map[string]*fakePane{
		"it cannot be painted": {err: errors.New("gone")},
		"it cannot be hidden":  {hides: errors.New("gone")},
	} {
		r := newRig(t, first())
		r.shell.opts.Log = slog.New(slog.DiscardHandler)
		r.shell.opts.Pane = func() (Pane, error) { return g, nil }
		s := onTicket(10 * time.Minute)
		r.watch(s)
		r.tick(s, func() bool { return g.shown > 0 })
		r.watch(first())
		if g.closed != 1 {
			t.Errorf("%s: it was closed %d times", name, g.closed)
		}
	}
}

// TestNothingShowsOrSpeaksOverTheDiagnosticsMode covers the pages while a number is held and the voice is on.
func TestNothingShowsOrSpeaksOverTheDiagnosticsMode(t *testing.T) {
	g, v := &fakePane{}, &voice{}
	r := newRig(t, first())
	r.shell.opts.Log, r.shell.opts.Speaker = slog.New(slog.DiscardHandler), v
	r.shell.opts.Pane = func() (Pane, error) { return g, nil }
	s := onTicket(10 * time.Minute)
	s.View.Aloud = true
	r.watch(s)
	r.tick(s, func() bool { return g.shown > 1 })
	fyne.DoAndWait(func() { r.shell.Cover(true) })
	shown, hidden, said := g.shown, g.hidden, len(v.said)
	if hidden == 0 || v.said[said-1] != "stop" {
		t.Errorf("hidden %d times, said %q", hidden, v.said)
	}
	for until := time.Now().Add(1500 * time.Millisecond); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		r.watch(s)
	}
	next := first()
	next.View.Aloud = true
	r.watch(next)
	if g.shown != shown || len(v.said) != said {
		t.Errorf("while covered the pane was shown %d times, and this was said: %q", g.shown-shown, v.said[said:])
	}
	fyne.DoAndWait(func() { r.shell.Cover(false) })
	if len(v.said) != said+1 || !strings.Contains(v.said[said], "Запись к врачу") {
		t.Errorf("after the diagnostics mode this was said: %q", v.said[said:])
	}
}

func TestProgressAnimationStopsWithItsPage(t *testing.T) {
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
			t.Fatal("the progress animation does not run")
		}
	}
	r.watch(first())
	if r.shell.page.Beat != nil {
		t.Error("the welcome screen has a progress animation")
	}
}

// voice is a Speaker that records its calls.
type voice struct {
	said     []string
	speaking bool

	rate, volume int // of the last text
}

// Say notes the language of the first phrase, and before each other phrase its own if that is another one.
func (v *voice) Say(rate, volume int, phrases []ears.Phrase) { v.note("", rate, volume, phrases) }

func (v *voice) Add(rate, volume int, phrases []ears.Phrase) { v.note("then ", rate, volume, phrases) }

func (v *voice) note(how string, rate, volume int, phrases []ears.Phrase) {
	v.rate, v.volume = rate, volume
	var texts []string
	for _, p := range phrases {
		if p.Language != phrases[0].Language {
			p.Text = "(" + p.Language + ") " + p.Text
		}
		texts = append(texts, p.Text)
	}
	v.said = append(v.said, how+phrases[0].Language+": "+strings.Join(texts, "|"))
}

func (v *voice) Speaking() bool { return v.speaking }

func (v *voice) Stop() { v.said = append(v.said, "stop") }

func TestReadAloud(t *testing.T) {
	v := &voice{}
	r := newRig(t, first())
	r.shell.opts.Speaker = v
	r.watch(onTicket(time.Minute))
	if len(v.said) != 0 {
		t.Errorf("read aloud without being switched on: %v", v.said)
	}
	s := first()
	s.View.Aloud, s.Step = true, kiosk.StepAge
	r.watch(s)
	if len(v.said) != 1 || !strings.HasPrefix(
		v.said[0], "ru: Кто пойдёт к врачу?|",
	) || !strings.Contains(v.said[0], "восемнадцать лет и старше") || strings.Contains(v.said[0], "В начало") {
		t.Fatalf("said %q", v.said)
	}
	s.Overview.FreeToday = 7
	r.watch(s)
	if len(v.said) != 1 {
		t.Error("a redraw repeats the same text")
	}
	r.button("speech.repeat").Tapped(nil)
	if len(v.said) != 2 || v.said[1] != v.said[0] {
		t.Errorf("repeated: %q", v.said)
	}
	r.watch(first())
	if !slices.Contains(v.said, "stop") {
		t.Error("reading is not stopped for the next patient")
	}
}

func TestChangedDigitsAreNotReadAgain(t *testing.T) {
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
