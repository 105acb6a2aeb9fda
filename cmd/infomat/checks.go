package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"infomat/kiosk/config"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// listChecks lists all checks of a terminal with a configuration. AskPrinter is asked for the printer's finding: where
// the terminal runs, by the terminal itself, which owns the line.
func listChecks(c config.Config, askPrinter func(context.Context) health.Finding) ([]*diag.Check, error) {
	name, err := journalPath(c)
	if err != nil {
		return nil, err
	}
	w := &wayCheck{config: c}
	const second = time.Second
	return []*diag.Check{
		{Parts: []health.Part{health.PartConfig}, Within: 20 * second, Look: func(ctx context.Context) []health.Finding {
			return checks.Settings(ctx, c)
		}},
		diag.One(health.PartDisk, 10*second, func(context.Context) health.Finding {
			return checks.Disk(checks.Existing(filepath.Dir(name)))
		}),
		diag.One(health.PartJournal, 0, func(context.Context) health.Finding { return checks.JournalFile(name) }),
		{Parts: checks.OnTheWay, Look: w.look},
		diag.One(health.PartTimetable, 0, w.timetable),
		diag.One(health.PartPrinter, 0, askPrinter),
		diag.One(health.PartPIN, 10*second, func(context.Context) health.Finding { return checks.PIN(c.Service.PINFile) }),
	}, nil
}

// wayCheck goes the way of a visit to the registry: one request on a new connection, and the timetable.
type wayCheck struct {
	config   config.Config
	admitted atomic.Bool // by the registry, in this run
}

// build makes clients of its own for each look: a connection that stands already would hide what makes it.
func (w *wayCheck) build() (*parts, error) {
	p := &parts{config: w.config, log: slog.New(slog.DiscardHandler)}
	return p, errors.Join(p.buildClient(), p.buildStore())
}

// look goes the way of a reservation and tells how far it came.
func (w *wayCheck) look(ctx context.Context) []health.Finding {
	w.admitted.Store(false)
	p, err := w.build()
	if err != nil {
		return checks.NoWay(err)
	}
	defer p.client.Close()
	all, admitted := checks.Way(ctx, p.client, strings.HasPrefix(w.config.Registry.URL, "https://"))
	w.admitted.Store(admitted)
	return all
}

// timetable reads all that a visit is chosen from. A timetable that comes from the registry is not asked for where the
// registry has admitted nobody.
func (w *wayCheck) timetable(ctx context.Context) health.Finding {
	if !w.admitted.Load() && w.config.Schedule.Source == "registry" {
		return health.New(health.PartTimetable, "skipped")
	}
	p, err := w.build()
	if p.client != nil {
		defer p.client.Close()
	}
	if p.fhir != nil {
		defer p.fhir.Close()
	}
	if p.store == nil || p.store.Source == nil {
		return health.New(health.PartTimetable, "unreadable").Because(err)
	}
	return checks.ReadTimetable(ctx, p.store)
}

// ownPrinter asks the printer over a line that is opened for the question.
func ownPrinter(c config.Config) func(context.Context) health.Finding {
	return func(ctx context.Context) health.Finding {
		if c.Printer.Port == virtualPort {
			return health.New(health.PartPrinter, "virtual")
		}
		p := &parts{config: c, log: slog.New(slog.DiscardHandler)}
		if err := errors.Join(p.buildLanguages(), p.buildPrinter()); err != nil {
			return health.New(health.PartPrinter, "unknown").Because(err)
		}
		f := p.lookAtPrinter(ctx)
		if err := p.printer.Close(); err != nil && f.Detail == "" {
			f.Detail = err.Error()
		}
		return f
	}
}
