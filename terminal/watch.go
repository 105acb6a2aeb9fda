package terminal

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/kiosk/metrics"
	"infomat/kiosk/uptime"
	"infomat/terminal/checks"
)

// watched is what the watch looks at. The package checks says how, and the package health what a finding means.
type watched struct {
	settings     func() config.Config
	operator     *operator
	journal      *journal.Journal
	folder       string // on whose disk room is needed
	access       *access
	registry     *connection
	certificates func() checks.Certificates
	store        *schedule.Store
	offered      func() *schedule.Catalogue // what this terminal offers of it
	printer      func(ctx context.Context) health.Finding
	scanner      func(ctx context.Context) health.Finding
	clock        *clockLook

	poke     func(parts ...health.Part)
	beat     func() // called after each look at the journal, also after one that failed
	writable func() // called after each look at a journal that can be written to

	broken atomic.Bool // a file that the settings name keeps patients from booking, or from paper
}

// parts lists what is watched, and how often.
func (w *watched) parts() []health.Watched {
	const second = time.Second
	all := []health.Watched{
		{Part: health.PartOperator, Check: w.lookAtOperator, Every: 10 * second, Within: 5 * second},
		{Part: health.PartConfig, Check: w.lookAtFiles, Every: 10 * second, Within: 10 * second},
		{Part: health.PartJournal, Check: w.lookAtJournal, Every: 10 * second, Within: 10 * second},
		{Part: health.PartDisk, Check: w.lookAtDisk, Every: 30 * second, Within: 10 * second},
		{Part: health.PartAccess, Check: w.access.look, Every: 10 * second, Within: 10 * second},
		{Part: health.PartRegistry, Check: w.lookAtRegistry, Every: 20 * second, Within: 10 * second, Tolerate: 2},
		{
			Part: health.PartTimetable, Check: w.lookAtTimetable, Every: second, Within: 10 * second,
			Unasked: health.New(health.PartTimetable, "loading"),
		},
		{Part: health.PartPrinter, Check: w.printer, Every: 10 * second, Within: 10 * second},
		{Part: health.PartClock, Check: w.clock.look, Every: 10 * second, Within: 10 * second},
	}
	if w.settings().Scanner.Port != "" {
		all = append(all, health.Watched{
			Part: health.PartScanner, Check: w.scanner, Every: 10 * second, Within: 10 * second,
			Unasked: health.New(health.PartScanner, "opening"),
		})
	}
	if checks.LockdownInstalled("/") {
		all = append(all, health.Watched{
			Part: health.PartLockdown, Check: lookAtLockdown, Every: 60 * second, Within: 10 * second,
		})
	}
	return all
}

func lookAtLockdown(context.Context) health.Finding {
	return checks.Worst(checks.Lockdown("/", time.Now()))
}

func (w *watched) lookAtOperator(context.Context) health.Finding {
	return checks.Operator(w.operator.file)
}

// lookAtFiles looks at the files that the settings name. They may be mended at any time: then the parts that depend on
// them are looked at again.
func (w *watched) lookAtFiles(ctx context.Context) health.Finding {
	f := checks.Worst(checks.Settings(ctx, w.settings()))
	if broken := f.Level == health.Failure; w.broken.Swap(broken) && !broken {
		w.poke(health.PartRegistry, health.PartAccess, health.PartPrinter)
	}
	return f
}

// lookAtJournal has the journal show that it can be written to. Each answer, also a failure, is progress: a journal
// that hangs gives none.
func (w *watched) lookAtJournal(context.Context) health.Finding {
	f := checks.Journal(w.journal, 8*time.Second)
	w.beat()
	if f.Closes == "" {
		w.writable()
	}
	return f
}

func (w *watched) lookAtDisk(context.Context) health.Finding {
	return checks.Disk(checks.Existing(w.folder))
}

func (w *watched) lookAtRegistry(ctx context.Context) health.Finding {
	return w.registry.look(ctx, w.certificates)
}

func (w *watched) lookAtTimetable(context.Context) health.Finding {
	now := time.Now()
	return checks.Offered(checks.Timetable(w.store, now), w.offered(), now)
}

// notifier tells the state machine, the log, the journal, the metrics and systemd what has changed.
type notifier struct {
	send    func(kiosk.Event) bool // reports whether the state machine took it
	note    func(journal.Kind, journal.Note)
	metrics *metrics.Metrics
	status  func(text string) // of systemd
	log     *slog.Logger

	begun   bool
	service kiosk.Service
	mode    health.Mode
	levels  map[health.Part]health.Level
}

func (n *notifier) changed(now health.Snapshot, part health.Status) {
	news := !n.begun || now.Service != n.service || now.Mode != n.mode
	if news && n.send(kiosk.ServiceChanged{Service: now.Service}) {
		n.service = now.Service
	}
	n.metrics.Part(string(part.Part), string(part.Level))
	n.log.Info("health", "part", part.Part, "level", part.Level, "kind", part.Kind, "detail", part.Detail)
	if n.levels[part.Part] != "" || part.Level != health.OK { // a part that is well at the start is no news
		n.note(journal.KindDevice, journal.Note{
			Subject: string(part.Part), State: string(part.Level), Detail: join(part.Kind, part.Detail),
		})
	}
	n.levels[part.Part] = part.Level
	if news {
		n.mode = now.Mode
		down := string(now.Service.Down)
		n.log.Info("terminal", "level", n.mode.String(), "down", down, "noPaper", now.Service.NoPaper)
		n.note(journal.KindService, journal.Note{Subject: "terminal", State: n.mode.String(), Detail: down})
		n.status(join(n.mode.String(), down))
	}
	n.begun = true
}

// join returns both words with a colon between them, or the one that is not blank.
func join(kind, detail string) string {
	if kind == "" || detail == "" {
		return kind + detail
	}
	return kind + ": " + detail
}

// clockLook looks at the wall clock: whether somebody sets it, and how far it is from the registry's.
type clockLook struct {
	uptime uptime.Clock
	health func() apiclient.Health // of the registry's client
	note   func(journal.Kind, journal.Note)
	send   func(kiosk.Event) bool
	log    *slog.Logger

	wall health.WallClock
	told kiosk.RegistryClock
}

func (c *clockLook) look(context.Context) health.Finding {
	if step := c.wall.Jumped(time.Now(), c.uptime.Uptime()); step.Abs() >= health.ClockStep {
		c.log.Warn("the wall clock was set", "by", step)
		c.note(journal.KindClock, journal.Note{
			Subject: string(health.PartClock), State: "set", Detail: "by " + step.Round(time.Millisecond).String(),
		})
	}
	now := clockOf(c.health())
	if now != c.told {
		c.told = now
		c.send(kiosk.ClockMeasured{Clock: now})
	}
	return checks.Clock(now.Skew, now.Known)
}
