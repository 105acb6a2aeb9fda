package terminal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"infomat/apiclient/schedule"
	"infomat/assets/lang"
	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/scanner"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/guide"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/kiosk/metrics"
	"infomat/kiosk/uptime"
	"infomat/terminal/checks"
)

// patience is how long a patient is kept waiting for a registry that says "later".
const patience = 40 * time.Second

// Options are what a terminal is built of.
type Options struct {
	Config config.Config
	File   string // the settings file, which the diagnostics mode changes; "": the settings come from none
	Log    *slog.Logger

	Beside map[string]func(context.Context) // what else runs beside the visit, such as the voice, by its name
}

// Terminal is a terminal without its screen. It builds its parts, owns them, and connects them.
type Terminal struct {
	log       *slog.Logger
	beside    map[string]func(context.Context)
	settings  *settings
	languages *languages
	guides    *guides
	journal   *journal.Journal
	notes     *noteWriter
	life      *lifetime
	systemd   *systemd
	opening   *opening
	operator  *operator
	registry  *connection
	fhir      *connection // nil: the timetable comes from elsewhere
	store     *schedule.Store
	access    *access
	press     *press
	codes     *codes
	scanner   *scanner.Scanner // nil: there is none
	timetable *timetable
	metrics   *metrics.Metrics
	watch     *health.Supervisor
	watchdog  *health.Watchdog // nil: there is none, as in tests
	runner    atomic.Pointer[kiosk.Runner]
	clock     uptime.Clock
	scrubber  *scrubber
}

// New builds a terminal. It must be closed. Only bad settings ([SettingError]) and what the program itself lacks are
// errors: what is missing or broken around it closes booking, and heals.
func New(o Options) (*Terminal, error) {
	c := o.Config
	t := &Terminal{
		log: o.Log, beside: o.Beside, settings: &settings{file: o.File, now: c}, metrics: metrics.New(Version),
		systemd: &systemd{o.Log}, registry: newConnection(c.Registry), clock: uptime.New(),
		scrubber: newScrubber(),
	}
	var err error
	if t.languages, err = newLanguages(c.Screen, t.log); err != nil {
		return nil, err
	}
	t.codes = &codes{}
	if c.Patient.Identify != config.IdentifyNone {
		t.TakePolicies(func(number []byte) { t.PolicyRead(number) })
	}
	poke := func() { t.poke(health.PartScanner) }
	if t.scanner, err = newScanner(c.Scanner, t.codes.heard, poke, t.log); err != nil {
		return nil, err
	}
	t.guides = newGuides(c.Clinic.Guide, t.log)
	t.press = &press{
		inUse: t.settings.inUse, language: t.languages.language, printed: t.metrics.Print, poke: t.poke, log: t.log,
	}
	if err := errors.Join(t.press.open(), t.openJournal(c)); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	t.notes = newNoteWriter(t.journal, t.log)
	t.life = newLifetime(t.notes, t.log)
	t.opening = &opening{journal: t.journal, notes: t.notes, config: c, log: t.log}
	t.operator = &operator{file: t.besideJournal("out-of-service"), notes: t.notes, poke: t.poke, log: t.log}
	t.store, t.fhir = newStore(c, t.registry, func() { t.poke(health.PartAccess, health.PartTimetable) }, t.log)
	t.access = newAccess(t.registry, t.registryTimetable, t.report, t.poke, t.log)
	t.timetable = &timetable{
		store: t.store, clinic: c.Clinic, days: c.Schedule.Days, guide: t.guides.inUse, log: t.log,
	}
	t.press.knows = t.onPaper
	t.watch = t.newWatch()
	return t, nil
}

func (t *Terminal) openJournal(c config.Config) (err error) {
	name, err := c.JournalPath()
	if err != nil {
		return err
	}
	t.journal, err = journal.Open(name, journal.Options{Max: int64(c.Journal.MaxMB) << 20})
	return err
}

