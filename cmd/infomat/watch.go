package main

import (
	"context"
	"path/filepath"
	"time"

	"infomat/device"
	"infomat/kiosk"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/terminal/checks"
)

// The sources of which each has to make progress, or the program is started anew.
const (
	sourceScreen  = "screen"
	sourceMachine = "machine"
	sourceJournal = "journal"
)

// poke asks for a look at some parts now. It does nothing where nobody watches.
func (p *parts) poke(parts ...health.Part) {
	if p.life.supervisor != nil {
		p.life.supervisor.Poke(parts...)
	}
}

// report hands a failure that was met at work to the watch. It does nothing where nobody watches.
func (p *parts) report(f health.Finding) {
	if p.life.supervisor != nil {
		p.life.supervisor.Report(f)
	}
}

// supervise lists what is watched.
func (p *parts) supervise(r *kiosk.Runner) *health.Supervisor {
	n := &notifier{parts: p, runner: r, levels: map[health.Part]health.Level{}}
	clock := &clockWatch{parts: p, runner: r}
	look := func(check func() health.Finding) func(context.Context) health.Finding {
		return func(context.Context) health.Finding { return check() }
	}
	const second = time.Second
	return &health.Supervisor{
		Parts: []health.Watched{
			{Part: health.PartOperator, Check: look(p.lookAtOperator), Every: 10 * second, Within: 5 * second},
			{
				Part: health.PartJournal, Check: look(func() health.Finding { return p.lookAtJournal(r) }), Every: 10 * second,
				Within: 10 * second,
			},
			{Part: health.PartDisk, Check: look(p.lookAtDisk), Every: 30 * second, Within: 10 * second},
			{Part: health.PartAccess, Check: look(p.lookAtAccess), Every: 10 * second, Within: 10 * second},
			{Part: health.PartRegistry, Check: p.lookAtRegistry, Every: 20 * second, Within: 10 * second, Tolerate: 2},
			{
				Part: health.PartTimetable, Check: look(p.lookAtTimetable), Every: second, Within: 10 * second,
				Unasked: health.New(health.PartTimetable, "loading"),
			},
			{Part: health.PartPrinter, Check: p.lookAtPrinter, Every: 10 * second, Within: 10 * second},
			{Part: health.PartClock, Check: look(clock.look), Every: 10 * second, Within: 10 * second},
		},
		Panicked: p.panicked,
		Changed:  n.changed,
	}
}

// notifier tells of changes: the state machine, the log, the journal, the metrics and the service manager.
type notifier struct {
	*parts
	runner  *kiosk.Runner
	begun   bool
	service kiosk.Service
	mode    health.Mode
	levels  map[health.Part]health.Level
}

func (n *notifier) changed(now health.Snapshot, part health.Status) {
	news := !n.begun || now.Service != n.service || now.Mode != n.mode
	if news && n.runner.Send(kiosk.ServiceChanged{Service: now.Service}) {
		n.service = now.Service
	}
	n.metrics.Part(string(part.Part), string(part.Level))
	n.log.Info("health", "part", part.Part, "level", part.Level, "kind", part.Kind, "detail", part.Detail)
	if n.levels[part.Part] != "" || part.Level != health.OK { // that all is well at the start is no news
		n.note(journal.KindDevice, journal.Note{
			Subject: string(part.Part), State: string(part.Level),
			Detail: join(part.Kind, part.Detail),
		})
	}
	n.levels[part.Part] = part.Level
	if news {
		n.mode = now.Mode
		n.log.Info("terminal", "level", n.mode, "down", now.Service.Down, "noPaper", now.Service.NoPaper)
		n.note(journal.KindService, journal.Note{
			Subject: "terminal", State: n.mode.String(),
			Detail: string(now.Service.Down),
		})
		n.tellSystem("STATUS=" + join(n.mode.String(), string(now.Service.Down)))
	}
	n.begun = true
}

func join(kind, detail string) string {
	if kind == "" || detail == "" {
		return kind + detail
	}
	return kind + ": " + detail
}

