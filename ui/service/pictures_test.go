package service

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"infomat/assets/lang"
	"infomat/kiosk/desk"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/kiosk/pin"
	"infomat/ui/theme"
)

var (
	picturesDir  = flag.String("pictures", "", "write a picture of every page to this folder")
	picturesSize = flag.String("size", "1080x1920", "size of the pictures in pixels")
	picturesLang = flag.String("lang", "ru", "language of the pictures")
)

// A PIN, and one that differs in its last digit.
var (
	rightPIN = pin.Random()
	wrongPIN = rightPIN[:pin.Digits-1] + string('0'+(rightPIN[pin.Digits-1]-'0'+1)%10)
)

var at = time.Date(2026, 11, 23, 9, 41, 7, 0, time.UTC)

// terminal returns a fake terminal with content for every page.
func terminal() desk.Terminal {
	found := []health.Finding{
		{Part: health.PartConfig, Kind: "ok", Level: health.OK},
		{Part: health.PartDisk, Kind: "low", Level: health.Warning, Data: map[string]any{"FreeMB": 312}},
		{Part: health.PartJournal, Kind: "ok", Level: health.OK, Data: map[string]any{"Records": 41230, "Unfinished": 1}},
		{
			Part: health.PartDNS, Kind: "ok", Level: health.OK,
			Data: map[string]any{"Host": "registry.example", "Addresses": 2}, TookMS: 12,
		},
		{Part: health.PartTCP, Kind: "ok", Level: health.OK, Data: map[string]any{"Address": "192.0.2.10:443"}, TookMS: 31},
		{
			Part: health.PartTLS, Kind: "untrusted", Level: health.Failure,
			Data: map[string]any{"Fingerprint": "3A:91:0C:5E:77:B2:D4:08"}, TookMS: 48,
		},
		{Part: health.PartHTTP, Kind: "skipped", Level: health.Skipped},
		{Part: health.PartAccess, Kind: "skipped", Level: health.Skipped},
		{Part: health.PartClock, Kind: "unsynced", Level: health.Warning},
		{Part: health.PartTimetable, Kind: "skipped", Level: health.Skipped},
		{Part: health.PartPrinter, Kind: "cover", Level: health.Failure},
		{Part: health.PartPIN, Kind: "ok", Level: health.OK},
	}
	story := []desk.Event{
		{At: at, Stage: "INTENT"},
		{At: at.Add(time.Millisecond), Stage: "SENT"},
		{At: at.Add(time.Second), Stage: "CONFIRMED"},
		{At: at.Add(2 * time.Second), Stage: "PRINT_FAILED", More: "the printer is not ready: cover open"},
	}
	var visits []desk.Visit
	for n := range 25 {
		visits = append(
			visits,
			desk.Visit{
				Operation: fmt.Sprintf("1a2b%04d-aaaa-4bbb-8ccc-000000000000", n),
				Code:      fmt.Sprintf("1A2B-%04d", n),
				At:        at,
				Stage:     "PRINT_FAILED",
				CanPrint:  true,
				Story:     story,
			},
		)
	}
	settings := []desk.Setting{
		{Key: "registry.url", Value: "https://registry.example/api/v2"},
		{Key: "registry.auth.token_file", Value: "***"},
		{Key: "printer.baud", Value: "9600", Choices: []desk.Choice{{Value: "9600"}, {Value: "19200"}, {Value: "115200"}}},
		{Key: "printer.port", Value: "/dev/ttyUSB0", Choices: []desk.Choice{{Value: "/dev/ttyUSB0"}}},
		{Key: "screen.low", Value: "false", Choices: []desk.Choice{{Value: "false"}, {Value: "true"}}},
	}
	judged := map[health.Part]health.Finding{
		health.PartSound: {Part: health.PartSound, Kind: "fault", Level: health.Warning, At: at},
	}
	out := ""
	return desk.Terminal{
		Facts: func(context.Context) []desk.Fact {
			return []desk.Fact{
				{Name: "service", Value: "Закрыта с 09:12: нет свежего расписания", Level: health.Failure},
				{Name: "version", Value: "0.1.0"},
				{Name: "addresses", Value: "192.0.2.17"},
				{Name: "uptime", Value: "12 д 4 ч"},
			}
		},
		Check: func(_ context.Context, names []health.Part, tell func(health.Finding)) {
			for _, f := range found {
				if len(names) == 0 || slices.Contains(names, f.Part) {
					tell(f)
				}
			}
		},
		Judged: func(check health.Part) health.Finding { return judged[check] },
		Judge: func(check health.Part, well bool) health.Finding {
			judged[check] = diag.Judgement(check, well)
			return judged[check]
		},
		Scans: func(_ context.Context, tell func(desk.Scan)) {
			tell(desk.Scan{At: at, Form: "cut", Length: 9})
			tell(desk.Scan{At: at, Form: "none", Length: 13})
			tell(desk.Scan{At: at, Form: "digits", Length: 16, Masked: "•••• •••• •••• ••12"})
		},
		PrinterTests: []desk.PrinterTest{
			desk.TestTicket, desk.TestPages, desk.TestSelf, desk.TestFeed, desk.TestCut, desk.TestReset,
		},
		Print: func(context.Context, desk.PrinterTest) health.Finding {
			return health.Finding{Part: health.PartPrint, Kind: "printed", Level: health.OK}
		},
		Settings:  func() ([]desk.Setting, error) { return settings, nil },
		FindSpeed: func(context.Context) (string, error) { return "19200", nil },
		Change: func(key, value string) error {
			for i := range settings {
				if settings[i].Key == key && value == "115200" {
					return errors.New("the printer does not answer at this speed")
				}
			}
			return nil
		},
		Keep: func() error { return nil }, Undo: func() error { return nil },
		Visits: func(_ context.Context, begin string, _ int) (found []desk.Visit, err error) {
			for _, v := range visits {
				if strings.HasPrefix(v.Code, begin) {
					found = append(found, v)
				}
			}
			return found, nil
		},
		Reprint: func(context.Context, string) health.Finding {
			return health.Finding{Part: health.PartPrint, Kind: "unknown", Level: health.Warning}
		},
		OutOfService: func() string { return out }, SetService: func(r string) { out = r }, Restart: func() {},
		Leave: func() {},
		Places: func(_ context.Context, tell func(desk.Places)) {
			tell(desk.Places{Sticks: true, All: []desk.Place{
				{Folder: "/run/infomat-stick", Label: "Флешка"},
				{Folder: "/var/lib/infomat/reports", Label: "Папка терминала"},
			}})
		},
		Report: func(p desk.Place) (string, error) { return filepath.Join(p.Folder, "infomat-report.html"), nil },
		Sound:  func(context.Context) error { return nil },
	}
}

