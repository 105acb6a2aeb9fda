package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/ui/screens"
	"infomat/ui/widgets"
)

// rig is a shell in a window of the toolkit's test driver. The tests of cmd/infomat play visits in a real window.
type rig struct {
	t     *testing.T
	shell *Shell
	sent  []kiosk.Event
}

func newRig(t *testing.T, first kiosk.State) *rig {
	t.Helper()
	test.NewTempApp(t)
	languages, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	w := test.NewTempWindow(t, nil)
	r := &rig{t: t}
	r.shell = NewShell(w, first, Options{
		PanelMM: 268, Languages: []string{"ru", "en"},
		Language: func(tag string) screens.Language {
			if tag == "tt" {
				tag = "ru"
			}
			l, err := languages.Language(tag)
			if err != nil {
				t.Fatal(err)
			}
			return l
		},
		Send: func(e kiosk.Event) { r.sent = append(r.sent, e) },
	})
	w.Resize(fyne.NewSize(1080, 1920))
	return r
}

func (r *rig) watch(s kiosk.State) { fyne.DoAndWait(func() { r.shell.Watch(s) }) }

func (r *rig) button(id string) *widgets.Button {
	r.t.Helper()
	var found *widgets.Button
	r.shell.buttons(func(b *widgets.Button, _ fyne.Position) {
		if b.ID == id {
			found = b
		}
	})
	if found == nil {
		r.t.Fatalf("no button %s on the screen", id)
	}
	return found
}

// press presses a button and lifts the finger, as the toolkit does.
func (r *rig) press(id string) {
	r.t.Helper()
	b := r.button(id)
	b.MouseDown(nil)
	b.MouseUp(nil)
	b.Tapped(nil)
}

// paint paints the window.
func (r *rig) paint() { r.shell.window.Canvas().Capture() }

// settle paints the window and waits until it is readable.
func (r *rig) settle() {
	r.t.Helper()
	r.paint()
	for deadline := time.Now().Add(10 * time.Second); !r.shell.Ready(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatal("presses never count")
		}
	}
}

func first() kiosk.State {
	s := kiosk.Begin(
		kiosk.Settings{
			Hold:    10 * time.Minute,
			Idle:    time.Minute,
			Warning: time.Minute,
			Print:   true,
			View:    kiosk.View{Language: "ru"},
		},
	)
	s.Step = kiosk.StepWelcome
	return s
}

func TestTapSendsEvent(t *testing.T) {
	r := newRig(t, first())
	r.button("start").Tapped(nil)
	if want := []kiosk.Event{kiosk.Start{}}; !slices.Equal(r.sent, want) {
		t.Errorf("sent %v, want %v", r.sent, want)
	}
}

func TestNewScreenIgnoresTaps(t *testing.T) {
	r := newRig(t, first())
	s := first()
	s.Step = kiosk.StepAge
	r.watch(s)
	time.Sleep(700 * time.Millisecond)
	if r.press("nav.home"); len(r.sent) != 0 {
		t.Errorf("a press before the first frame sent %v", r.sent)
	}
	begin := time.Now()
	r.paint()
	time.Sleep(300 * time.Millisecond)
	if r.press("nav.home"); len(r.sent) != 0 && time.Since(begin) < 600*time.Millisecond {
		t.Errorf("a press soon after the first frame sent %v", r.sent)
	}
	r.sent = nil
	news := s
	news.Overview.Clinic.Name = "Поликлиника № 3"
	r.watch(news) // draws the same targets again
	r.settle()
	if r.press("nav.home"); len(r.sent) != 1 {
		t.Error("a press on a page that was read is ignored")
	}
}

