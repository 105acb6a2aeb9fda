package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/kiosk/diag"
	"infomat/kiosk/durable"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/kiosk/pin"
	"infomat/ui/service"
)

// desk is the running terminal as the diagnostics mode needs it.
type desk struct {
	*parts
	state func() kiosk.State

	once sync.Once
	all  []*diag.Check
	err  error

	mu    sync.Mutex
	found map[health.Part]health.Finding // what each check found last; also over a restart
}

func newDesk(p *parts, state func() kiosk.State) *desk {
	d := &desk{parts: p, state: state, found: map[health.Part]health.Finding{}}
	if data, err := os.ReadFile(d.foundFile()); err == nil && json.Unmarshal(data, &d.found) != nil {
		d.found = map[health.Part]health.Finding{} // what cannot be read is found out anew
	}
	return d
}

// attach lays the diagnostics mode over the window.
func (d *desk) attach(s *screen, o screenOptions) (*service.Mode, error) {
	words, err := d.languages.Language(d.config.Screen.Language)
	if err != nil {
		return nil, err
	}
	return service.Attach(s.window, service.Options{
		PanelMM: o.panelMM, Lang: words, Lock: &pin.Lock{File: d.config.Service.PINFile}, Do: fyne.Do, Terminal: d.terminal(words),
		Opened: func(open bool) {
			s.shell.Cover(open)
			d.note(journal.KindOperator, journal.Note{Subject: "diagnostics", State: map[bool]string{true: "opened", false: "left"}[open]})
		},
	}), nil
}

func (d *desk) terminal(words *lang.Language) service.Terminal {
	t := service.Terminal{
		Facts:        func(context.Context) []service.Fact { return d.facts(words) },
		Check:        d.check,
		PrinterTests: d.printerTests(),
		Print:        func(ctx context.Context, what string) health.Finding { return d.test(ctx, what, words) },
		Judged:       d.judged,
		Judge:        d.judge,
		Visits:       d.visits,
		Reprint:      d.reprint,
		OutOfService: d.outOfService,
		SetService:   d.setService,
		Restart:      func() { d.leave("restart", exit{code: exitUnexpected}) },
		Leave:        func() { d.leave("end", exit{code: exitLeft}) },
		Places:       func() []service.Place { return d.places(words) },
		Report:       func(p service.Place) (string, error) { return d.writeReport(p.Folder, words) },
	}
	if d.file != "" {
		t.Settings, t.Change, t.Keep, t.Undo, t.FindSpeed = d.settingLines, d.change, d.keep, d.undo, d.findSpeed
	}
	if play := player(); play != nil {
		t.Sound = play
	}
	return t
}

// leave ends the program with an exit code.
func (d *desk) leave(what string, how exit) {
	d.note(journal.KindOperator, journal.Note{Subject: "program", State: what})
	d.life.fail(how)
}

