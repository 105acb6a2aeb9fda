package service

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"infomat/kiosk/desk"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/kiosk/pin"
	"infomat/ui/widgets"
)

// text returns all texts of the page, with normal spaces.
func (h *technician) text() string {
	var all []string
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Text:
			all = append(all, o.Text)
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		}
	}
	look(h.root)
	return strings.ReplaceAll(strings.Join(all, " "), "\u00a0", " ") // ignore where lines may break
}

// shows checks that the page has the given texts.
func (h *technician) shows(words ...string) {
	h.t.Helper()
	h.drain()
	for _, w := range words {
		if text := h.text(); !strings.Contains(text, w) {
			h.t.Errorf("the page %s does not show %q: %q", h.Page(), w, text)
		}
	}
}

func (h *technician) has(id string) bool {
	for _, t := range h.Targets() {
		if t.ID == id {
			return true
		}
	}
	return false
}

func TestRightPINOpensMenu(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(wrongPIN)
	h.shows("PIN-код неверный", "Осталось попыток до паузы: 4")
	h.typePIN(rightPIN)
	if h.Page() != idMenu {
		t.Fatalf("the page is %s", h.Page())
	}
	h.tap("leave")
	if h.Open() || h.window.Content() != h.patient {
		t.Error("the patient's screens are not shown again")
	}
}

// TestKeypadShowsLockout checks that the lockout after five wrong PINs outlasts a restart and that the page shows
// its remaining time.
func TestKeypadShowsLockout(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	for range 5 {
		h.typePIN(wrongPIN)
	}
	h.shows("Следующая — через 0:1")
	h.opts.Lock = &pin.Lock{File: h.opts.Lock.File} // as after a restart of the terminal
	h.tap("leave")
	h.openKeypad()
	h.shows("Следующая — через 0:1")
	if h.keypad.verdict.Status != pin.Waiting {
		t.Fatalf("%+v", h.keypad.verdict)
	}
}

func TestExtraTapsOnKeypadAreDropped(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.drain()      // the condition of the lock is read
	for range 50 { // without waiting for the check of the PIN
		h.digit("7")
	}
	h.drain()
	if h.Page() != idKeypad || h.keypad.verdict.Status != pin.Wrong || h.keypad.verdict.Left != 4 {
		t.Errorf("page %s, %+v: fifty taps should be one attempt", h.Page(), h.keypad.verdict)
	}
	for range 9 {
		h.tap("key.erase")
	}
}

// TestKeyboardOnKeypad checks the keys of a keyboard: they type only while the keypad takes a PIN, and only there.
func TestKeyboardOnKeypad(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			h.keyDown(k, false)
		}
	}
	h.drain() // the condition of the lock is read
	for _, d := range wrongPIN[:4] {
		press(fyne.KeyName(d))
	}
	press(fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyA)
	if got := h.keypad.digits; got != wrongPIN[:2] {
		t.Errorf("typed %q", got)
	}
	press(fyne.KeyEscape)
	if h.Open() {
		t.Fatal("Escape does not close the mode")
	}
	press("1", fyne.KeyBackspace)
	if h.Open() || h.keypad.digits != wrongPIN[:2] {
		t.Errorf("a key on the patient's screens: open %v, %q", h.Open(), h.keypad.digits)
	}
	press(fyne.KeyF12)
	h.drain()
	for range 5 {
		for _, d := range wrongPIN {
			press(fyne.KeyName(d))
		}
		h.drain()
	}
	press("1", "2") // the keypad waits
	if h.keypad.verdict.Status != pin.Waiting || h.keypad.digits != "" {
		t.Errorf("%+v, typed %q", h.keypad.verdict, h.keypad.digits)
	}
}

