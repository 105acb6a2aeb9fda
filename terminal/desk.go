package terminal

import (
	"context"

	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// Desk returns the running terminal as the diagnostics mode needs it, with the language of its pages. State returns
// what is on the screen.
func (t *Terminal) Desk(state func() kiosk.State) (desk.Terminal, *lang.Language) {
	words := t.languages.language(t.settings.inUse().Screen.Language)
	clinic := func() string { return state().Overview.Clinic.Name }
	r := newResults(t.besideJournal("checks.json"), t.log)
	c := &checker{results: r, settings: t.settings.inUse, printer: t.lookAtPrinter, scanner: t.lookAtScanner}
	f := &overview{watch: t.watch.Snapshot, store: t.store, results: r, clinic: clinic, settings: t.settings.inUse}
	p := &printTests{press: t.press, settings: t.settings.inUse, note: t.notes.add}
	copies := &reprinter{
		journal: t.journal.Path(), records: &records{journal: t.journal, report: t.report}, print: t.press.Print,
		language: func() string { return t.settings.inUse().Screen.Language }, clinic: clinic, log: t.log,
	}
	reports := newReports(r, c.check, t.besideJournal("reports"), t.log)
	d := desk.Terminal{
		Facts:        func(context.Context) []desk.Fact { return f.facts(words) },
		Check:        c.check,
		PrinterTests: p.list(),
		Print:        func(ctx context.Context, what desk.PrinterTest) health.Finding { return p.run(ctx, what, words) },
		Judged:       r.last,
		Judge: func(part health.Part, well bool) health.Finding {
			found := r.judge(part, well)
			t.notes.add(journal.KindOperator, journal.Note{
				Subject: string(part), State: found.Kind, Detail: "judged by a technician",
			})
			return found
		},
		Visits: func(_ context.Context, code string, most int) ([]desk.Visit, error) {
			return visits(t.journal.Path(), code, most)
		},
		Reprint:      copies.reprint,
		OutOfService: t.operator.reason,
		SetService:   t.operator.set,
		Restart:      func() { t.leave("restart", Left{Restart: true}) },
		Leave:        func() { t.leave("end", Left{}) },
		Places: func(ctx context.Context, tell func(desk.Places)) {
			reports.watch(ctx, func() { tell(reports.places(words)) })
		},
		Report: func(p desk.Place) (string, error) { return reports.write(p.Folder, words) },
		Sound:  player(),
	}
	if t.scanner != nil {
		d.Scans = t.codes.watch
	}
	if t.settings.file != "" && t.settings.inUse().Overlay.File != "" {
		tr := &trial{settings: t.settings, use: t.press.build, note: t.notes.add, log: t.log}
		d.Settings, d.Change, d.Keep, d.Undo = tr.lines, tr.change, tr.keep, tr.undo
		d.FindSpeed = t.press.findSpeed
	}
	return d, words
}

// Opened notes that a technician has opened or left the diagnostics mode.
func (t *Terminal) Opened(open bool) {
	state := "left"
	if open {
		state = "opened"
	}
	t.notes.add(journal.KindOperator, journal.Note{Subject: "diagnostics", State: state})
}

// leave ends the program for a technician.
func (t *Terminal) leave(what string, how Left) {
	t.notes.add(journal.KindOperator, journal.Note{Subject: "program", State: what})
	t.life.end(how)
}
