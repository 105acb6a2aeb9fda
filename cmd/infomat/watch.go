package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/device"
	"infomat/kiosk"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// The parts that are watched, by the names that logs, the journal and diagnostics use.
const (
	partAccess    = "access"
	partRegistry  = "registry"
	partTimetable = "timetable"
	partPrinter   = "printer"
	partDisk      = "disk"
	partClock     = "clock"
	partJournal   = "journal"
	partByHand    = "by-hand" // a technician who has closed booking
)

// The sources of which each has to make progress, or the program is started anew.
const (
	sourceScreen  = "screen"
	sourceMachine = "machine"
	sourceJournal = "journal"
)

// poke asks for a look at some parts now. It does nothing where nobody watches.
func (p *parts) poke(parts ...string) {
	if p.life.supervisor != nil {
		p.life.supervisor.Poke(parts...)
	}
}

// supervise says what is watched, and what an answer means to a visit.
func (p *parts) supervise(r *kiosk.Runner) *health.Supervisor {
	w := &teller{parts: p, runner: r, states: map[string]health.State{}}
	clock := p.clockPart(r)
	return &health.Supervisor{
		Parts: []health.Part{
			{Name: partByHand, Check: p.byHandFinding, Every: 10 * time.Second, Within: 5 * time.Second},
			{Name: partJournal, Check: func(context.Context) health.Finding { return p.journalFinding(r) }, Every: 10 * time.Second, Within: 10 * time.Second},
			{Name: partDisk, Check: func(context.Context) health.Finding { return p.diskFinding() }, Every: 30 * time.Second, Within: 10 * time.Second},
			{Name: partAccess, Check: p.accessFinding, Every: 10 * time.Second, Within: time.Second},
			{Name: partRegistry, Check: p.registryFinding, Every: 20 * time.Second, Within: 10 * time.Second, Tolerate: 2},
			{Name: partTimetable, Check: p.timetableFinding, Every: time.Second, Within: 5 * time.Second, Unasked: health.Finding{Closes: kiosk.ReasonStarting}},
			{Name: partPrinter, Check: p.printerFinding, Every: 10 * time.Second, Within: 10 * time.Second},
			{Name: partClock, Check: clock, Every: 10 * time.Second, Within: time.Second},
		},
		Panicked: p.panicked,
		Changed:  w.changed,
	}
}

// teller tells of changes: to the machine, to the log, to the journal and to whoever started the program.
type teller struct {
	*parts
	runner  *kiosk.Runner
	begun   bool
	service kiosk.Service
	level   health.Level
	states  map[string]health.State
}

func (t *teller) changed(now health.Snapshot, part health.Status) {
	news := !t.begun || now.Service != t.service || now.Level != t.level
	if news && t.runner.Send(kiosk.ServiceChanged{Service: now.Service}) {
		t.service = now.Service
	}
	t.metrics.Part(part.Part, part.State.String())
	t.log.Info("health", "part", part.Part, "state", part.State, "reason", part.Reason, "detail", part.Detail)
	if t.states[part.Part] != health.Unknown || part.State != health.OK { // that all is well at the start is no news
		t.note(journal.KindDevice, journal.Note{Subject: part.Part, State: part.State.String(), Detail: join(part.Reason, part.Detail)})
	}
	t.states[part.Part] = part.State
	if news {
		t.level = now.Level
		t.log.Info("terminal", "level", t.level, "down", now.Service.Down, "noPaper", now.Service.NoPaper)
		t.note(journal.KindService, journal.Note{Subject: "terminal", State: t.level.String(), Detail: string(now.Service.Down)})
		t.tellSystem("STATUS=" + join(t.level.String(), string(now.Service.Down)))
	}
	t.begun = true
}

func join(reason, detail string) string {
	if reason == "" || detail == "" {
		return reason + detail
	}
	return reason + ": " + detail
}

// How often a terminal that the registry has refused asks whether it would be admitted.
const (
	askSoonest = 30 * time.Second
	askLatest  = 5 * time.Minute
)