func TestUnreadablePINFileKeepsModeClosed(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.tap("leave")
	if err := os.WriteFile(h.opts.Lock.File, []byte("908172"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.openKeypad()
	h.shows("не читается", h.opts.Lock.File[:5])
	if err := os.Remove(h.opts.Lock.File); err != nil {
		t.Fatal(err)
	}
	h.tap("leave")
	h.openKeypad()
	h.shows("PIN-код не задан")
	h.digit("1")
	if h.Page() != idKeypad {
		t.Errorf("the page is %s, want the keypad", h.Page())
	}
}

// TestEveryPage draws every page at every size in both languages. It checks that all texts exist, that targets are
// on the screen, and that there is a way back.
func TestEveryPage(t *testing.T) {
	for _, g := range [][2]int{{1080, 1920}, {1920, 1080}, {1280, 1024}} {
		for _, language := range []string{"ru", "en"} {
			h := openMode(t, g[0], g[1], language)
			h.typePIN(rightPIN)
			for _, id := range menu {
				h.openPage(idMenu)
				h.tap("page." + id)
				if text := h.text(); strings.Contains(text, "⟦") || strings.Contains(text, "<no value>") {
					t.Errorf("%v %s: %q", g, id, text)
				}
				for _, target := range h.Targets() {
					if target.X < 0 || target.Y < 0 || target.X+target.W > float32(g[0])+1 || target.Y+target.H > float32(g[1])+1 {
						t.Errorf("%v %s: %s is outside the screen: %+v", g, id, target.ID, target)
					}
				}
				if !h.has("back") {
					t.Errorf("%v %s: no back button", g, id)
				}
				h.tap("back")
			}
		}
	}
}

func TestPrinterPage(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	h.openPage("printer")
	h.shows("Открыта крышка")
	h.tap("printer.ticket")
	h.shows("Пробный талон", "принтер подтвердил")
}

func TestJournalPage(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	var asked []string
	visits := h.opts.Terminal.Visits
	h.opts.Terminal.Visits = func(ctx context.Context, code string, most int) ([]desk.Visit, error) {
		asked = append(asked, code)
		return visits(ctx, code, most)
	}
	h.openPage(idJournal)
	h.tap("search.1")
	h.tap("search.A")
	h.tap("search.erase")
	if got := strings.Join(asked, " "); got != " 1 1A 1" {
		t.Errorf("searched for %q", got)
	}
	h.tap("page.next")
	h.tap("page.prev")
	h.tap("visit.1A2B-0003")
	h.shows("1a2b0003", "забронировано", "cover open")
	h.tap("reprint")
	h.shows("принтер не подтвердил")
	h.opts.Terminal.Visits = func(context.Context, string, int) ([]desk.Visit, error) {
		return nil, errors.New("the disk is gone")
	}
	h.openPage(idJournal)
	h.shows("Журнал не читается", "the disk is gone")
}

// TestSettings checks that a changed setting is undone unless it is confirmed, and that a refused value starts no
// trial.
func TestSettings(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	done := []string{}
	h.opts.Terminal.Keep = func() error { done = append(done, "keep"); return nil }
	h.opts.Terminal.Undo = func() error { done = append(done, "undo"); return nil }
	h.openPage("settings")
	h.tap("setting.printer.baud")
	h.tap("value.115200")
	h.shows("does not answer at this speed")
	if len(done) != 0 || h.settings.trying {
		t.Fatalf("a refused value is on trial: %v", done)
	}
	h.tap("value.19200")
	h.shows("через")
	h.tap("keep")
	h.shows("Сохранено")
	h.tap("value.19200")
	h.tap("undo")
	h.shows("прежнее значение")
	h.tap("value.19200")
	h.tap("leave")
	h.drain()
	if got := strings.Join(done, " "); got != "keep undo undo" {
		t.Errorf("done: %q", got)
	}
}

func TestDeskPage(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	restarted := 0
	h.opts.Terminal.Restart = func() { restarted++ }
	h.openPage("desk")
	h.tap("desk.out.repair")
	h.shows("Запись закрыта: Идёт ремонт")
	h.tap("desk.in")
	h.shows("принимает пациентов")
	h.tap("desk.restart")
	if restarted != 0 {
		t.Error("restarted after one tap")
	}
	h.tap("desk.restart")
	if restarted != 1 {
		t.Errorf("restarted %d times", restarted)
	}
}

func TestReportPage(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	h.openPage("report")
	h.shows("Вставьте флешку")
	h.tap("place./run/infomat-stick")
	h.shows("Отчёт записан", "/run/infomat-stick/infomat-report.html")
	for says, err := range map[string]error{
		"Отчёт не записан: на флешке нет места":        fmt.Errorf("%w: /x", desk.ErrFull),
		"Отчёт не записан: запись на флешку запрещена": fmt.Errorf("%w: /x", desk.ErrReadOnly),
		"Отчёт не записан input/output error":          errors.New("input/output error"),
	} {
		h.opts.Terminal.Report = func(desk.Place) (string, error) { return "", err }
		h.tap("place./run/infomat-stick")
		h.shows(says)
	}
}

// A stick is asked for while the report page is shown, and not a moment longer, however it is left.
func TestAStickIsAskedForOnTheReportPage(t *testing.T) {
	for name, leave := range map[string]func(m *Mode){
		"by going back":       func(m *Mode) { m.back() },
		"by leaving the mode": func(m *Mode) { m.Close() },
		"with the window":     func(m *Mode) { m.End() },
		"to itself":           func(m *Mode) { m.show("report"); m.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			h := openMode(t, 1080, 1920, "ru")
			h.typePIN(rightPIN)
			var asked atomic.Int32
			h.opts.Terminal.Places = func(ctx context.Context, tell func(desk.Places)) {
				asked.Add(1)
				defer asked.Add(-1)
				tell(desk.Places{})
				<-ctx.Done()
			}
			if asked.Load() != 0 {
				t.Fatal("a stick is asked for elsewhere")
			}
			h.show("report")
			for asked.Load() == 0 {
				runtime.Gosched()
			}
			leave(h.Mode)
			h.work.Wait()
			if n := asked.Load(); n != 0 {
				t.Errorf("a stick is still asked for: %d", n)
			}
		})
	}
}

func TestTouchPage(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	h.openPage("touch")
	g := &touchArea{mode: h.Mode}
	press := func(x, y float32) *desktop.MouseEvent {
		return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}}
	}
	g.MouseMoved(press(500, 500)) // no finger is down
	if len(h.touch.painted) != 0 {
		t.Fatal("a mouse without a pressed button paints")
	}
	g.MouseDown(press(10, 10))
	for x := float32(10); x < 300; x += 10 {
		g.MouseMoved(press(x, 10))
	}
	if n := len(h.touch.painted); n < 5 || h.touch.jumps != 0 {
		t.Errorf("painted %d, jumps %d", n, h.touch.jumps)
	}
	g.MouseMoved(press(1000, 1800))
	if h.touch.jumps != 1 {
		t.Errorf("jumps: %d", h.touch.jumps)
	}
	h.stuck(h.touch.touches)
	h.shows("залипло", "Скачков касания: 1")
	g.MouseUp(nil)
	h.touch.stuck = false
	h.stuck(h.touch.touches)
	if h.touch.stuck {
		t.Error("a finished touch is reported as stuck")
	}
}

