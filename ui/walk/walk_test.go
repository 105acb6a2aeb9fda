package walk

import (
	"context"
	"encoding/json"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/ui"
	"infomat/ui/screens"
)

// The tests of cmd/infomat play the whole visit in a real window. These tests cover failures.

// hand records taps and returns blank pictures.
type hand struct{ taps []image.Point }

func (h *hand) Tap(_ context.Context, x, y int) (time.Time, error) {
	h.taps = append(h.taps, image.Pt(x, y))
	return time.Now(), nil
}

func (h *hand) Picture(context.Context) (image.Image, error) {
	return image.NewNRGBA(image.Rect(0, 0, 10, 20)), nil
}

// player returns a player before the welcome screen, its hand, and the channel of frames.
func player(t *testing.T) (*Player, *hand, chan ui.Frame) {
	t.Helper()
	test.NewTempApp(t)
	languages, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	russian, err := languages.Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	w := test.NewTempWindow(t, nil)
	s := welcome()
	shell := ui.NewShell(w, s, ui.Options{
		PanelMM: 268, Languages: []string{
			"ru", "en",
		}, Language: func(string) screens.Language { return russian }, Send: func(kiosk.Event) {},
	})
	w.Resize(fyne.NewSize(1080, 1920))
	w.Canvas().Capture() // taps count only on what is painted
	h, frames := &hand{}, make(chan ui.Frame, 8)
	return &Player{Shell: shell, Hand: h, Dir: t.TempDir(), Frames: frames, Started: time.Now()}, h, frames
}

func welcome() kiosk.State {
	s := kiosk.Begin(kiosk.Settings{View: kiosk.View{Language: "ru"}})
	s.Step, s.Overview.Clinic.Name = kiosk.StepWelcome, "Поликлиника"
	s.Overview.Nearest.Begin = time.Now()
	return s
}

func TestErrorNamesMissingScreen(t *testing.T) {
	p, h, frames := player(t)
	frames <- ui.Frame{State: welcome(), At: time.Now()}
	ctx, cancel := context.WithTimeout(t.Context(), calm*4)
	defer cancel()
	report, err := p.Play(ctx)
	if err == nil || !strings.Contains(err.Error(), "the screen age") {
		t.Errorf("error %v", err)
	}
	if len(h.taps) != 1 || len(report.Steps) != 1 || report.Steps[0].Step != "welcome" {
		t.Errorf("%d taps, steps %v", len(h.taps), report.Steps)
	}
	if _, err := os.Stat(filepath.Join(p.Dir, "01-welcome.png")); err != nil {
		t.Error(err)
	}
}

func TestErrorNamesMissingTarget(t *testing.T) {
	p, h, _ := player(t)
	_, err := p.tap(t.Context(), "cell.", nil)
	if err == nil || !strings.Contains(err.Error(), `"cell."`) || !strings.Contains(err.Error(), "start") {
		t.Errorf("error %v", err)
	}
	if len(h.taps) != 0 {
		t.Error("a tap was sent")
	}
}

func TestTapPrefersMostFreeCells(t *testing.T) {
	p, h, _ := player(t)
	for _, c := range []struct{ free, want string }{
		{"view.open", "view.open"}, {"none", "view.language.en"},
	} {
		h.taps = nil
		if _, err := p.tap(t.Context(), "view.", map[string]int{c.free: 3}); err != nil {
			t.Fatal(err)
		}
		for _, target := range p.Shell.Targets() {
			if x, y := target.Middle(); h.taps[0] == image.Pt(x, y) && target.ID != c.want {
				t.Errorf("%s was tapped, want %s", target.ID, c.want)
			}
		}
	}
	id := uuid.New()
	s := kiosk.State{
		Visit: kiosk.Visit{
			Specialities: []kiosk.Speciality{{Code: "1", Free: 2}},
			Doctors:      []kiosk.Doctor{{GUID: id, Free: 1}},
		},
	}
	if specialities(s)["speciality.1"] != 2 || doctors(s)["doctor."+id.String()] != 1 {
		t.Errorf("%v, %v", specialities(s), doctors(s))
	}
}

func TestRest(t *testing.T) {
	p, _, _ := player(t)
	p.Rest = 50 * time.Millisecond
	if err := p.rest(t.Context(), kiosk.StepWelcome); err != nil {
		t.Fatal(err)
	}
	if r := p.report.Rests; len(r) != 1 || r[0].Step != "welcome" || r[0].Seconds < 0.05 || r[0].PSSMB < 1 ||
		r[0].CPUPercent < 0 {
		t.Errorf("%+v", r)
	}
}

func TestReport(t *testing.T) {
	dir := t.TempDir()
	want := Report{
		FirstFrameMS: 1.5,
		Outcome:      "reserved",
		Print:        "printed",
		Steps:        []Step{{Step: "welcome", Picture: "01-welcome.png"}},
	}
	if err := want.Write(dir); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "walk.json"))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"first_frame_ms", "steps", "reserve_to_paper_ms", "outcome", "print"} {
		if _, ok := fields[name]; !ok {
			t.Errorf("walk.json has no %s", name)
		}
	}
}
