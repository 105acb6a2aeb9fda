package main_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"infomat/device/escpos"
	"infomat/device/virtual"
)

// TestWalk plays a patient in a real window at each size and in each language.
func TestWalk(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	for _, size := range []string{"1080x1920", "1920x1080", "1280x1024"} {
		for _, language := range []string{"ru", "en"} {
			t.Run(size+" "+language, func(t *testing.T) { walkThrough(t, size, language) })
		}
	}
}

// TestWalkOnSmallPanels plays a patient with larger text on panels on which pages have to be turned.
func TestWalkOnSmallPanels(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	for size, text := range map[string]string{"800x600": "extra", "1024x768": "large"} {
		t.Run(size, func(t *testing.T) { walkThrough(t, size, "ru", "--text", text) })
	}
}

// TestWalkOtherSources plays a patient with each source of the timetable other than the default.
func TestWalkOtherSources(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	for _, source := range []string{"file", "fhir"} {
		t.Run(source, func(t *testing.T) { walkThrough(t, "1080x1920", "ru", "--source", source) })
	}
}

// walkThrough runs a walk and checks the report, the pictures and the ticket.
func walkThrough(t *testing.T, size, language string, more ...string) {
	dir := t.TempDir()
	r := infomat(t, append([]string{"demo", "--walk", dir, "--size", size, "--lang", language}, more...)...)
	if r.code != 0 {
		t.Fatalf("%d %s", r.code, r.err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "walk.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		FirstFrame     float64 `json:"first_frame_ms"`
		ReserveToPaper float64 `json:"reserve_to_paper_ms"`
		Outcome, Print string
		Steps          []struct {
			Step, Picture string
			TapToPaint    float64 `json:"tap_to_paint_ms"`
		}
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	if report.Outcome != "reserved" || report.Print != "printed" || report.FirstFrame <= 0 || report.ReserveToPaper <= 0 {
		t.Errorf("%s", data)
	}
	var steps []string
	for _, s := range report.Steps {
		steps = append(steps, s.Step)
		checkPicture(t, filepath.Join(dir, s.Picture), size)
	}
	if got := strings.Join(steps, " "); got != "welcome age speciality doctor time check reserving ticket" {
		t.Errorf("the steps were %s", got)
	}
	bin, err := os.ReadFile(filepath.Join(dir, "ticket.bin"))
	if err != nil {
		t.Fatal(err)
	}
	profile, err := escpos.ByName("epson")
	if err != nil {
		t.Fatal(err)
	}
	title := map[string]string{"ru": "ТАЛОН № 0", "en": "TICKET 0"}[language]
	if papers := virtual.Interpret(bin, profile); !strings.HasPrefix(string(bin), "\x1b@") ||
		bytes.ContainsRune(bin, 0x10) ||
		len(papers) != 1 ||
		!strings.Contains(papers[0].Text(), title) {
		t.Errorf("%d pieces of paper, want one with %q and no status request: %q", len(papers), title, bin)
	}
	if _, err := os.Stat(filepath.Join(dir, "ticket.png")); err != nil {
		t.Error(err)
	}
}

// checkPicture checks the size of a picture and that it is not blank. It cannot check the layout.
func checkPicture(t *testing.T, name, size string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if got := strings.Join(strings.Fields(strings.Trim(img.Bounds().Size().String(), "()")), ""); strings.ReplaceAll(
		got,
		",",
		"x",
	) != size {
		t.Errorf("%s is %s", name, got)
	}
	colours := map[[3]uint32]int{}
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 3 {
		for x := b.Min.X; x < b.Max.X; x += 3 {
			r, g, bl, _ := img.At(x, y).RGBA()
			colours[[3]uint32{r, g, bl}]++
		}
	}
	if len(colours) < 30 {
		t.Errorf("%s has only %d colours", name, len(colours))
	}
}

// TestTechnician plays a technician who opens the diagnostics mode, enters the PIN and goes through the pages.
func TestTechnician(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	dir := t.TempDir()
	r := infomat(t, "demo", "--technician", dir, "--size", "1280x1024", "--lang", "en")
	if r.code != 0 {
		t.Fatalf("%d %s", r.code, r.err)
	}
	for _, page := range []string{
		"keypad", "menu", "judge-well", "overview", "checks", "registry", "printer", "printer-ticket", "touch", "display",
		"display-ruler", "journal", "desk", "report",
	} {
		checkPicture(t, filepath.Join(dir, "service-"+page+".png"), "1280x1024")
	}
}