// facts are the overview: how each watched part is and since when, and what the terminal is.
func (d *desk) facts(words health.Language) []service.Fact {
	now := d.life.supervisor.Snapshot()
	all := []service.Fact{{Name: "service", Value: words.Text("service.health.level."+strings.ReplaceAll(now.Mode.String(), " ", "_"), nil), Level: now.Mode.Level()}}
	if now.Service.Down != "" {
		all[0].Value += " " + words.Text("closed.sub."+string(now.Service.Down), nil)
	}
	all[0].Value = since(words, all[0].Value, now.Since)
	for _, p := range now.Parts {
		if p.Part == health.PartOperator && p.Level == health.OK {
			continue // that nobody has closed booking is no news
		}
		f := service.Fact{Name: string(p.Part), Value: since(words, p.Say(words), p.Since), Level: p.Level}
		all = append(all, f)
	}
	if c, _ := d.store.Snapshot(time.Now()); c != nil {
		doctors, cells := c.Count(time.Now())
		all = append(all, service.Fact{Name: "offer", Value: words.Text("service.timetable_age", map[string]any{
			"Doctors": doctors, "Cells": cells, "Seconds": int(time.Since(c.AsOf).Seconds()),
		})})
	}
	if r := d.latest(diag.Names); len(r.Findings) > 0 {
		f := service.Fact{Name: "last", Value: since(words, diag.Verdict(r, words), r.At), Level: r.Worst()}
		all = append(all, f)
	}
	for _, f := range d.latest(diag.Judged).Findings {
		all = append(all, service.Fact{Name: string(f.Part), Value: f.SayJudged(words), Level: f.Level})
	}
	host, _ := os.Hostname() // blank where it has none
	return append(all,
		service.Fact{Name: "clinic", Value: d.state().Overview.Clinic.Name},
		service.Fact{Name: "url", Value: diag.Mask(d.config.Registry.URL, secretKey)},
		service.Fact{Name: "version", Value: version},
		service.Fact{Name: "uptime", Value: time.Since(started).Round(time.Second).String()},
		service.Fact{Name: "host", Value: host},
		service.Fact{Name: "addresses", Value: strings.Join(addresses(), ", ")})
}

// since adds when something began.
func since(words health.Language, what string, at time.Time) string {
	return words.Text("service.since", map[string]any{"What": what, "At": at.Format("02.01 15:04:05")})
}

// addresses are the terminal's own, without the loopback.
func addresses() (all []string) {
	nets, err := net.InterfaceAddrs()
	if err != nil {
		return []string{err.Error()}
	}
	for _, n := range nets {
		if ip, ok := n.(*net.IPNet); ok && !ip.IP.IsLoopback() && !ip.IP.IsLinkLocalUnicast() {
			all = append(all, ip.IP.String())
		}
	}
	return all
}

// checks are kept, so that one that hangs is not begun again.
func (d *desk) checks() ([]*diag.Check, error) {
	d.once.Do(func() { d.all, d.err = listChecks(d.config, d.lookAtPrinter) })
	return d.all, d.err
}

// check makes the checks of the parts that are named, or all.
func (d *desk) check(ctx context.Context, parts []health.Part, found func(health.Finding)) {
	all, err := d.checks()
	if err != nil {
		found(health.New(health.PartConfig, "journal_folder").With(map[string]any{"Key": "journal.path", "File": ""}).Because(err))
		return
	}
	all = slices.DeleteFunc(slices.Clone(all), func(c *diag.Check) bool {
		return len(parts) > 0 && !slices.ContainsFunc(c.Parts, func(p health.Part) bool { return slices.Contains(parts, p) })
	})
	diag.Run(ctx, version, all, nil, func(f health.Finding) {
		d.remember(f)
		found(f)
	})
	d.keepFound()
}

// judge notes what the technician says of something that no check can look at.
func (d *desk) judge(part health.Part, well bool) health.Finding {
	f := diag.Judgement(part, well)
	d.remember(f)
	d.keepFound()
	d.note(journal.KindOperator, journal.Note{Subject: string(part), State: f.Kind, Detail: "judged by a technician"})
	return f
}

// judged is what the technician said last; the zero finding where he has said nothing.
func (d *desk) judged(part health.Part) health.Finding {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.found[part]
}

// keepFound writes down what each check found last.
func (d *desk) keepFound() {
	d.mu.Lock()
	defer d.mu.Unlock()
	data, err := json.Marshal(d.found)
	if err == nil {
		err = durable.WriteFile(d.foundFile(), data, 0o600)
	}
	if err != nil {
		d.log.Warn("what was found cannot be kept", "error", err)
	}
}

func (d *desk) remember(f health.Finding) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.found[f.Part] = f
}

// foundFile keeps what each check found last.
func (d *desk) foundFile() string {
	return filepath.Join(filepath.Dir(d.journal.Path()), "checks.json")
}

