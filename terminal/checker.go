package terminal

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"infomat/kiosk/config"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// Checks lists all checks of a terminal with these settings. Printer is asked for the printer's finding: where the
// terminal runs, by the terminal itself, which owns the line.
func Checks(settings func() config.Config, printer func(context.Context) health.Finding) ([]*diag.Check, error) {
	scanner := func(context.Context) health.Finding { return AskScanner(settings().Scanner) }
	return allChecks(settings, printer, scanner)
}

// allChecks is Checks with who is asked for the scanner's finding.
func allChecks(
	settings func() config.Config, printer, scanner func(context.Context) health.Finding,
) ([]*diag.Check, error) {
	c := settings()
	name, err := c.JournalPath()
	if err != nil {
		return nil, err
	}
	w := &wayCheck{config: c}
	const second = time.Second
	return []*diag.Check{
		{Parts: []health.Part{health.PartConfig}, Within: 20 * second, Look: func(ctx context.Context) []health.Finding {
			return checks.Settings(ctx, settings())
		}},
		diag.One(health.PartDisk, 10*second, func(context.Context) health.Finding {
			return checks.Disk(checks.Existing(filepath.Dir(name)))
		}),
		diag.One(health.PartJournal, 0, func(context.Context) health.Finding { return checks.JournalFile(name) }),
		{Parts: checks.OnTheWay, Look: w.look},
		diag.One(health.PartTimetable, 0, w.timetable),
		diag.One(health.PartPrinter, 0, printer),
		diag.One(health.PartScanner, 10*second, scanner),
		diag.One(health.PartPIN, 10*second, func(context.Context) health.Finding { return checks.PIN(c.Service.PINFile) }),
		{Parts: []health.Part{health.PartLockdown}, Within: 10 * second, Look: func(context.Context) []health.Finding {
			return checks.Lockdown("/", time.Now())
		}},
	}, nil
}

// wayCheck checks what a visit needs of the registry: one request on a new connection, and the timetable. Each
// look makes its own clients, because a connection that is open already skips DNS, TCP and TLS.
type wayCheck struct {
	config   config.Config
	admitted atomic.Bool // by the registry, in this run
}

// look makes a request that goes the way of a reservation, and returns a finding for each layer.
func (w *wayCheck) look(ctx context.Context) []health.Finding {
	w.admitted.Store(false)
	connection := newConnection(w.config.Registry)
	defer connection.close()
	client, err := connection.get()
	if err != nil {
		return checks.NoWay(err)
	}
	all, admitted := checks.Way(ctx, client, strings.HasPrefix(w.config.Registry.URL, "https://"))
	w.admitted.Store(admitted)
	return all
}

// timetable reads the timetable. One that comes from the registry is not read where the registry has not admitted this
// terminal.
func (w *wayCheck) timetable(ctx context.Context) health.Finding {
	if !w.admitted.Load() && w.config.Schedule.Source == "registry" {
		return health.New(health.PartTimetable, "skipped")
	}
	registry := newConnection(w.config.Registry)
	defer registry.close()
	store, fhir := newStore(w.config, registry, func() {}, slog.New(slog.DiscardHandler))
	if fhir != nil {
		defer fhir.close()
	}
	f, now := checks.ReadTimetable(ctx, store), time.Now()
	known := newGuides(w.config.Clinic.Guide, slog.New(slog.DiscardHandler)).inUse()
	part, err := store.Snapshot(now)
	if err != nil || !known.Restricts() {
		return f
	}
	return checks.Offered(f, part.Only(offers(known)), now)
}

// AskPrinter asks the printer over a line that is opened for the question.
func AskPrinter(ctx context.Context, c config.Config) health.Finding {
	if c.Printer.Port == virtualPort {
		return health.New(health.PartPrinter, "virtual")
	}
	p, err := openPress(c)
	if err != nil {
		return health.New(health.PartPrinter, "unknown").Because(err)
	}
	s, err := p.status(ctx)
	return printerFinding(c.Printer, s, errors.Join(err, p.close()))
}

// checker makes the checks that a technician asks for, and keeps what they find.
type checker struct {
	results  *results
	settings func() config.Config
	printer  func(context.Context) health.Finding
	scanner  func(context.Context) health.Finding

	once sync.Once
	all  []*diag.Check // kept, so that a check that hangs is not started again
	err  error
}

// check makes the checks of these parts, or all where none is named. Found is called with each finding.
func (c *checker) check(ctx context.Context, parts []health.Part, found func(health.Finding)) {
	c.once.Do(func() { c.all, c.err = allChecks(c.settings, c.printer, c.scanner) })
	if c.err != nil {
		found(health.New(health.PartConfig, "journal_folder").
			With(map[string]any{"Key": "journal.path", "File": ""}).Because(c.err))
		return
	}
	all := slices.DeleteFunc(slices.Clone(c.all), func(c *diag.Check) bool {
		named := func(p health.Part) bool { return slices.Contains(parts, p) }
		return len(parts) > 0 && !slices.ContainsFunc(c.Parts, named)
	})
	diag.Run(ctx, Version, all, nil, func(f health.Finding) {
		c.results.add(f)
		found(f)
	})
	c.results.save()
}