// TestEveryChangeOfTargetsBeginsAnew checks that no press counts right after something moved the targets of a page that
// stays.
func TestEveryChangeOfTargetsBeginsAnew(t *testing.T) {
	doctors := func(s *kiosk.State, n int) {
		for i := range n {
			id := uuid.NewSHA1(uuid.Nil, []byte{byte(i)})
			s.Doctors = append(s.Doctors, kiosk.Doctor{GUID: id, Name: "Ким О. С.", Free: 1})
		}
	}
	day := func(date int) kiosk.Day {
		at := time.Date(2026, 11, date, 9, 0, 0, 0, time.Local)
		cell := kiosk.Cell{GUID: uuid.NewSHA1(uuid.Nil, []byte{byte(date)}), Begin: at}
		return kiosk.Day{Date: at.Add(-9 * time.Hour), Cells: []kiosk.Cell{cell}}
	}
	for name, c := range map[string]struct {
		before func(*kiosk.State)
		change func(*rig, *kiosk.State)
	}{
		"a list that arrives": {
			func(s *kiosk.State) { s.Step, s.Loading = kiosk.StepDoctor, true },
			func(_ *rig, s *kiosk.State) { s.Loading = false; doctors(s, 3) },
		},
		"another day": {
			func(s *kiosk.State) { s.Step, s.Days = kiosk.StepTime, []kiosk.Day{day(23), day(24)} },
			func(_ *rig, s *kiosk.State) { s.Day = 1 },
		},
		"a page that is turned": {
			func(s *kiosk.State) { s.Step = kiosk.StepDoctor; doctors(s, 40) },
			func(r *rig, _ *kiosk.State) { r.press("page.next") },
		},
		"larger text": {
			func(s *kiosk.State) { s.Step = kiosk.StepAge },
			func(_ *rig, s *kiosk.State) { s.View.Text = kiosk.TextExtra },
		},
		"the end of the question whether somebody is there": {
			func(s *kiosk.State) { s.Step, s.Warning = kiosk.StepAge, true },
			func(_ *rig, s *kiosk.State) { s.Warning = false },
		},
		"another question without answers": {
			func(s *kiosk.State) { s.Step = kiosk.StepDoctor },
			func(_ *rig, s *kiosk.State) { s.Step = kiosk.StepSpeciality },
		},
		"the diagnostics mode": {
			func(s *kiosk.State) { s.Step = kiosk.StepAge },
			func(r *rig, _ *kiosk.State) { r.shell.Cover(true); r.shell.Cover(false) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := first()
			c.before(&s)
			r := newRig(t, s)
			r.settle()
			c.change(r, &s)
			r.watch(s)
			r.shell.buttons(func(b *widgets.Button, _ fyne.Position) {
				if b.Counts() {
					t.Errorf("a press on %s counts before the first frame", b.ID)
				}
			})
			begin := time.Now()
			r.paint()
			time.Sleep(300 * time.Millisecond)
			r.shell.buttons(func(b *widgets.Button, _ fyne.Position) {
				if b.Counts() && time.Since(begin) < 600*time.Millisecond {
					t.Errorf("a press on %s counts", b.ID)
				}
			})
			r.settle()
			r.shell.buttons(func(b *widgets.Button, _ fyne.Position) {
				if !b.Counts() {
					t.Errorf("a late press on %s does not count", b.ID)
				}
			})
		})
	}
}

func TestStateChangeDoesNotLoseAPress(t *testing.T) {
	r := newRig(t, first())
	r.settle()
	start := r.button("start")
	start.MouseDown(nil)
	news := first()
	news.Overview.Clinic.Name = "Поликлиника № 3"
	r.watch(news)
	if r.button("start") != start {
		t.Fatal("the button was replaced while pressed")
	}
	start.MouseUp(nil)
	start.Tapped(nil)
	if len(r.sent) != 1 {
		t.Errorf("sent %v", r.sent)
	}
	deadline := time.Now().Add(5 * time.Second)
	for r.button("start") == start && time.Now().Before(deadline) {
		time.Sleep(widgets.PressPoll)
	}
	if r.button("start") == start {
		t.Error("the page was not redrawn after the release")
	}
}

func TestEachOtherLanguageHasAButton(t *testing.T) {
	r := newRig(t, first())
	r.button("view.language.en").Tapped(nil)
	if len(r.sent) != 1 || r.sent[0].(kiosk.SetView).View.Language != "en" {
		t.Errorf("sent %v", r.sent)
	}
	r.shell.opts.Languages = []string{"ru", "en", "tt"}
	s := first()
	s.View.Language = "en"
	r.watch(s)
	r.button("view.language.ru")
	r.button("view.language.tt")
	if r.has("view.language.en") {
		t.Error("the present language has a button")
	}
}

func (r *rig) has(id string) (found bool) {
	r.shell.buttons(func(b *widgets.Button, _ fyne.Position) { found = found || b.ID == id })
	return found
}

// TestSettingsOfTheViewOnEveryPage opens the settings of the view on each page and leaves them with one tap.
func TestSettingsOfTheViewOnEveryPage(t *testing.T) {
	for step := kiosk.StepWelcome; step <= kiosk.StepOffer; step++ {
		s := onTicket(time.Hour)
		s.Step, s.Touched = step, time.Now()
		s.Offers = []kiosk.Offer{{Record: kiosk.Record{Num: "А-117"}}}
		r := newRig(t, s)
		if step == kiosk.StepReserving || step == kiosk.StepIdentifying {
			if r.has("view.open") {
				t.Error("the page that waits for the registry can be covered")
			}
			continue
		}
		before := len(r.shell.Targets())
		r.button("view.open").Tapped(nil)
		for _, id := range []string{"view.text", "view.contrast", "view.low", "view.language.en", "view.close"} {
			if !r.has(id) {
				t.Errorf("%v: the settings have no button %s", step, id)
			}
		}
		if r.has("nav.home") || r.has("copy") || r.has("view.open") {
			t.Errorf("%v: the settings show buttons of the page below: %v", step, r.shell.Targets())
		}
		r.button("view.text").Tapped(nil)
		view, ok := r.sent[len(r.sent)-1].(kiosk.SetView)
		if !ok || view.View.Text != kiosk.TextLarge {
			t.Errorf("%v: the text size sent %v", step, r.sent)
		}
		s.View, s.Touched = view.View, time.Now()
		r.watch(s)
		if !r.has("view.close") {
			t.Errorf("%v: a change of the view closes the settings", step)
		}
		r.button("view.close").Tapped(nil)
		if after := len(r.shell.Targets()); after != before || r.has("view.close") {
			t.Errorf("%v: %d buttons before the settings, %d after", step, before, after)
		}
	}
}

