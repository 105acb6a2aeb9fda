package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/diag"
	"infomat/kiosk/journal"
)

// checks are all checks of a terminal with a configuration. AskPrinter is asked for the printer's finding: by the terminal itself where it runs, for the
// line is its own.
func checks(c config.Config, askPrinter func(context.Context) diag.Finding) ([]diag.Step, error) {
	name, err := journalPath(c)
	if err != nil {
		return nil, err
	}
	w := &wayCheck{config: c}
	return []diag.Step{
		{Checks: []string{diag.Config}, Look: func(context.Context) []diag.Finding {
			return []diag.Finding{{Check: diag.Config, Kind: "ok", Level: diag.OK}}
		}},
		diag.DiskStep(existing(filepath.Dir(name))),
		{Checks: []string{diag.Journal}, Look: func(context.Context) []diag.Finding { return []diag.Finding{lookIntoJournal(name)} }},
		{Checks: []string{diag.DNS, diag.TCP, diag.TLS, diag.HTTP, diag.Access, diag.Clock}, Look: w.look},
		{Checks: []string{diag.Timetable}, Look: w.timetable},
		{Checks: []string{diag.Printer}, Look: func(ctx context.Context) []diag.Finding { return []diag.Finding{askPrinter(ctx)} }},
		diag.PINStep(c.Service.PINFile),
	}, nil
}

// existing is the folder, or the nearest above it that is there: before the first start the terminal's own is not.
func existing(folder string) string {
	for {
		_, err := os.Stat(folder)
		up := filepath.Dir(folder)
		if err == nil || up == folder {
			return folder
		}
		folder = up
	}
}

func lookIntoJournal(name string) diag.Finding {
	open := map[string]bool{}
	records := 0
	err := journal.Read(name, func(_ uint64, r kiosk.Record) error {
		records++
		switch r.Stage {
		case kiosk.StageDone, kiosk.StageRefused, kiosk.StageUnreachable:
			delete(open, r.Operation.String())
		default:
			open[r.Operation.String()] = true
		}
		return nil
	})
	return diag.JournalFinding(name, records, len(open), err)
}

// wayCheck goes the way of a visit to the registry: one request on a new connection, and the timetable.
type wayCheck struct {
	config config.Config
	parts  *parts // with a client of its own: a connection that stands already would hide what makes it
	passed bool
}

// look sends one request and tells how far it came.
func (w *wayCheck) look(ctx context.Context) []diag.Finding {
	w.parts = &parts{config: w.config}
	if err := w.parts.buildClient(); err != nil {
		f := diag.Finding{Check: diag.DNS, Kind: "not_begun", Level: diag.Failure, Detail: err.Error()}
		return append([]diag.Finding{f}, skippedFrom(diag.TCP)...)
	}
	var way diag.Way
	var any json.RawMessage
	err := w.parts.client.Get(way.Context(ctx), strings.ReplaceAll(schedule.DefaultPaths.Specialities, "{lpu}", w.parts.client.LPU()), nil, &any)
	all := way.Findings(strings.HasPrefix(w.config.Registry.URL, "https://"), time.Now(), err)
	if last := all[len(all)-1]; last.Check != diag.HTTP || last.Level != diag.OK {
		return append(all, skippedFrom(diag.Access)...)
	}
	answer := answerFinding(err)
	all[len(all)-1].Kind, all[len(all)-1].Level, all[len(all)-1].Data = answer.Kind, answer.Level, answer.Data
	if answer.Level == diag.Failure {
		return append(all, skippedFrom(diag.Access)...)
	}
	access := accessFinding(err)
	w.passed = access.Level == diag.OK
	return append(all, access, diag.ClockFinding(0, false))
}

// skippedFrom are the checks from one on to the clock, which had nothing to look at.
func skippedFrom(first string) (all []diag.Finding) {
	seen := false
	for _, name := range []string{diag.TCP, diag.TLS, diag.HTTP, diag.Access} {
		if seen = seen || name == first; seen {
			all = append(all, diag.Finding{Check: name, Kind: "skipped", Level: diag.Skipped})
		}
	}
	return append(all, diag.ClockFinding(0, false))
}

// answerFinding tells whether what came is a registry's answer.
func answerFinding(err error) diag.Finding {
	var status *apiclient.StatusError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &status):
		return diag.Finding{Kind: "server_error", Level: diag.Failure, Data: map[string]any{"Status": status.HTTPStatus}}
	case errors.As(err, &syntax):
		return diag.Finding{Kind: "unreadable", Level: diag.Failure}
	}
	return diag.Finding{Kind: "ok", Level: diag.OK}
}

