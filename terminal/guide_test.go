package terminal

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/health"
)

const way = "[[way]]\nfloors = [1, 2, 3, 4]\ntext = \"налево от лифта\"\n"

// TestGuideIsReadAgain holds that a guide is picked up when it changes, that a broken one replaces nothing, and that it
// is told of once.
func TestGuideIsReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "guide.toml")
	write := func(text string, at time.Time) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	g := newGuides(file, slog.New(slog.NewTextHandler(&log, nil)))
	if g.inUse() != nil {
		t.Error("a file that is not there is in use")
	}
	begin := time.Now().Add(-time.Hour)
	write(way, begin)
	g.look()
	if got := g.inUse().Way("", 2, "ru"); got != "налево от лифта" {
		t.Fatalf("the way is %q", got)
	}
	for range 3 {
		write(way+"[[way]]\ntext = \"без кабинета\"\n", begin.Add(time.Minute))
		g.look()
	}
	if got := g.inUse().Way("", 2, "ru"); got != "налево от лифта" {
		t.Errorf("a broken file has replaced the guide: %q", got)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	g.look()
	if g.inUse() == nil {
		t.Error("a file that has gone has taken the guide away")
	}
	write(strings.ReplaceAll(way, "налево", "направо"), begin.Add(2*time.Minute))
	g.look()
	if got := g.inUse().Way("", 2, "ru"); got != "направо от лифта" {
		t.Errorf("the mended file is not in use: %q", got)
	}
	if n := strings.Count(log.String(), "names nothing"); n != 1 {
		t.Errorf("the mistake is logged %d times: %s", n, log.String())
	}
}

// TestGuideInTerminal holds that a guide hides other rooms from patients, and that its words are on the paper.
func TestGuideInTerminal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "guide.toml")
	text := "[offer]\nfloors = [2]\n" + way + "[[prepare]]\nspecialities = [\"27\"]\ntext = \"Возьмите полис.\"\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newBrokenWorld(t, func(w *brokenWorld) { w.config.Clinic.Guide = file })
	all, err := w.terminal.store.Snapshot(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	some := 0
	for _, s := range w.terminal.timetable.Specialities(t.Context(), kiosk.AgeAdult) {
		for _, d := range w.terminal.timetable.Doctors(t.Context(), kiosk.AgeAdult, s.Code) {
			some++
			if d.Floor != 2 && d.Free > 0 {
				for _, day := range w.terminal.timetable.Days(t.Context(), d.GUID, false) {
					for _, c := range day.Cells {
						if c.Floor != 2 {
							t.Fatalf("%s on floor %d is offered", c.Room, c.Floor)
						}
					}
				}
			}
		}
	}
	if doctors, _ := all.Count(time.Now()); some == 0 || some >= doctors {
		t.Errorf("%d of %d doctors are offered", some, doctors)
	}
	id := uuid.New()
	state, why := w.terminal.press.Print(t.Context(), kiosk.Paper{
		Operation: id, Job: id, Language: "ru", HoldUntil: time.Now().Add(time.Minute),
		Ticket: kiosk.Ticket{Num: "008", Room: "202", Floor: 2, Speciality: "Терапевт", Begin: time.Now()},
	})
	if state != kiosk.PrintDone {
		t.Fatalf("printed: %v, %s", state, why)
	}
	paper := w.printer.Papers()[0].Text()
	for _, want := range []string{"налево от лифта", "Перед приёмом", "Возьмите полис."} {
		if !strings.Contains(paper, want) {
			t.Errorf("the ticket lacks %q: %s", want, paper)
		}
	}
}

// TestGuideThatOffersNothing holds that watch and diag tell of a guide that fits no room.
func TestGuideThatOffersNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "guide.toml")
	if err := os.WriteFile(file, []byte("[offer]\nrooms = [\"нет такого\"]\nwithout_room = false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newBrokenWorld(t, func(w *brokenWorld) { w.config.Clinic.Guide = file })
	for name, all := range map[string][]health.Finding{"watch": w.watched(), "diag": w.diagnosed()} {
		told := false
		for _, f := range all {
			told = told || f.Part == health.PartTimetable && f.Kind == "not_offered"
		}
		if !told {
			t.Errorf("%s: %+v", name, all)
		}
	}
}