// registryTimetable returns the error of the last reading of the timetable where that comes from the registry,
// else nil.
func (t *Terminal) registryTimetable() error {
	if t.fhir != nil {
		return nil
	}
	return t.store.Err()
}

// besideJournal returns a file in the journal's folder.
func (t *Terminal) besideJournal(name string) string {
	return filepath.Join(filepath.Dir(t.journal.Path()), name)
}

func (t *Terminal) newWatch() *health.Supervisor {
	clock := &clockLook{
		uptime: t.clock, health: t.registry.health, note: t.notes.add, send: t.send, log: t.log,
	}
	w := &watched{
		settings: t.settings.inUse, operator: t.operator, journal: t.journal, folder: filepath.Dir(t.journal.Path()),
		access: t.access, registry: t.registry, certificates: t.certificates, store: t.store,
		offered: t.timetable.catalogue,
		printer: t.lookAtPrinter, scanner: t.lookAtScanner, clock: clock, poke: t.poke,
		beat: func() { t.beat(sourceJournal) }, writable: t.resume,
	}
	n := &notifier{
		send: t.send, note: t.notes.add, metrics: t.metrics, status: t.systemd.status, log: t.log,
		levels: map[health.Part]health.Level{},
	}
	return &health.Supervisor{Parts: w.parts(), Panicked: t.life.panicked, Changed: n.changed}
}

// Close closes what the terminal has opened. It must have ended.
func (t *Terminal) Close() error {
	t.registry.close()
	if t.fhir != nil {
		t.fhir.close()
	}
	err := t.press.close()
	if t.journal != nil {
		err = errors.Join(err, t.journal.Close())
	}
	return err
}

// poke has the watch look at some parts now. It does nothing before there is a watch.
func (t *Terminal) poke(parts ...health.Part) {
	if t.watch != nil {
		t.watch.Poke(parts...)
	}
}

// report hands a failure of a request, a print or a record to the watch. It does nothing before there is a watch.
func (t *Terminal) report(f health.Finding) {
	if t.watch != nil {
		t.watch.Report(f)
	}
}

// send hands an event to the state machine, and reports whether it was taken.
func (t *Terminal) send(e kiosk.Event) bool {
	r := t.runner.Load()
	return r != nil && r.Send(e)
}

func (t *Terminal) beat(source string) {
	if t.watchdog != nil {
		t.watchdog.Beat(source)
	}
}

// certificates returns those that end first.
func (t *Terminal) certificates() checks.Certificates {
	if t.fhir == nil {
		return checks.CertificatesOf(t.registry.health())
	}
	return checks.CertificatesOf(t.registry.health(), t.fhir.health())
}

// visitSettings returns the state machine's settings. Print says whether tickets are printed.
func (t *Terminal) visitSettings(print bool) kiosk.Settings {
	c := t.settings.inUse()
	return kiosk.Settings{
		Hold: time.Duration(c.Registry.ReserveMinutes) * time.Minute, Idle: c.Screen.Idle.Duration,
		Warning: c.Screen.Warning.Duration, Patience: patience, Print: print,
		View: kiosk.View{Language: c.Screen.Language, Low: c.Screen.Low},

		Identify: identifies[c.Patient.Identify], MakeVisit: c.Patient.Confirm == config.ConfirmVisit,
		Scanner: c.Scanner.Port != "",
	}
}

// line returns the registry as the visit needs it.
func (t *Terminal) line() *registryLine {
	return &registryLine{
		connection: t.registry, clinic: t.settings.inUse().Clinic, gone: t.store.Gone, refused: t.access.refused,
		poke: t.poke, log: t.log,
	}
}

// Runner returns the runner of the visits; a terminal has one. Watch is called with each new state.
func (t *Terminal) Runner(watch func(kiosk.State)) *kiosk.Runner {
	r := &kiosk.Runner{
		Patients: &patientsLine{t.line(), t.timetable},
		Registry: t.line(), Timetable: t.timetable, Printer: t.press, Clock: t.clock, Log: t.log,
		Journal: &records{journal: t.journal, report: t.report}, Panicked: t.life.panicked,
		Grace: grace(t.settings.inUse()),
		Watch: func(s kiosk.State) {
			t.metrics.Observe(s, time.Now())
			t.beat(sourceMachine)
			t.life.seen(s)
			t.scrubber.seen(s)
			watch(s)
		},
	}
	t.runner.Store(r)
	return r
}