// TestSettingsOfTheViewLeaveByThemselves checks that the settings never stay over something that the patient has to
// see.
func TestSettingsOfTheViewLeaveByThemselves(t *testing.T) {
	for name, change := range map[string]func(*kiosk.State){
		"the print ends":        func(s *kiosk.State) { s.Booking.Print = kiosk.PrintFailed },
		"the hold ends":         func(s *kiosk.State) { s.Booking.HoldOver = true },
		"the patient is asked":  func(s *kiosk.State) { s.Warning = true },
		"the visit ends":        func(s *kiosk.State) { s.Step = kiosk.StepWelcome },
		"nobody touches it":     func(s *kiosk.State) { s.Settings.Idle = 100 * time.Millisecond },
		"nothing happens":       func(*kiosk.State) {},
		"the overview changes":  func(s *kiosk.State) { s.Overview.FreeToday = 7 },
		"the patient goes home": func(s *kiosk.State) { s.Step, s.Booking = kiosk.StepWelcome, kiosk.Booking{} },
	} {
		t.Run(name, func(t *testing.T) {
			s := onTicket(time.Hour)
			s.Booking.Print, s.Touched = kiosk.PrintRunning, time.Now()
			r := newRig(t, s)
			r.button("view.open").Tapped(nil)
			change(&s)
			time.Sleep(150 * time.Millisecond)
			r.watch(s)
			stays := name == "nothing happens" || name == "the overview changes"
			if r.has("view.close") != stays {
				t.Errorf("the settings stay: %v", !stays)
			}
			s.Warning = false
			if r.watch(s); !stays && r.has("view.close") {
				t.Error("the settings come back")
			}
		})
	}
}

// TestATapBesideTheQuestionAnswersIt checks that any tap on the question whether somebody is there says so, and that a
// tap beside the buttons of another page does nothing.
func TestATapBesideTheQuestionAnswersIt(t *testing.T) {
	s := first()
	s.Step, s.Warning, s.Touched = kiosk.StepAge, true, time.Now()
	r := newRig(t, s)
	beside := fyne.NewPos(540, 1850)
	test.TapCanvas(r.shell.window.Canvas(), beside)
	if want := []kiosk.Event{kiosk.Touch{}}; !slices.Equal(r.sent, want) {
		t.Errorf("a tap beside the button sent %v, want %v", r.sent, want)
	}
	r.button("idle.stay").Tapped(nil)
	if len(r.sent) != 2 {
		t.Errorf("a tap on the button sent %v", r.sent[1:])
	}
	s.Warning = false
	r.watch(s)
	test.TapCanvas(r.shell.window.Canvas(), fyne.NewPos(5, 900))
	if len(r.sent) != 2 {
		t.Errorf("a tap beside the answers sent %v", r.sent[2:])
	}
}

func TestStepChangeResetsListPage(t *testing.T) {
	s := first()
	s.Step = kiosk.StepSpeciality
	for i := range 30 {
		s.Specialities = append(
			s.Specialities,
			kiosk.Speciality{Code: string(rune('a' + i)), Name: "Терапевт", Free: 1, Nearest: time.Now()},
		)
	}
	r := newRig(t, s)
	r.button("page.next").Tapped(nil)
	r.button("page.prev")
	if r.shell.pages.List != 1 || !slices.Equal(r.sent, []kiosk.Event{kiosk.Touch{}}) {
		t.Errorf("page %d, sent %v", r.shell.pages.List, r.sent)
	}
	s.Step = kiosk.StepDoctor
	r.watch(s)
	if r.shell.pages.List != 0 {
		t.Error("the list of the next step does not start at its first page")
	}
}

// The head of the page and its clock tell the time in the clinic's zone, also when only the clock is updated.
func TestTheHeadTellsTheClinicsZone(t *testing.T) {
	s := first()
	_, here := time.Now().Zone()
	s.Overview.Zone = time.FixedZone("", here+2*60*60+30*60) // no computer's zone is half an hour off its own
	r := newRig(t, s)
	shows := func() bool { // the minute may end meanwhile
		now := time.Now().In(s.Overview.Zone)
		texts := []string{now.Format("15:04"), now.Add(-time.Minute).Format("15:04")}
		return slices.ContainsFunc(test.LaidOutObjects(r.shell.page.Object), func(o fyne.CanvasObject) bool {
			text, ok := o.(*canvas.Text)
			return ok && slices.Contains(texts, text.Text)
		})
	}
	if !shows() {
		t.Error("the drawn page tells another time")
	}
	s.Touched = time.Now()
	r.watch(s)
	if !shows() {
		t.Error("the updated clock tells another time")
	}
}