// openMode opens the mode by the gesture in a window of the given size. The test's goroutine is the screen's
// thread.
func openMode(t *testing.T, width, height int, language string) *technician {
	t.Helper()
	test.NewTempApp(t)
	languages, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	l, err := languages.Language(language)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pin")
	if err := pin.Set(file, rightPIN); err != nil {
		t.Fatal(err)
	}
	w := test.NewTempWindow(t, canvas.NewRectangle(color.Black))
	w.SetPadded(false)
	h := &technician{t: t, window: w, queue: make(chan func(), 1000)}
	h.Mode = Attach(
		w,
		Options{
			PanelMM:  theme.PanelMM(width, height),
			Lang:     l,
			Lock:     &pin.Lock{File: file},
			Terminal: terminal(),
			Do:       func(f func()) { h.queue <- f },
		},
	)
	w.Resize(fyne.NewSize(float32(width), float32(height)))
	for range cornerTaps {
		test.TapCanvas(w.Canvas(), fyne.NewPos(20, 20))
	}
	if h.Page() != idKeypad {
		t.Fatalf("the gesture opened %q, want the keypad", h.Page())
	}
	t.Cleanup(func() { h.Close(); h.drain() })
	return h
}

// technician taps buttons and waits until the work started by a tap has ended.
type technician struct {
	*Mode
	t      *testing.T
	window fyne.Window
	queue  chan func() // functions to run on the screen's thread, which is the test's goroutine
}

// drain waits until all work has ended and runs the queued functions, including those that they start.
func (h *technician) drain() {
	h.t.Helper()
	for {
		h.work.Wait()
		select {
		case f := <-h.queue:
			f()
		default:
			return
		}
	}
}

// tap taps the centre of a button.
func (h *technician) tap(id string) {
	h.t.Helper()
	h.drain()
	for _, target := range h.Targets() {
		if target.ID == id {
			test.TapCanvas(h.window.Canvas(), fyne.NewPos(target.X+target.W/2, target.Y+target.H/2))
			h.drain()
			return
		}
	}
	h.t.Fatalf("no button %s on the page %s: %v", id, h.Page(), h.Targets())
}

func (h *technician) typePIN(digits string) {
	h.t.Helper()
	for _, d := range digits {
		h.tap("key." + string(d))
	}
}

// openPage opens a page of the menu.
func (h *technician) openPage(id string) {
	h.show(id)
	h.drain()
}

// TestPictures writes a picture of every page for visual inspection; it checks nothing. Run it with go test -tags
// … ./ui/service -run Pictures -pictures DIR.
func TestPictures(t *testing.T) {
	if *picturesDir == "" {
		t.Skip("no folder given with -pictures")
	}
	var width, height int
	if _, err := fmt.Sscanf(*picturesSize, "%dx%d", &width, &height); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(*picturesDir, 0o755); err != nil {
		t.Fatal(err)
	}
	h := openMode(t, width, height, *picturesLang)
	keep := func(name string) {
		f, err := os.Create(filepath.Join(*picturesDir, name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, h.window.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
	}
	h.tap("key.1")
	keep("keypad")
	h.tap("key.erase")
	h.typePIN(rightPIN)
	keep("menu")
	for _, id := range menu {
		h.tap("page." + id)
		keep(id)
		h.openPage(idMenu)
	}
	for _, way := range [][]string{
		{"display", "display.colours"},
		{"display", "display.ruler"},
		{idJournal, "visit.1A2B-0003"},
		{"settings", "setting.printer.baud"},
	} {
		h.openPage(way[0])
		h.tap(way[1])
		keep(h.Page())
	}
	h.tap("value.19200")
	keep("setting-trying")
}
