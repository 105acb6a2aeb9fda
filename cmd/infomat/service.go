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

	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/kiosk/diag"
	"infomat/kiosk/pin"
	"infomat/ui/service"
)

// desk is the running terminal as the diagnostics mode needs it.
type desk struct {
	*parts
	state func() kiosk.State
	leave func(error) // ends the program with what it is given

	mu    sync.Mutex
	found map[string]diag.Finding // what each check found last
	at    time.Time
}

func newDesk(p *parts, state func() kiosk.State, leave func(error)) *desk {
	return &desk{parts: p, state: state, leave: leave, found: map[string]diag.Finding{}}
}

// attach lays the diagnostics mode over the window.
func (d *desk) attach(s *screen, o screenOptions) (*service.Mode, error) {
	words, err := d.languages.Language(d.config.Screen.Language)
	if err != nil {
		return nil, err
	}
	return service.Attach(s.window, service.Options{
		PanelMM: o.panelMM, Lang: words, Gate: &pin.Gate{File: d.config.Service.PINFile}, Do: fyne.Do, Terminal: d.terminal(words),
		Opened: s.shell.Cover,
	}), nil
}

func (d *desk) terminal(words *lang.Language) service.Terminal {
	t := service.Terminal{
		Facts:        func(context.Context) []service.Fact { return d.facts(words) },
		Check:        d.check,
		Print:        func(ctx context.Context, what string) diag.Finding { return d.test(ctx, what, words) },
		Visits:       d.visits,
		Reprint:      d.reprint,
		OutOfService: d.outOfService,
		SetService:   d.setService,
		Restart:      func() { d.leave(exit{code: exitUnexpected}) },
		Leave:        func() { d.leave(exit{code: exitLeft}) },
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

// facts are the overview.
func (d *desk) facts(words diag.Language) []service.Fact {
	s := d.state()
	all := []service.Fact{{Name: "service", Value: words.Text("service.serve.yes", nil), Level: diag.OK}}
	if s.Service.Down != "" {
		all[0].Value, all[0].Level = words.Text("closed.sub."+string(s.Service.Down), nil), diag.Failure
	}
	paper := service.Fact{Name: "paper", Value: words.Text("service.level.ok", nil), Level: diag.OK}
	if s.Service.NoPaper {
		paper.Value, paper.Level = words.Text("welcome.no_paper", nil), diag.Failure
	}
	all = append(all, paper)
	if c, _ := d.store.Snapshot(time.Now()); c != nil {
		doctors, cells := c.Count(time.Now())
		all = append(all, service.Fact{Name: "timetable", Value: words.Text("service.timetable_age", map[string]any{
			"Doctors": doctors, "Cells": cells, "Seconds": int(time.Since(c.AsOf).Seconds()),
		})})
	}
	host, _ := os.Hostname() // blank where it has none
	return append(all,
		service.Fact{Name: "clinic", Value: s.Overview.Clinic.Name},
		service.Fact{Name: "registry", Value: diag.Mask(d.config.Registry.URL)},
		service.Fact{Name: "version", Value: version},
		service.Fact{Name: "uptime", Value: time.Since(started).Round(time.Second).String()},
		service.Fact{Name: "host", Value: host},
		service.Fact{Name: "addresses", Value: strings.Join(addresses(), ", ")})
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

// check makes the checks that are named, or all.
func (d *desk) check(ctx context.Context, names []string, found func(diag.Finding)) {
	steps, err := checks(d.config, d.askPrinter)
	if err != nil {
		found(diag.Finding{Check: diag.Config, Kind: "ok", Level: diag.Failure, Detail: err.Error()})
		return
	}
	steps = slices.DeleteFunc(steps, func(s diag.Step) bool {
		return len(names) > 0 && !slices.ContainsFunc(s.Checks, func(c string) bool { return slices.Contains(names, c) })
	})
	diag.Run(ctx, version, steps, nil, func(f diag.Finding) {
		d.mu.Lock()
		d.found[f.Check], d.at = f, time.Now()
		d.mu.Unlock()
		found(f)
	})
}

// latest is a report of what each check found last.
func (d *desk) latest() diag.Report {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := diag.Report{At: d.at, Version: version, CanServe: true}
	r.Host, _ = os.Hostname() // a report without it is a report
	for _, name := range diag.Names {
		if f, ok := d.found[name]; ok {
			r.Findings = append(r.Findings, f)
			r.CanServe = r.CanServe && f.Level != diag.Failure
		}
	}
	return r
}

// visits are the bookings whose code begins with what was typed, the newest first.
func (d *desk) visits(_ context.Context, code string, most int) ([]service.Visit, error) {
	byOperation := map[string]*service.Visit{}
	var order []string
	err := d.journal.Each(func(_ uint64, r kiosk.Record) error {
		operation := r.Operation.String()
		if !strings.HasPrefix(strings.ReplaceAll(kiosk.Code(r.Operation), "-", ""), code) {
			return nil
		}
		v := byOperation[operation]
		if v == nil {
			v = &service.Visit{Operation: operation, Code: kiosk.Code(r.Operation)}
			byOperation[operation] = v
			order = append(order, operation)
		}
		v.At, v.Stage = r.At, string(r.Stage)
		v.CanPrint = v.CanPrint || r.Num != "" && time.Now().Before(r.HoldUntil)
		v.Story = append(v.Story, service.Event{At: r.At, Stage: string(r.Stage), More: more(r)})
		return nil
	})
	slices.Reverse(order)
	var all []service.Visit
	for _, operation := range order[:min(most, len(order))] {
		all = append(all, *byOperation[operation])
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
func (d *desk) places(words diag.Language) (all []service.Place) {
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
func (d *desk) writeReport(folder string, words diag.Language) (string, error) {
	r := d.latest()
	if len(r.Findings) == 0 {
		d.check(context.Background(), nil, func(diag.Finding) {})
		r = d.latest()
	}
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