// latest is a report of what each of the checks that are named found last.
func (d *desk) latest(parts []health.Part) diag.Report {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := diag.Report{Version: version, CanServe: true}
	r.Host, _ = os.Hostname() // a report without it is a report
	for _, part := range parts {
		if f, ok := d.found[part]; ok {
			r.Findings = append(r.Findings, f)
			if f.At.After(r.At) {
				r.At = f.At
			}
			r.CanServe = r.CanServe && f.Level != health.Failure
		}
	}
	return r
}

// visits are the bookings whose code begins with what was typed, the newest first. It reads back until it has the whole
// story of as many as are wanted.
func (d *desk) visits(_ context.Context, code string, most int) ([]service.Visit, error) {
	found := map[uuid.UUID]int{}
	var all []service.Visit
	whole := 0
	err := journal.ReadBack(d.journal.Path(), strings.ToLower(code), func(r kiosk.Record) bool {
		i, known := found[r.Operation]
		if !known && len(all) == most {
			return whole < most
		}
		if !known {
			i = len(all)
			found[r.Operation] = i
			all = append(all, service.Visit{
				Operation: r.Operation.String(), Code: kiosk.Code(r.Operation), At: r.At, Stage: string(r.Stage),
			})
		}
		v := &all[i]
		v.CanPrint = v.CanPrint || r.Num != "" && time.Now().Before(r.HoldUntil)
		v.Story = append(v.Story, service.Event{At: r.At, Stage: string(r.Stage), More: more(r)})
		if r.Stage == kiosk.StageIntent {
			whole++
		}
		return whole < most
	})
	for _, v := range all {
		slices.Reverse(v.Story)
	}
	return all, err
}

// more is what else a record knows, without what leads to a patient.
func more(r kiosk.Record) string {
	var all []string
	if r.HTTPStatus != 0 {
		all = append(all, fmt.Sprintf("HTTP %d %s", r.HTTPStatus, r.Code))
	}
	if r.Copy {
		all = append(all, "copy")
	}
	if r.Reason != "" {
		all = append(all, r.Reason)
	}
	return strings.Join(all, ", ")
}

// places are the sticks that are mounted, and the folder beside the journal.
func (d *desk) places(words health.Language) (all []service.Place) {
	for _, pattern := range []string{"/media/*", "/media/*/*", "/run/media/*/*", "/mnt/*"} {
		folders, err := filepath.Glob(pattern)
		if err != nil {
			continue // a pattern of ours is no bad one
		}
		for _, f := range folders {
			if mounted(f) {
				all = append(all, service.Place{Folder: f, Label: words.Text("service.report.stick", map[string]any{"Name": filepath.Base(f)})})
			}
		}
	}
	if name, err := journalPath(d.config); err == nil {
		all = append(all, service.Place{Folder: filepath.Join(filepath.Dir(name), "reports"), Label: words.Text("service.report.own", nil)})
	}
	return all
}

// mounted tells a folder at which something is mounted from one that only lies there.
func mounted(folder string) bool {
	data, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) > 1 && strings.ReplaceAll(fields[1], `\040`, " ") == folder {
			return true
		}
	}
	return false
}

// writeReport writes the readiness report as a page and as JSON, and names the page. A stick that is full or read-only is said; what was begun is
// taken away.
func (d *desk) writeReport(folder string, words health.Language) (string, error) {
	if len(d.latest(diag.Names).Findings) == 0 {
		d.check(context.Background(), nil, func(health.Finding) {})
	}
	r := d.latest(slices.Concat(diag.Names, diag.Judged))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	name := filepath.Join(folder, fmt.Sprintf("infomat-%s-%s", r.Host, time.Now().Format("20060102-150405")))
	page := name + ".html"
	if err := writeFile(page, func(f *os.File) error { return diag.HTML(f, r, words) }); err != nil {
		return "", err
	}
	return page, writeFile(name+".json", func(f *os.File) error { return json.NewEncoder(f).Encode(diag.Spoken(r, words)) })
}

func writeFile(name string, write func(*os.File) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