// PolicyRead hands the number of a policy to the visit, from whatever reads codes. The bytes are taken over and
// overwritten. A code without such a number is an empty one. It reports whether the visit took the event.
func (t *Terminal) PolicyRead(number []byte) bool {
	if len(number) == 0 {
		return t.send(kiosk.CodeUnreadable{})
	}
	if t.send(kiosk.PolicyRead{Number: number}) {
		return true
	}
	clear(number)
	return false
}

// grace is how long an orderly stop waits for a booking that has begun. A request may be tried for one time-out before
// its first byte is sent, and takes one more; a print takes the time-out beyond the time of its bytes.
func grace(c config.Config) time.Duration {
	requests := 2 // the reservation
	if c.Patient.Identify != config.IdentifyNone {
		requests += 4 // its token anew, and with that once more
	}
	if c.Patient.Confirm == config.ConfirmVisit {
		requests += 4 // the visit, and the same
	}
	return kiosk.Grace(time.Duration(requests)*c.Registry.Timeout.Duration, recheckWithin, 2*c.Printer.Timeout.Duration)
}

// First returns the first state of the terminal. It has what a crash left unfinished where the journal can be read
// already; otherwise resume sends that later.
func (t *Terminal) First() kiosk.State {
	s := kiosk.Begin(t.visitSettings(true))
	if t.journal.Err() != nil {
		return s
	}
	return t.runner.Load().Resume(s, t.opening.found())
}

// resume hands what a crash left unfinished to the state machine, where First could not.
func (t *Terminal) resume() {
	if records := t.opening.found(); len(records) > 0 {
		t.send(kiosk.Recovered{Records: records})
	}
}

// WatchOver has the terminal end the program when screen, state machine or journal make no progress. Ask asks the
// screen's thread for a beat. It must be called before Start.
func (t *Terminal) WatchOver(ask func(beat func())) { t.watchdog = newWatchdog(t.life, t.systemd, ask) }

// Start starts everything that runs in the background. The context is done when the terminal fails or ctx is done. Stop
// ends all of it, waits, and returns the error with which the terminal has failed, nil after an orderly end. It may be
// called more than once.
func (t *Terminal) Start(ctx context.Context, first kiosk.State) (failing context.Context, stop func() error) {
	ctx, fail := context.WithCancelCause(ctx)
	t.life.fail.Store(&fail)
	notes, lastNote := context.WithCancel(context.WithoutCancel(ctx))
	var all, writer sync.WaitGroup
	writer.Go(func() { t.notes.run(notes) })
	for name, run := range t.background(first) {
		all.Go(func() { t.life.guarded(name, func() { run(ctx) }) })
	}
	return ctx, sync.OnceValue(func() error {
		fail(nil)
		all.Wait()
		err := context.Cause(ctx)
		if errors.Is(err, context.Canceled) {
			err = nil
		}
		t.life.ended(err)
		lastNote()
		writer.Wait()
		return err
	})
}

