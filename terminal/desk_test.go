package terminal

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/device/escpos"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/desk"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/terminal/checks"
)

func printerInSoftware(t *testing.T) *virtual.Printer {
	t.Helper()
	pr, err := escpos.ByName("epson")
	if err != nil {
		t.Fatal(err)
	}
	v, err := virtual.Start(virtual.Options{Profile: pr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

// deskTest is a terminal as the diagnostics mode sees it, with settings on disk and a printer at a port.
type deskTest struct {
	desk.Terminal
	terminal *Terminal
	words    *lang.Language
	file     string
}

func deskAt(t *testing.T, port string) *deskTest {
	t.Helper()
	dir := t.TempDir()
	d := &deskTest{file: filepath.Join(dir, "infomat.toml")}
	text := fmt.Sprintf(
		"[registry]\nurl = \"http://user:secret@127.0.0.1:9\"\nlpu_guid = %q\n[printer]\nport = %q # here\n"+
			"baud = 115200\ntimeout = \"3s\"\n[journal]\npath = %q\n",
		uuid.New(),
		port,
		filepath.Join(dir, "journal.db"),
	)
	if err := os.WriteFile(d.file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	d.open(t)
	t.Cleanup(func() { _ = d.terminal.Close() })
	return d
}

// open starts the terminal, without what runs in its background.
func (d *deskTest) open(t *testing.T) {
	t.Helper()
	conf, err := config.Load(d.file)
	if err != nil {
		t.Fatal(err)
	}
	if d.terminal, err = New(Options{Config: conf, File: d.file, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	d.Terminal, d.words = d.terminal.Desk(func() kiosk.State { return kiosk.State{} })
}

// again ends the terminal and starts it once more.
func (d *deskTest) again(t *testing.T) {
	t.Helper()
	if err := d.terminal.Close(); err != nil {
		t.Fatal(err)
	}
	d.open(t)
}

func settingsOf(t *testing.T, d *deskTest) string {
	t.Helper()
	data, err := os.ReadFile(d.file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// changed returns the overlay of the settings; "" where there is none.
func changed(t *testing.T, d *deskTest) string {
	t.Helper()
	data, err := os.ReadFile(overlayOf(d))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(data)
}

func overlayOf(d *deskTest) string { return d.terminal.settings.inUse().Overlay.File }

// printed is whether a test ticket comes out of a printer.
func printed(t *testing.T, d *deskTest, on *virtual.Printer) bool {
	t.Helper()
	before := len(on.Papers())
	f := d.Print(t.Context(), desk.TestTicket)
	if f.Level == health.OK && len(on.Papers()) == before {
		return false
	}
	return f.Level == health.OK
}

// portTold returns the port that the finding of the printer's check names.
func portTold(t *testing.T, d *deskTest) (port string) {
	t.Helper()
	d.Check(t.Context(), []health.Part{health.PartPrinter}, func(f health.Finding) { port = fmt.Sprint(f.Data["Port"]) })
	return port
}

func TestATrialIsKeptOrUndone(t *testing.T) {
	first, second := printerInSoftware(t), printerInSoftware(t)
	d := deskAt(t, first.Path())
	original := settingsOf(t, d)
	if !printed(t, d, first) {
		t.Fatal("nothing is printed to begin with")
	}
	if err := d.Change("printer.port", second.Path()); err != nil {
		t.Fatal(err)
	}
	if !printed(t, d, second) || !strings.Contains(changed(t, d), second.Path()) || portTold(t, d) != second.Path() {
		t.Error("the new port is not in use, not on disk, or not told")
	}
	if err := d.Undo(); err != nil {
		t.Fatal(err)
	}
	if !printed(t, d, first) || portTold(t, d) != first.Path() || changed(t, d) != "" {
		t.Errorf("not undone:\n%s", changed(t, d))
	}
	if err := d.Change("printer.port", second.Path()); err != nil {
		t.Fatal(err)
	}
	if err := d.Keep(); err != nil {
		t.Fatal(err)
	}
	if port := portTold(t, d); port != second.Path() {
		t.Errorf("after it was kept diagnostics names the port %s", port)
	}
	if undone, err := UndoTrial(overlayOf(d)); undone || err != nil {
		t.Errorf("what was kept is undone by a restart: %v, %v", undone, err)
	}
	if err := d.Undo(); err != nil || !strings.Contains(changed(t, d), second.Path()) {
		t.Errorf("%v\n%s", err, changed(t, d))
	}
	if settingsOf(t, d) != original {
		t.Error("the settings file, which is root's, was changed")
	}
	c, err := config.Load(d.file)
	if err != nil || c.Printer.Port != second.Path() {
		t.Errorf("what was kept is not read: %v, %s", err, c.Printer.Port)
	}
}

// A change that breaks the settings, or is not the screen's to make, is not tried; one that nobody confirms before the
// power goes is undone at the next start.
func TestATrialThatBreaksSomething(t *testing.T) {
	d := deskAt(t, printerInSoftware(t).Path())
	for key, value := range map[string]string{
		"registry.url": "https://registry.example", "printer.profile": "no-such", "printer.baud": "1",
		"printer.port":   "virtual",
		"printer.colour": "red", "log.file": "/etc/shadow",
	} {
		if err := d.Change(key, value); err == nil {
			t.Errorf("%s = %s is tried", key, value)
		}
		if _, err := os.Stat(beforeFile(overlayOf(d))); err == nil || changed(t, d) != "" {
			t.Errorf("%s = %s left its traces", key, value)
		}
	}
	if err := d.Change("printer.baud", "9600"); err != nil {
		t.Fatal(err)
	}
	c, undone, problem, err := StartSettings(d.file) // the next start
	if err != nil || !undone || problem != nil || c.Printer.Baud != 115200 || changed(t, d) != "" {
		t.Errorf("%d, %v, %v, %v\n%s", c.Printer.Baud, undone, problem, err, changed(t, d))
	}
}

// An overlay that cannot be used does not keep a technician from changing a setting.
func TestATrialOverABrokenOverlay(t *testing.T) {
	d := deskAt(t, printerInSoftware(t).Path())
	const broken = "[log]\nfile = \"/etc/shadow\"\n"
	if err := os.WriteFile(overlayOf(d), []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	d.again(t)
	var told health.Finding
	d.Check(t.Context(), []health.Part{health.PartConfig}, func(f health.Finding) {
		if f.Kind == "screen_changes" {
			told = f
		}
	})
	if told.Level != health.Warning || !strings.Contains(told.Detail, ":1: log") {
		t.Errorf("%+v", told)
	}
	if err := d.Change("printer.baud", "9600"); err != nil {
		t.Fatal(err)
	}
	if err := d.Undo(); err != nil || changed(t, d) != broken {
		t.Errorf("%v, %q", err, changed(t, d))
	}
	if err := d.Change("printer.baud", "9600"); err != nil {
		t.Fatal(err)
	}
	if err := d.Keep(); err != nil {
		t.Fatal(err)
	}
	if c, err := config.Load(d.file); err != nil || c.Overlay.Err != nil || c.Printer.Baud != 9600 {
		t.Errorf("%v, %v, %d", err, c.Overlay.Err, c.Printer.Baud)
	}
}

// What the pages offer to change is what the overlay may hold.
func TestThePagesOfferWhatTheOverlayMayHold(t *testing.T) {
	d := deskAt(t, printerInSoftware(t).Path())
	all, err := d.Settings()
	if err != nil {
		t.Fatal(err)
	}
	var offered []string
	for _, s := range all {
		if len(s.Choices) > 0 {
			offered = append(offered, s.Key)
		}
	}
	slices.Sort(offered)
	want := config.Changeable()
	slices.Sort(want)
	if !slices.Equal(offered, want) {
		t.Errorf("offered: %v, allowed: %v", offered, want)
	}
}

func TestSettingsAreShownWithoutSecrets(t *testing.T) {
	port := printerInSoftware(t).Path()
	d := deskAt(t, port)
	text := settingsOf(t, d) + "[registry.auth]\nclient_application = \"" + uuid.NewString() + "\"\n"
	if err := os.WriteFile(d.file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	all, err := d.Settings()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, s := range all {
		found[s.Key] = s.Value
		if s.Key == "printer.port" && (len(s.Choices) == 0 || s.Choices[0].Value != port) {
			t.Errorf("%+v", s.Choices)
		}
	}
	if found["registry.auth.client_application"] != "***" || found["registry.url"] != "http://***@127.0.0.1:9" ||
		found["printer.baud"] != "115200" ||
		found["screen.idle"] != "90s" {
		t.Errorf("%v", found)
	}
}

func TestFindSpeedLeavesTheLineAsItWas(t *testing.T) {
	t.Parallel()
	v := printerInSoftware(t)
	d := deskAt(t, v.Path())
	speed, err := d.FindSpeed(t.Context())
	if err != nil || speed != "9600" { // a pseudo-terminal answers at any speed, so at the first
		t.Errorf("%q, %v", speed, err)
	}
	if d.terminal.press.paper.Load().device.Baud != 115200 || !printed(t, d, v) {
		t.Error("the line is not as it was")
	}
	v.SetFault(virtual.Silent)
	if speed, err := d.FindSpeed(t.Context()); err == nil {
		t.Errorf("a printer that is switched off answers at %s", speed)
	}
}

func TestPrinterTests(t *testing.T) {
	v := printerInSoftware(t)
	d := deskAt(t, v.Path())
	for _, what := range d.PrinterTests {
		if f := d.Print(t.Context(), what); f.Level != health.OK || strings.Contains(f.Say(d.words), "⟦") {
			t.Errorf("%s: %+v", what, f)
		}
	}
	v.SetFault(virtual.CoverOpen)
	if f := d.Print(t.Context(), desk.TestTicket); f.Level != health.Failure || f.Kind != "failed" {
		t.Errorf("%+v", f)
	}
}

// The copy of a booking is marked, is in the journal before it is on paper, and is refused when the hold is over.
func TestReprint(t *testing.T) {
	v := printerInSoftware(t)
	d := deskAt(t, v.Path())
	record := func(until time.Time) kiosk.Record {
		r := kiosk.Record{
			Operation: uuid.New(),
			Stage:     kiosk.StageConfirmed,
			At:        time.Now(),
			Num:       "042",
			Room:      "314",
			Ticket:    uuid.New(),
			HoldUntil: until,
			Begin:     time.Now().Add(time.Hour),
		}
		if err := d.terminal.journal.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	held, over := record(time.Now().Add(5*time.Minute)), record(time.Now().Add(-time.Minute))
	if f := d.Reprint(t.Context(), held.Operation.String()); f.Kind != "printed" {
		t.Fatalf("%+v", f)
	}
	if papers := v.Papers(); len(papers) != 1 || !strings.Contains(papers[0].Text(), "КОПИЯ") ||
		!strings.Contains(papers[0].Text(), "042") {
		t.Errorf("%v", papers)
	}
	for _, operation := range []string{over.Operation.String(), uuid.NewString()} {
		if f := d.Reprint(t.Context(), operation); f.Kind != "failed" {
			t.Errorf("%+v", f)
		}
	}
	visits, err := d.Visits(t.Context(), strings.ReplaceAll(kiosk.Code(held.Operation), "-", ""), 10)
	if err != nil || len(visits) != 1 {
		t.Fatalf("%v, %v", visits, err)
	}
	var stages []string
	for _, e := range visits[0].Story {
		stages = append(stages, e.Stage)
	}
	if got := strings.Join(stages, " "); got != "CONFIRMED PRINTING PRINTED DONE" {
		t.Errorf("the story is %s", got)
	}
	for _, r := range d.terminal.journal.Unfinished() {
		if r.Operation == held.Operation {
			t.Errorf("the reprint left the booking unfinished: %+v", r)
		}
	}
}

func TestBookingClosedByHandOutlivesARestart(t *testing.T) {
	d := deskAt(t, printerInSoftware(t).Path())
	closes := func() kiosk.Reason { return checks.Operator(d.terminal.operator.file).Closes }
	if closes() != "" {
		t.Fatal("closed to begin with")
	}
	d.SetService("repair")
	d.again(t)
	if d.OutOfService() != "repair" || closes() != kiosk.ReasonRepair {
		t.Errorf("after a restart: %q", d.OutOfService())
	}
	d.SetService("")
	d.SetService("")
	if closes() != "" {
		t.Error("still closed")
	}
}

// What was found last is known after a restart; a file that cannot be read is no reason not to start.
func TestLastResultsOutliveARestart(t *testing.T) {
	d := deskAt(t, printerInSoftware(t).Path())
	d.Check(t.Context(), []health.Part{health.PartPrinter, health.PartPIN}, func(health.Finding) {})
	d.again(t)
	if f := d.Judged(health.PartPrinter); f.Kind != "ok" || f.At.IsZero() {
		t.Errorf("%+v", f)
	}
	if f := d.Judged(health.PartTimetable); f.Kind != "" {
		t.Errorf("a part that was not checked: %+v", f)
	}
	if err := os.WriteFile(d.terminal.besideJournal("checks.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.again(t)
	if f := d.Judged(health.PartPrinter); f.Kind != "" {
		t.Errorf("%+v", f)
	}
}

// What a technician says of a thing outlives a restart beside what the checks found, is in the journal, the
// overview and the report, and says nothing of whether the terminal can serve.
func TestJudgementsAreKept(t *testing.T) {
	d := deskAt(t, printerInSoftware(t).Path())
	d.Judge(health.PartTouch, false)
	d.Judge(health.PartSound, true)
	n := <-d.terminal.notes.pending
	if n.kind != journal.KindOperator || n.note.Subject != string(health.PartTouch) || n.note.State != "fault" {
		t.Errorf("the journal is told %+v", n)
	}
	d.again(t)
	if f := d.Judged(health.PartTouch); f.Kind != "fault" || f.At.IsZero() {
		t.Errorf("after a restart: %+v", f)
	}
	if f := d.Judged(health.PartDisplay); !f.At.IsZero() {
		t.Errorf("nobody has judged the display: %+v", f)
	}
	name, err := d.Report(desk.Place{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"Касания", "Техник заметил неисправность", "сигнал слышно", "Имя сервера"} {
		if !strings.Contains(string(page), w) {
			t.Errorf("the report does not say %q", w)
		}
	}
	data, err := os.ReadFile(strings.TrimSuffix(name, ".html") + ".json")
	if err != nil || !strings.Contains(string(data), `"check":"touch","finding":"fault"`) {
		t.Errorf("%v\n%s", err, data)
	}
	if r := newResults(d.terminal.besideJournal("checks.json"), d.terminal.log).report(diag.Judged); !r.CanServe ||
		r.Worst() != health.Warning {
		t.Errorf("%+v", r)
	}
}

func TestReportFiles(t *testing.T) {
	d := deskAt(t, printerInSoftware(t).Path())
	r := newResults(d.terminal.besideJournal("checks.json"), d.terminal.log)
	r.add(health.New(health.PartPrinter, "cover"))
	r.save()
	d.again(t)
	dir := filepath.Join(t.TempDir(), "stick")
	name, err := d.Report(desk.Place{Folder: dir})
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(page), "Открыта крышка") {
		t.Errorf("%v\n%s", err, page)
	}
	if _, err := os.Stat(strings.TrimSuffix(name, ".html") + ".json"); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Report(desk.Place{Folder: file}); err == nil {
		t.Error("written into a file as if it were a folder")
	}
}
