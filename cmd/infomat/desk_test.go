package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/device/escpos"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
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

// deskAt is a terminal's desk with settings on disk and a printer at a port.
func deskAt(t *testing.T, port string) (*desk, *lang.Language) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "infomat.toml")
	text := fmt.Sprintf("[registry]\nurl = \"http://user:secret@127.0.0.1:9\"\nlpu_guid = %q\n[printer]\nport = %q # here\nbaud = 115200\ntimeout = \"3s\"\n[journal]\npath = %q\n",
		uuid.New(), port, filepath.Join(dir, "journal.db"))
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	conf, err := load(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(conf, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.file = file
	t.Cleanup(func() { _ = p.close() })
	words, err := p.languages.Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	return newDesk(p, func() kiosk.State { return kiosk.State{} }), words
}

func settingsOf(t *testing.T, d *desk) string {
	t.Helper()
	data, err := os.ReadFile(d.file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// printed is whether a test ticket comes out of a printer.
func printed(t *testing.T, d *desk, words *lang.Language, on *virtual.Printer) bool {
	t.Helper()
	before := len(on.Papers())
	f := d.test(t.Context(), "ticket", words)
	if f.Level == health.OK && len(on.Papers()) == before {
		return false
	}
	return f.Level == health.OK
}

func TestATrialIsKeptOrUndone(t *testing.T) {
	first, second := printerInSoftware(t), printerInSoftware(t)
	d, words := deskAt(t, first.Path())
	original := settingsOf(t, d)
	if !printed(t, d, words, first) {
		t.Fatal("nothing is printed to begin with")
	}
	if err := d.change("printer.port", second.Path()); err != nil {
		t.Fatal(err)
	}
	if !printed(t, d, words, second) || !strings.Contains(settingsOf(t, d), second.Path()) {
		t.Error("the new port is not in use, or not in the file")
	}
	if err := d.undo(); err != nil {
		t.Fatal(err)
	}
	if !printed(t, d, words, first) || settingsOf(t, d) != original {
		t.Errorf("not undone:\n%s", settingsOf(t, d))
	}
	if err := d.change("printer.port", second.Path()); err != nil {
		t.Fatal(err)
	}
	if err := d.keep(); err != nil {
		t.Fatal(err)
	}
	if undone, err := undoTrial(d.file); undone || err != nil {
		t.Errorf("what was kept is undone by a restart: %v, %v", undone, err)
	}
	if err := d.undo(); err != nil || !strings.Contains(settingsOf(t, d), second.Path()+`"  # here`) {
		t.Errorf("%v\n%s", err, settingsOf(t, d))
	}
}

// A change that breaks the settings is not tried; one that nobody confirms before the power goes is undone at the next start.
func TestATrialThatBreaksSomething(t *testing.T) {
	d, _ := deskAt(t, printerInSoftware(t).Path())
	original := settingsOf(t, d)
	for key, value := range map[string]string{"registry.url": "registry", "printer.profile": "no-such", "printer.baud": "1", "printer.port": "virtual", "printer.colour": "red"} {
		if err := d.change(key, value); err == nil {
			t.Errorf("%s = %s is tried", key, value)
		}
		if _, err := os.Stat(beforeFile(d.file)); err == nil || settingsOf(t, d) != original {
			t.Errorf("%s = %s left its traces", key, value)
		}
	}
	if err := d.change("printer.baud", "9600"); err != nil {
		t.Fatal(err)
	}
	undone, err := undoTrial(d.file) // the next start
	if err != nil || !undone || settingsOf(t, d) != original {
		t.Errorf("%v, %v\n%s", undone, err, settingsOf(t, d))
	}
}

func TestSettingsAreShownWithoutSecrets(t *testing.T) {
	port := printerInSoftware(t).Path()
	d, _ := deskAt(t, port)
	all, err := d.settingLines()
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
	if found["registry.url"] != "http://***@127.0.0.1:9" || found["printer.baud"] != "115200" || found["screen.idle"] != "90s" {
		t.Errorf("%v", found)
	}
}

func TestFindSpeedLeavesTheLineAsItWas(t *testing.T) {
	v := printerInSoftware(t)
	d, words := deskAt(t, v.Path())
	speed, err := d.findSpeed(t.Context())
	if err != nil || speed != "9600" { // a pseudo-terminal answers at any speed, so at the first
		t.Errorf("%q, %v", speed, err)
	}
	if d.paper.Load().device.Baud != 115200 || !printed(t, d, words, v) {
		t.Error("the line is not as it was")
	}
	v.SetFault(virtual.Silent)
	if speed, err := d.findSpeed(t.Context()); err == nil {
		t.Errorf("a printer that is switched off answers at %s", speed)
	}
}

func TestPrinterTests(t *testing.T) {
	v := printerInSoftware(t)
	d, words := deskAt(t, v.Path())
	for _, what := range d.printerTests() {
		if f := d.test(t.Context(), what, words); f.Level != health.OK || strings.Contains(f.Say(words), "⟦") {
			t.Errorf("%s: %+v", what, f)
		}
	}
	v.SetFault(virtual.CoverOpen)
	if f := d.test(t.Context(), "ticket", words); f.Level != health.Failure || f.Kind != "failed" {
		t.Errorf("%+v", f)
	}
}

// The copy of a booking is marked, is in the journal before it is on paper, and is refused when the hold is over.
func TestReprint(t *testing.T) {
	v := printerInSoftware(t)
	d, _ := deskAt(t, v.Path())
	record := func(until time.Time) kiosk.Record {
		r := kiosk.Record{Operation: uuid.New(), Stage: kiosk.StageConfirmed, At: time.Now(), Num: "042", Room: "314", Ticket: uuid.New(), HoldUntil: until, Begin: time.Now().Add(time.Hour)}
		if err := d.journal.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	held, over := record(time.Now().Add(5*time.Minute)), record(time.Now().Add(-time.Minute))
	if f := d.reprint(t.Context(), held.Operation.String()); f.Kind != "printed" {
		t.Fatalf("%+v", f)
	}
	if papers := v.Papers(); len(papers) != 1 || !strings.Contains(papers[0].Text(), "КОПИЯ") || !strings.Contains(papers[0].Text(), "042") {
		t.Errorf("%v", papers)
	}
	for _, operation := range []string{over.Operation.String(), uuid.NewString()} {
		if f := d.reprint(t.Context(), operation); f.Kind != "failed" {
			t.Errorf("%+v", f)
		}
	}
	visits, err := d.visits(t.Context(), strings.ReplaceAll(kiosk.Code(held.Operation), "-", ""), 10)
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
	for _, r := range d.journal.Unfinished() {
		if r.Operation == held.Operation {
			t.Errorf("the reprint left the booking unfinished: %+v", r)
		}
	}
}

func TestBookingClosedByHandOutlivesARestart(t *testing.T) {
	d, _ := deskAt(t, printerInSoftware(t).Path())
	if d.lookAtOperator().Closes != "" {
		t.Fatal("closed to begin with")
	}
	d.setService("repair")
	again := &parts{config: d.config}
	if again.outOfService() != "repair" || again.lookAtOperator().Closes != kiosk.ReasonByHand {
		t.Errorf("after a restart: %q", again.outOfService())
	}
	d.setService("")
	d.setService("")
	if again.lookAtOperator().Closes != "" {
		t.Error("still closed")
	}
}

// What was found last is known after a restart; a file that cannot be read is no reason not to start.
func TestLastResultsOutliveARestart(t *testing.T) {
	d, _ := deskAt(t, printerInSoftware(t).Path())
	d.check(t.Context(), []health.Part{health.PartPrinter, health.PartPIN}, func(health.Finding) {})
	again := newDesk(d.parts, d.state)
	if f := again.found[health.PartPrinter]; f.Kind != "ok" || f.At.IsZero() || len(again.found) != 2 {
		t.Errorf("%+v", again.found)
	}
	if err := os.WriteFile(d.foundFile(), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := newDesk(d.parts, d.state); len(again.found) != 0 {
		t.Errorf("%+v", again.found)
	}
}

// What a technician says of a thing outlives a restart beside what the checks found, is in the journal, the overview and the report, and says nothing
// of whether the terminal can serve.
func TestJudgementsAreKept(t *testing.T) {
	d, words := deskAt(t, printerInSoftware(t).Path())
	d.judge(health.PartTouch, false)
	d.judge(health.PartSound, true)
	if n := <-d.life.notes; n.kind != journal.KindOperator || n.note.Subject != string(health.PartTouch) || n.note.State != "fault" {
		t.Errorf("the journal is told %+v", n)
	}
	again := newDesk(d.parts, d.state)
	if f := again.judged(health.PartTouch); f.Kind != "fault" || f.At.IsZero() {
		t.Errorf("after a restart: %+v", again.found)
	}
	if f := again.judged(health.PartDisplay); !f.At.IsZero() {
		t.Errorf("nobody has judged the display: %+v", f)
	}
	name, err := again.writeReport(t.TempDir(), words)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"Касания", "Техник заметил изъян", "сигнал слышно", "Имя сервера"} {
		if !strings.Contains(string(page), w) {
			t.Errorf("the report does not say %q", w)
		}
	}
	data, err := os.ReadFile(strings.TrimSuffix(name, ".html") + ".json")
	if err != nil || !strings.Contains(string(data), `"check":"touch","finding":"fault"`) {
		t.Errorf("%v\n%s", err, data)
	}
	if r := d.latest(diag.Judged); !r.CanServe || r.Worst() != health.Warning {
		t.Errorf("%+v", r)
	}
}

func TestReportFiles(t *testing.T) {
	d, words := deskAt(t, printerInSoftware(t).Path())
	d.found[health.PartPrinter] = health.Finding{Part: health.PartPrinter, Kind: "cover", Level: health.Failure}
	dir := filepath.Join(t.TempDir(), "stick")
	name, err := d.writeReport(dir, words)
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
	if _, err := d.writeReport(file, words); err == nil {
		t.Error("written into a file as if it were a folder")
	}
}
