package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"infomat/apiclient"
	"infomat/device"
	"infomat/device/serialport"
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
	records, unfinished, err := journal.Inspect(name)
	return diag.JournalFinding(name, records, unfinished, err)
}

// wayCheck goes the way of a visit to the registry: one request on a new connection, and the timetable.
type wayCheck struct {
	config config.Config
	parts  *parts // with a client of its own: a connection that stands already would hide what makes it
	passed bool
}

// look goes the way of a reservation and tells how far it came.
func (w *wayCheck) look(ctx context.Context) []diag.Finding {
	w.parts = &parts{config: w.config, log: slog.New(slog.DiscardHandler)}
	if err := errors.Join(w.parts.buildClient(), w.parts.buildStore()); err != nil {
		f := diag.Finding{Check: diag.DNS, Kind: "not_begun", Level: diag.Failure, Detail: err.Error()}
		return append([]diag.Finding{f}, w.skippedFrom(diag.TCP)...)
	}
	var way diag.Way
	err := w.parts.client.Probe(way.Context(ctx))
	all := way.Findings(strings.HasPrefix(w.config.Registry.URL, "https://"), time.Now(), err)
	last := &all[len(all)-1]
	if last.Check != diag.HTTP || last.Level != diag.OK {
		return append(all, w.skippedFrom(diag.Access)...)
	}
	if kind, status := answerKind(err); kind != "ok" {
		last.Kind, last.Level, last.Data, last.Detail = kind, diag.Failure, map[string]any{"Status": status}, err.Error()
		return append(all, w.skippedFrom(diag.Access)...)
	}
	access, clock := accessFinding(err), w.clock()
	w.passed = access.Level == diag.OK
	access.TookMS, clock.TookMS = sameAnswer, sameAnswer
	return append(all, access, clock)
}

// sameAnswer is the time of what was read off an answer that had come already, in milliseconds.
const sameAnswer = 0.001

// clock compares the clocks by the date of the answer.
func (w *wayCheck) clock() diag.Finding {
	h := w.parts.client.Health()
	return diag.ClockFinding(h.Skew, !h.SkewAt.IsZero())
}

// skippedFrom are the checks from one on to the clock, which had nothing to look at.
func (w *wayCheck) skippedFrom(first string) (all []diag.Finding) {
	order := []string{diag.TCP, diag.TLS, diag.HTTP, diag.Access}
	for _, name := range order[slices.Index(order, first):] {
		all = append(all, diag.Finding{Check: name, Kind: "skipped", Level: diag.Skipped})
	}
	return append(all, diag.ClockFinding(0, false))
}

// answerKind tells whether what came is a registry's answer.
func answerKind(err error) (kind string, status int) {
	var unknown *apiclient.UnknownError
	switch {
	case !errors.As(err, &unknown):
		return "ok", 0
	case unknown.HTTPStatus >= 500:
		return "server_error", unknown.HTTPStatus
	case unknown.HTTPStatus == 0:
		return "cut", 0
	}
	return "unreadable", unknown.HTTPStatus
}

// accessFinding tells whether the registry lets this terminal in. It was asked for a cell that there is not: a no to that is what is wanted.
func accessFinding(err error) diag.Finding {
	f := diag.Finding{Check: diag.Access, Kind: "ok", Level: diag.OK}
	var refusal *apiclient.Refusal
	var busy *apiclient.BusyError
	switch {
	case errors.As(err, &refusal):
		if f.Kind = refusalKind(refusal); f.Kind != "ok" {
			f.Level, f.Data = diag.Failure, map[string]any{"Status": refusal.HTTPStatus, "Code": refusal.Code}
		}
	case errors.As(err, &busy):
		f.Kind, f.Level, f.Data = "busy", diag.Warning, map[string]any{"Status": busy.HTTPStatus}
	}
	return f
}

func refusalKind(r *apiclient.Refusal) string {
	switch {
	case r.Code == "5009":
		return "signature"
	case r.Code == "5403":
		return "client"
	case r.HTTPStatus == http.StatusUnauthorized:
		return "token"
	case r.HTTPStatus == http.StatusNotFound:
		return "not_found"
	case r.HTTPStatus == http.StatusForbidden:
		return "refused"
	}
	return "ok"
}

// timetable reads all that a visit is chosen from.
func (w *wayCheck) timetable(ctx context.Context) []diag.Finding {
	if w.parts.client != nil {
		defer w.parts.client.Close()
	}
	if !w.passed {
		return []diag.Finding{{Check: diag.Timetable, Kind: "skipped", Level: diag.Skipped}}
	}
	began := time.Now()
	c, err := w.parts.store.Source.Catalogue(ctx)
	if err != nil {
		return []diag.Finding{{Check: diag.Timetable, Kind: "unreadable", Level: diag.Failure, Detail: err.Error()}}
	}
	doctors, cells := c.Count(time.Now())
	f := diag.Finding{Check: diag.Timetable, Kind: "ok", Level: diag.OK, Data: map[string]any{
		"Doctors": doctors, "Cells": cells, "Seconds": int(time.Since(began).Round(time.Second).Seconds()),
	}}
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
		p := &parts{config: c, log: slog.New(slog.DiscardHandler)}
		if err := errors.Join(p.buildLanguages(), p.buildPrinter()); err != nil {
			return diag.Finding{Check: diag.Printer, Kind: "unknown", Level: diag.Failure, Detail: err.Error()}
		}
		f := p.askPrinter(ctx)
		if err := p.printer.Close(); err != nil && f.Detail == "" {
			f.Detail = err.Error()
		}
		return f
	}
}

// printerFinding says what a printer's state means.
func printerFinding(port string, s device.State, err error) diag.Finding {
	f := diag.Finding{Check: diag.Printer, Kind: printerKind(s, err), Level: diag.Failure, Data: map[string]any{"Port": port, "Trouble": s.Reason}}
	if err != nil {
		f.Detail = err.Error()
	}
	switch f.Kind {
	case "ok", "unasked":
		f.Level = diag.OK
	case "low":
		f.Level = diag.Warning
	}
	return f
}

// printerKind puts what has to be done first before the rest: a cover before the paper below it.
func printerKind(s device.State, err error) string {
	switch {
	case err != nil:
		return lineKind(s, err)
	case s.Device == device.DeviceUser:
		return "cover"
	case s.Paper == device.PaperJammed:
		return "jammed"
	case s.Paper == device.PaperOut:
		return "out"
	case s.Device == device.DeviceFault:
		return "fault"
	case s.Device == device.DeviceOffline:
		return "offline"
	case s.Device == device.DeviceNotSupported:
		return "unasked"
	case s.Paper == device.PaperLow:
		return "low"
	}
	return "ok"
}

// lineKind tells what an error of the line means.
func lineKind(s device.State, err error) string {
	switch {
	case s.Device == device.DeviceForeign:
		return "foreign"
	case s.Device == device.DeviceSilent:
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