// How often a terminal that the registry has refused asks whether it would be admitted.
const (
	askSoonest = 30 * time.Second
	askLatest  = 5 * time.Minute
)

// admitted asks the registry whether it would take reservations. While it refuses even the timetable that need not be
// asked: the timetable is read anyway.
func (p *parts) admitted(ctx context.Context) (bool, error) {
	if checks.TimetableRefused(p.registryTimetable()) {
		return false, nil
	}
	return p.client.Admitted(ctx)
}

// registryTimetable is the error of the last reading of the timetable where that comes from the registry, else nil.
func (p *parts) registryTimetable() error {
	if p.fhir != nil {
		return nil
	}
	return p.store.Err()
}

func (p *parts) lookAtOperator() health.Finding { return checks.Operator(p.operatorFile()) }

// lookAtJournal has the journal show that it can be written to. Each answer, also a failure, is progress: a journal
// that hangs gives none.
func (p *parts) lookAtJournal(r *kiosk.Runner) health.Finding {
	f := checks.Journal(p.journal, 8*time.Second)
	if p.life.dog != nil {
		p.life.dog.Beat(sourceJournal)
	}
	if f.Closes == "" {
		p.resume(r)
	}
	return f
}

func (p *parts) lookAtDisk() health.Finding {
	return checks.Disk(checks.Existing(filepath.Dir(p.journal.Path())))
}

func (p *parts) lookAtAccess() health.Finding {
	return checks.Access(p.access.Refusal(), p.registryTimetable())
}

func (p *parts) lookAtRegistry(ctx context.Context) health.Finding {
	return checks.Line(ctx, p.client, p.certificates)
}

// certificates are those that end first.
func (p *parts) certificates() checks.Certificates {
	if p.fhir != nil {
		return checks.CertificatesOf(p.client.Health(), p.fhir.Health())
	}
	return checks.CertificatesOf(p.client.Health())
}

func (p *parts) lookAtTimetable() health.Finding { return checks.Timetable(p.store, time.Now()) }

// lookAtPrinter asks over the line that the terminal has.
func (p *parts) lookAtPrinter(ctx context.Context) health.Finding {
	s, err := p.printer.Status(ctx)
	return checks.Printer(p.config.Printer.Port, s, err)
}

// printerEvery is how often an idle printer is looked after: a ticket that is taken, or left, should be seen soon.
const printerEvery = 3 * time.Second

// printerChanged logs what the printer is like now, and has the watch look at once.
func (p *parts) printerChanged(s device.Status) {
	p.metrics.Printer("device", s.Device.String())
	p.metrics.Printer("paper", s.Paper.String())
	p.metrics.Printer("media", s.Media.String())
	p.log.Info("printer", "device", s.Device, "paper", s.Paper, "media", s.Media, "reason", s.Reason)
	p.poke(health.PartPrinter)
}

// clockWatch looks at the wall clock: whether somebody sets it, and how far it is from the registry's.
type clockWatch struct {
	*parts
	runner *kiosk.Runner
	wall   health.WallClock
	told   kiosk.RegistryClock
}

func (w *clockWatch) look() health.Finding {
	if step := w.wall.Jumped(time.Now(), w.clock.Uptime()); step.Abs() >= health.ClockStep {
		w.log.Warn("the wall clock was set", "by", step)
		w.note(journal.KindClock, journal.Note{
			Subject: string(health.PartClock), State: "set",
			Detail: "by " + step.Round(time.Millisecond).String(),
		})
	}
	c := w.registryClock()
	if c != w.told {
		w.told = c
		w.runner.Send(kiosk.ClockMeasured{Clock: c})
	}
	return checks.Clock(c.Skew, c.Known)
}

// registryClock is how far the registry's clock is from ours, as its answers tell.
func (p *parts) registryClock() kiosk.RegistryClock {
	h := p.client.Health()
	return kiosk.RegistryClock{Skew: h.Skew, Known: !h.SkewAt.IsZero()}
}