// TestJudgements checks that the technician's judgement is shown with its date, including one from before the mode
// was opened.
func TestJudgements(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	h.openPage("sound")
	h.shows("Проверено 23.11 09:41: есть неисправность")
	for _, id := range diag.Judged {
		for _, said := range [][2]string{{"judge.fault", ": есть неисправность"}, {"judge.well", ": в порядке"}} {
			h.openPage(string(id))
			h.tap(said[0])
			h.shows("Проверено " + h.opts.Terminal.Judged(id).At.Format("02.01 15:04") + said[1])
			h.Close()
			h.openKeypad()
			h.typePIN(rightPIN)
			h.openPage(string(id))
			h.shows(said[1])
		}
	}
	h.opts.Terminal.Judged, h.opts.Terminal.Judge = nil, nil
	h.openPage("display")
	if h.has("judge.well") {
		t.Error("the judgement is offered although the terminal cannot record it")
	}
}

// TestOlderJudgementIsDropped checks that a late result of askJudged does not replace a newer judgement.
func TestOlderJudgementIsDropped(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	h.openPage("sound")
	h.tap("judge.well")
	h.keepJudged(health.Finding{Part: health.PartSound, Kind: "fault", At: at})
	if f := h.judged[health.PartSound]; f.Kind != "ok" {
		t.Errorf("%+v", f)
	}
}