// accessFinding tells whether the registry lets this terminal in.
func accessFinding(err error) diag.Finding {
	f := diag.Finding{Check: diag.Access, Kind: "ok", Level: diag.OK, TookMS: 0.001} // it was the same answer
	var refusal *apiclient.Refusal
	var busy *apiclient.BusyError
	switch {
	case errors.As(err, &refusal):
		f.Level, f.Data = diag.Failure, map[string]any{"Status": refusal.HTTPStatus, "Code": refusal.Code}
		f.Kind = refusalKind(refusal)
	case errors.As(err, &busy):
		f.Kind, f.Level, f.Data = "busy", diag.Warning, map[string]any{"Status": busy.HTTPStatus}
	case err != nil:
		f.Kind, f.Level, f.Data, f.Detail = "refused", diag.Failure, map[string]any{"Status": 0, "Code": ""}, err.Error()
	}
	return f
}

func refusalKind(r *apiclient.Refusal) string {
	switch {
	case r.Code == "5009":
		return "signature"
	case r.Code == "5403":
		return "client"
	case r.HTTPStatus == 401:
		return "token"
	case r.HTTPStatus == 404:
		return "not_found"
	}
	return "refused"
}

// timetable reads all that a visit is chosen from.
func (w *wayCheck) timetable(ctx context.Context) []diag.Finding {
	if !w.passed {
		return []diag.Finding{{Check: diag.Timetable, Kind: "skipped", Level: diag.Skipped}}
	}
	defer w.parts.client.Close()
	began := time.Now()
	c, err := w.parts.store.Source.Catalogue(ctx)
	if err != nil {
		return []diag.Finding{{Check: diag.Timetable, Kind: "unreadable", Level: diag.Failure, Detail: err.Error()}}
	}
	doctors, cells := c.Count(time.Now())
	f := diag.Finding{Check: diag.Timetable, Kind: "ok", Level: diag.OK, Data: map[string]any{"Doctors": doctors, "Cells": cells, "Seconds": int(time.Since(began).Round(time.Second).Seconds())}}
	if cells == 0 {
		f.Kind, f.Level = "empty", diag.Warning
	}
	return []diag.Finding{f}
}

// ownPrinter asks the printer over a line that is opened for the question.
func ownPrinter(c config.Config) func(context.Context) diag.Finding {
	return func(ctx context.Context) diag.Finding {
		if c.Printer.Port == "virtual" {
			return diag.Finding{Check: diag.Printer, Kind: "virtual", Level: diag.Warning}
		}
		p := &parts{config: c}
		if err := p.buildPrinter(); err != nil {
			return diag.Finding{Check: diag.Printer, Kind: "unknown", Level: diag.Failure, Detail: err.Error()}
		}
		s, err := p.printer.Status(ctx)
		return printerFinding(c.Printer.Port, s, errors.Join(err, p.close()))
	}
}

// printerFinding says what a printer's answer, or the lack of one, means.
func printerFinding(port string, s escpos.Status, err error) diag.Finding {
	f := diag.Finding{Check: diag.Printer, Level: diag.Failure, Data: map[string]any{"Port": port, "Trouble": s.Trouble()}}
	if err != nil {
		f.Kind, f.Detail = lineKind(err), err.Error()
		return f
	}
	switch {
	case s.CoverOpen:
		f.Kind = "cover"
	case s.PaperOut:
		f.Kind = "out"
	case s.Cutter || s.Fault:
		f.Kind = "fault"
	case s.Offline:
		f.Kind = "offline"
	case s.PaperLow:
		f.Kind, f.Level = "low", diag.Warning
	default:
		f.Kind, f.Level = "ok", diag.OK
	}
	return f
}

// lineKind tells what an error of the line means.
func lineKind(err error) string {
	var foreign escpos.BadStatusError
	switch {
	case errors.As(err, &foreign):
		return "foreign"
	case errors.Is(err, device.ErrSilent):
		return "silent"
	case errors.Is(err, serialport.ErrNoPort):
		return "no_port"
	case errors.Is(err, serialport.ErrNotTTY):
		return "not_tty"
	case errors.Is(err, serialport.ErrBusy):
		return "busy"
	case errors.Is(err, os.ErrPermission):
		return "denied"
	}
	return "unknown"
}