// admitted asks the registry whether it would take reservations. While it refuses even the timetable that need not be asked: the timetable is read anyway.
func (p *parts) admitted(ctx context.Context) (bool, error) {
	if p.timetableRefused() {
		return false, nil
	}
	return p.client.Admitted(ctx)
}

// timetableRefused tells whether the registry has refused to show this terminal its timetable. That a FHIR server has says nothing of the registry.
func (p *parts) timetableRefused() bool {
	return p.fhir == nil && errors.Is(p.store.Err(), &apiclient.Refusal{Meaning: apiclient.AccessDenied})
}

// registryFinding asks for a small page. Whatever is answered, there is a line: what the page is called is guessed, and its absence says nothing. Without a
// token to show nothing can be asked, and nothing reserved.
func (p *parts) registryFinding(ctx context.Context) health.Finding {
	var page json.RawMessage
	err := p.client.Get(ctx, "/lpu/"+p.client.LPU(), nil, &page)
	var noLine *url.Error
	switch {
	case errors.Is(err, apiclient.ErrCredentials):
		return health.Finding{State: health.Down, Reason: "no token", Detail: err.Error(), Closes: kiosk.ReasonAccess}
	case errors.As(err, &noLine) || ctx.Err() != nil:
		return health.Finding{State: health.Down, Reason: "no line", Detail: fmt.Sprint(err), Closes: kiosk.ReasonRegistry}
	}
	return p.certificateFinding(time.Now())
}

// accessFinding tells that the registry refuses the terminal: its reservations, or its look at the timetable.
func (p *parts) accessFinding(context.Context) health.Finding {
	if p.access.IsShut() || p.timetableRefused() {
		return health.Finding{State: health.Down, Reason: "refused", Detail: "the registry does not accept this terminal", Closes: kiosk.ReasonAccess}
	}
	return health.Fine
}

// certificateFinding warns a month before a certificate ends.
func (p *parts) certificateFinding(now time.Time) health.Finding {
	w := p.wire()
	for _, a := range w.Alarms(now) {
		switch a {
		case health.OwnCertificate:
			return health.Finding{State: health.Degraded, Reason: string(a), Detail: "ends " + w.OwnCertificate.Format(time.RFC3339)}
		case health.ServerCertificate:
			return health.Finding{State: health.Degraded, Reason: string(a), Detail: "ends " + w.ServerCertificate.Format(time.RFC3339)}
		}
	}
	return health.Fine
}

// wire is what the clients have noticed: the clock of the registry, and of the certificates those that end first.
func (p *parts) wire() health.Wire {
	h := p.client.Health()
	w := health.Wire{OwnCertificate: h.OwnCertificate, ServerCertificate: h.ServerCertificate, Skew: h.Skew}
	if p.fhir != nil {
		f := p.fhir.Health()
		w.OwnCertificate, w.ServerCertificate = earlier(w.OwnCertificate, f.OwnCertificate), earlier(w.ServerCertificate, f.ServerCertificate)
	}
	return w
}

// earlier is the earlier of two instants; zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// timetableFinding tells of when the timetable is that is offered, or why none is, with what the last reading failed of. One that could not be read anew is
// offered until it is too old.
func (p *parts) timetableFinding(context.Context) health.Finding {
	catalogue, err := p.store.Snapshot(time.Now())
	f := health.Fine
	switch {
	case errors.Is(err, schedule.ErrNotLoaded):
		return health.Finding{State: health.Down, Reason: "not loaded", Closes: kiosk.ReasonStarting}
	case err != nil && catalogue == nil:
		f = health.Finding{State: health.Down, Reason: "never read", Closes: kiosk.ReasonTimetable}
	case err != nil:
		f = health.Finding{State: health.Down, Reason: "too old", Closes: kiosk.ReasonTimetable}
	case p.store.Err() != nil:
		f = health.Finding{State: health.Degraded, Reason: "not read anew"}
	}
	if catalogue != nil {
		f.Detail = "of " + catalogue.AsOf.Format(time.RFC3339)
	}
	if failed := p.store.Err(); failed != nil {
		f.Detail = join(f.Detail, failed.Error())
	}
	return f
}