// background returns what runs in the background, by its name.
func (t *Terminal) background(first kiosk.State) map[string]func(context.Context) {
	c := t.settings.inUse()
	all := map[string]func(context.Context){
		"machine": func(ctx context.Context) {
			t.runner.Load().Run(ctx, first)
			if ctx.Err() == nil {
				t.life.end(fmt.Errorf("machine: %w", errRestart))
			}
		},
		"timetable": t.store.Run,
		"access":    t.access.latch.Run,
		"watch":     t.watch.Run,
		"languages": t.languages.run,
		"scrubber":  t.scrubber.run,
		"guide":     t.guides.run,
		"printer":   func(ctx context.Context) { t.press.watch(ctx, t.printerChanged) },
		"paper":     t.press.mend,
		"overview":  func(ctx context.Context) { t.timetable.tellOverview(ctx, t.send) },
		"control": func(ctx context.Context) {
			(&control{t.lookAtPrinter, t.life.visiting, t.log}).serve(ctx, controlSocket(t.journal.Path()))
		},
		"metrics": (&figures{
			metrics: t.metrics, store: t.store, registry: t.registry.health, ends: t.certificates, journal: t.journal.Used,
			config: c.Metrics, log: t.log,
		}).run,
	}
	for name, run := range t.beside {
		all[name] = run
	}
	if t.scanner != nil {
		all["scanner"] = t.scanner.Run
	}
	if t.watchdog != nil {
		all["watchdog"] = t.watchdog.Run
	}
	return all
}

// screenEnd is how long the screen may take to close.
const screenEnd = 3 * time.Second

// EndWithout ends the terminal in order where its screen does not close, and calls exit with the error of that.
// Ended is closed when the screen has closed. Fyne 2.8.1 can wait for ever for an event of its own that came
// while it quit (internal/driver/glfw/loop.go drains a queue that another goroutine is still filling).
func (t *Terminal) EndWithout(failing context.Context, ended <-chan struct{}, stop func() error, exit func(error)) {
	select {
	case <-ended:
		return
	case <-failing.Done():
	}
	select {
	case <-ended:
		return
	case <-time.After(screenEnd):
	}
	t.log.Warn("the screen does not close; the terminal ends without it")
	t.Stopping()
	exit(errors.Join(stop(), t.Close()))
}

// Guarded runs what belongs to the terminal on the caller's goroutine. A panic in it ends the terminal in order.
func (t *Terminal) Guarded(where string, run func()) { t.life.guarded(where, run) }

// Ready reports to systemd that the terminal can be seen.
func (t *Terminal) Ready() {
	if t.watchdog != nil {
		t.watchdog.Started()
	}
	t.systemd.ready()
}

// Stopping reports to systemd that the terminal ends.
func (t *Terminal) Stopping() { t.systemd.stopping() }

// Language returns a language of the screens; Russian while the one that is asked for is not there.
func (t *Terminal) Language(tag string) *lang.Language { return t.languages.language(tag) }

// Languages returns the tags of the language button.
func (t *Terminal) Languages() []string {
	return t.languages.offered(t.settings.inUse().Screen.Languages)
}

// Guide returns the clinic's own knowledge; nil: there is none.
func (t *Terminal) Guide() *guide.Guide { return t.guides.inUse() }

// onPaper returns what the clinic adds to a ticket: the way, and what to know before the visit.
func (t *Terminal) onPaper(k kiosk.Paper) (way, bring string) {
	return t.Guide().Way(k.Ticket.Room, k.Ticket.Floor, k.Language), t.timetable.bring(k.Ticket.Speciality, k.Language)
}

// VirtualPrinter returns the printer in software, and nil where the settings ask for another.
func (t *Terminal) VirtualPrinter() *virtual.Printer { return t.press.virtual.Load() }

// Profile returns the printer's profile; the zero value while there is none.
func (t *Terminal) Profile() escpos.Profile {
	if how := t.press.paper.Load(); how != nil {
		return how.profile
	}
	return escpos.Profile{}
}

// printerChanged logs and counts the printer's new status, and has the watch look at once.
func (t *Terminal) printerChanged(s device.Status) {
	t.metrics.Printer("device", s.Device.String())
	t.metrics.Printer("paper", s.Paper.String())
	t.metrics.Printer("media", s.Media.String())
	t.log.Info("printer", "device", s.Device.String(), "paper", s.Paper.String(), "media", s.Media.String(),
		"reason", s.Reason)
	t.poke(health.PartPrinter)
}

// lookAtPrinter asks the printer over the line that the terminal has.
func (t *Terminal) lookAtPrinter(ctx context.Context) health.Finding {
	s, err := t.press.status(ctx)
	return printerFinding(t.settings.inUse().Printer, s, err)
}