// TestResultAfterCloseIsDropped checks that the result of work is ignored after the mode has closed.
func TestResultAfterCloseIsDropped(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	wait := make(chan struct{})
	h.opts.Terminal.Print = func(ctx context.Context, _ desk.PrinterTest) health.Finding {
		<-wait
		return health.Finding{Part: health.PartPrint, Kind: "printed", Level: health.OK}
	}
	h.openPage("printer")
	h.testPrinter("ticket")
	h.Close()
	close(wait)
	h.drain()
	if h.Open() || len(h.printer.results) != 0 {
		t.Errorf("open %v, %v", h.Open(), h.printer.results)
	}
}

// TestFindSpeed checks that the speed found is tried like any other setting, and that a speed already set is only
// shown.
func TestFindSpeed(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	h.typePIN(rightPIN)
	h.openPage("printer")
	h.tap("printer.speed")
	h.shows("printer.baud = 19200", "Новое значение уже действует")
	h.tap("keep")
	h.opts.Terminal.FindSpeed = func(context.Context) (string, error) { return "9600", nil }
	h.openPage("printer")
	h.tap("printer.speed")
	h.shows("Скорость 9600 уже верная")
	h.opts.Terminal.FindSpeed = func(context.Context) (string, error) { return "", errors.New("silence") }
	h.openPage("printer")
	h.tap("printer.speed")
	h.shows("Ни на одной скорости", "silence")
	h.tap("setting.printer.port")
}

// TestDigitsAreTypedFast types a PIN with a pause of an eighth of a second between the digits, and presses a button of
// the page after it as fast.
func TestDigitsAreTypedFast(t *testing.T) {
	h := openMode(t, 1080, 1920, "ru")
	press := func(id string) {
		widgets.Buttons(h.root, func(b *widgets.Button, _ fyne.Position) {
			if b.ID == id {
				b.MouseDown(nil)
				b.MouseUp(nil)
				b.Tapped(nil)
			}
		})
		h.drain()
		h.window.Canvas().Capture() // paints
		h.drain()
	}
	rest := func(d time.Duration) {
		for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			h.drain()
		}
	}
	press("none")
	rest(800 * time.Millisecond)
	for _, digit := range rightPIN {
		press("key." + string(digit))
		rest(125 * time.Millisecond)
	}
	if h.Page() != idMenu {
		t.Fatalf("the page is %s after a PIN typed fast", h.Page())
	}
	press("page.desk")
	press("leave") // where it was on the page before
	if h.Page() != idMenu {
		t.Error("a press on a page that has just come acts")
	}
	rest(800 * time.Millisecond)
	if press("page.journal"); h.Page() != idJournal {
		t.Fatalf("a late press opens %s", h.Page())
	}
	press("none")
	rest(800 * time.Millisecond)
	for _, digit := range "2B" { // the bookings below the digits change with each
		press("search." + string(digit))
		rest(125 * time.Millisecond)
	}
	if h.journal.search != "2B" {
		t.Errorf("the code typed fast is %q", h.journal.search)
	}
}