func (p *parts) printerFinding(ctx context.Context) health.Finding {
	s, err := p.printer.Status(ctx)
	switch {
	case err != nil:
		return health.Finding{State: health.Down, Reason: s.Device.String(), Detail: err.Error(), NoPaper: true}
	case !s.Ready():
		return health.Finding{State: health.Down, Reason: s.Device.String() + ", paper " + s.Paper.String(), Detail: s.Reason, NoPaper: true}
	case s.Paper == device.PaperLow:
		return health.Finding{State: health.Degraded, Reason: "paper low"}
	}
	return health.Fine
}

// printerEvery is how often an idle printer is looked after: a ticket that is taken, or left, should be seen soon.
const printerEvery = 3 * time.Second

// printerChanged logs what the printer is like now, and has the watch look at once.
func (p *parts) printerChanged(s device.Status) {
	p.metrics.Printer("device", s.Device.String())
	p.metrics.Printer("paper", s.Paper.String())
	p.metrics.Printer("media", s.Media.String())
	p.log.Info("printer", "device", s.Device, "paper", s.Paper, "media", s.Media, "reason", s.Reason)
	p.poke(partPrinter)
}

// Room on the disk: below the first somebody should look, below the second nothing is begun that could not be written down.
const (
	littleRoom = 64 << 20
	noRoom     = 1 << 20
)

func (p *parts) diskFinding() health.Finding {
	free, err := health.DiskFree(filepath.Dir(p.journal.Path()))
	detail := fmt.Sprintf("%d MB are free", free>>20)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return health.Fine
	case err != nil:
		return health.Finding{State: health.Degraded, Reason: "cannot be asked", Detail: err.Error()}
	case free < noRoom:
		return health.Finding{State: health.Down, Reason: "full", Detail: detail, Closes: kiosk.ReasonJournal}
	case free < littleRoom:
		return health.Finding{State: health.Degraded, Reason: "nearly full", Detail: detail}
	}
	return health.Fine
}

// journalFinding has the journal show that it can be written to. Each answer, also a failure, is progress: what stands still gives none.
func (p *parts) journalFinding(r *kiosk.Runner) health.Finding {
	err := p.journal.Progress(8 * time.Second)
	if p.life.dog != nil {
		p.life.dog.Beat(sourceJournal)
	}
	if err != nil {
		return health.Finding{State: health.Down, Reason: "cannot be written", Detail: err.Error(), Closes: kiosk.ReasonJournal}
	}
	p.resume(r)
	if used, most := p.journal.Used(); used > most/10*9 {
		return health.Finding{State: health.Degraded, Reason: "nearly full", Detail: fmt.Sprintf("%d of %d MB", used>>20, most>>20)}
	}
	return health.Fine
}

// jumpAtLeast is what the wall clock is set by, between two looks; a clock that is corrected slowly makes some milliseconds.
const jumpAtLeast = 2 * time.Second

// clockPart looks at the wall clock: whether somebody sets it, and how far it is from the registry's.
func (p *parts) clockPart(r *kiosk.Runner) func(context.Context) health.Finding {
	var wall health.WallClock
	var told kiosk.RegistryClock
	return func(context.Context) health.Finding {
		if jump := wall.Jumped(time.Now(), p.clock.Uptime()); jump.Abs() >= jumpAtLeast {
			p.log.Warn("the wall clock was set", "by", jump)
			p.note(journal.KindClock, journal.Note{Subject: partClock, State: "set", Detail: "by " + jump.Round(time.Millisecond).String()})
		}
		c := p.registryClock()
		if c != told {
			told = c
			r.Send(kiosk.ClockMeasured{Clock: c})
		}
		if slices.Contains(p.wire().Alarms(time.Now()), health.Clock) {
			return health.Finding{State: health.Degraded, Reason: "differs from the registry's", Detail: "by " + c.Skew.Round(time.Second).String()}
		}
		return health.Fine
	}
}

// registryClock is how far the registry's clock is from ours, as its answers tell.
func (p *parts) registryClock() kiosk.RegistryClock {
	h := p.client.Health()
	return kiosk.RegistryClock{Skew: h.Skew, Known: !h.SkewAt.IsZero()}
}
