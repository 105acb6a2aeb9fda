package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

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
	r.button("nav.home").Tapped(nil)
	if len(r.sent) != 0 {
		t.Errorf("a tap within the settle time sent %v", r.sent)
	}
	time.Sleep(settle)
	r.button("nav.home").Tapped(nil)
	if len(r.sent) != 1 {
		t.Errorf("a tap after %v was ignored", settle)
	}
}

func TestStateChangeDoesNotLoseAPress(t *testing.T) {
	r := newRig(t, first())
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
		time.Sleep(pressPoll)
	}
	if r.button("start") == start {
		t.Error("the page was not redrawn after the release")
	}
}

func TestLanguageButtonSelectsNextLanguage(t *testing.T) {
	r := newRig(t, first())
	r.button("view.language").Tapped(nil)
	if len(r.sent) != 1 || r.sent[0].(kiosk.SetView).View.Language != "en" {
		t.Errorf("sent %v", r.sent)
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
