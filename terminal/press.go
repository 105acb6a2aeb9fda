package terminal

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"infomat/assets/lang"
	"infomat/device"
	"infomat/device/usbprinter"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
)

// virtualPort is the name of the printer in software among the ports.
const virtualPort = "virtual"

// useWithin bounds the wait for a print that is on its way before the printer's line changes.
const useWithin = 30 * time.Second

// errNoProfile is why nothing is printed while the printer's profile cannot be read.
var errNoProfile = errors.New("the printer's profile cannot be used")

// errNoSpeed is why no speed is looked for at a USB printer.
var errNoSpeed = errors.New("a USB printer has no speed, and printer.baud does not apply to it")

// press is the ticket printer with its paper. While the file of the printer's profiles cannot be used there is no
// paper; a logo or a template that cannot be used is left out. Mend tries both again. It is safe for concurrent use.
type press struct {
	inUse    func() config.Config
	language func(tag string) *lang.Language
	printed  func(outcome string, took time.Duration) // told of each print, for the metrics
	poke     func(parts ...health.Part)
	knows    func(kiosk.Paper) (way, bring string) // what the clinic itself adds to a ticket; nil: nothing
	log      *slog.Logger

	mu      sync.Mutex                      // for changes of the paper
	virtual atomic.Pointer[virtual.Printer] // nil: the settings ask for none
	paper   atomic.Pointer[paper]
	device  atomic.Pointer[device.Printer] // nil while there has been no paper
}

// open puts the settings to use for the first time. Only bad settings are errors.
func (p *press) open() error {
	err := p.build(p.inUse())
	var bad *SettingError
	if errors.As(err, &bad) {
		return err
	}
	if err != nil {
		p.log.Warn("nothing can be printed", "error", err)
	}
	return nil
}

// openPress returns a press of its own, for a command. It must be closed.
func openPress(c config.Config) (*press, error) {
	languages, err := newLanguages(c.Screen, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	p := &press{
		inUse: func() config.Config { return c }, language: languages.language,
		printed: func(string, time.Duration) {}, poke: func(...health.Part) {}, log: slog.New(slog.DiscardHandler),
	}
	return p, p.build(c)
}

// build makes the paper of the settings and puts it to use.
func (p *press) build(c config.Config) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buildLocked(c)
}

// buildLocked is build for a caller that holds p.mu.
func (p *press) buildLocked(c config.Config) error {
	next, err := newPaper(c, p.language(c.Screen.Language).Text)
	if err != nil {
		return err
	}
	for _, lack := range next.lacks {
		p.log.Warn("tickets are printed without it", "error", lack)
	}
	if next.device.Port == virtualPort {
		if next.device.Port, err = p.virtualPath(next, c.Printer.Baud); err != nil {
			return err
		}
	}
	if d := p.device.Load(); d != nil {
		p.line(d, next.device)
	} else {
		p.device.Store(device.New(next.device, p.log))
	}
	p.paper.Store(next)
	p.poke(health.PartPrinter)
	return nil
}

// virtualPath returns the port of the printer in software, which is made with the first paper.
func (p *press) virtualPath(first *paper, baud int) (string, error) {
	if v := p.virtual.Load(); v != nil {
		return v.Path(), nil
	}
	if p.device.Load() != nil {
		return "", errors.New("printer.port: a printer in software is made when the program starts")
	}
	v, err := virtual.Start(virtual.Options{Profile: first.profile, Baud: baud})
	if err != nil {
		return "", err
	}
	p.virtual.Store(v)
	return v.Path(), nil
}

// line changes the line of a printer, when what is on its way has ended.
func (p *press) line(d *device.Printer, c device.Config) {
	ctx, cancel := context.WithTimeout(context.Background(), useWithin)
	defer cancel()
	if err := d.Use(ctx, c); err != nil {
		p.log.Warn("the line of the printer before", "error", err)
	}
}

// printerEvery is how often an idle printer is asked for its state: a ticket that is taken, or left, should be seen
// soon.
const printerEvery = 3 * time.Second

// watch calls changed with each new status of the printer until ctx is done.
func (p *press) watch(ctx context.Context, changed func(device.Status)) {
	for p.device.Load() == nil {
		select {
		case <-ctx.Done():
			return
		case <-time.After(readAgain):
		}
	}
	p.device.Load().Watch(ctx, printerEvery, changed)
}

// mend tries the settings again until ctx is done, while there is no paper or something of it cannot be used.
func (p *press) mend(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(readAgain):
		}
		p.tryAgain()
	}
}

// tryAgain builds the paper again where there is none, or something of it can be mended.
func (p *press) tryAgain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.lacking() {
		return
	}
	if err := p.buildLocked(p.inUse()); err != nil {
		p.log.Warn("nothing can be printed", "error", err)
	}
}

// lacking reports whether there is no paper, or one that something can be mended of.
func (p *press) lacking() bool {
	now := p.paper.Load()
	return now == nil || len(now.lacks) > 0 && len(now.lacks) != len(p.lacksNow())
}

// lacksNow returns what of the form cannot be used at this moment.
func (p *press) lacksNow() []error {
	_, lacks := Form(p.inUse().Ticket, p.paper.Load().profile)
	return lacks
}

// status asks the printer for its status.
func (p *press) status(ctx context.Context) (device.Status, error) {
	d := p.device.Load()
	if d == nil {
		return device.Status{}, errNoProfile
	}
	return d.Status(ctx)
}

// send prints the bytes of a job.
func (p *press) send(ctx context.Context, j device.Job) device.Result {
	d := p.device.Load()
	if d == nil {
		return device.Result{Outcome: device.Failed, Err: errNoProfile}
	}
	return d.Print(ctx, j)
}

var printStates = map[device.Outcome]kiosk.PrintState{
	device.Printed: kiosk.PrintDone, device.Failed: kiosk.PrintFailed, device.Unknown: kiosk.PrintUnknown,
}

// Print lays a ticket out in the patient's language and prints it.
func (p *press) Print(ctx context.Context, k kiosk.Paper) (kiosk.PrintState, string) {
	how := p.paper.Load()
	if how == nil {
		return kiosk.PrintFailed, errNoProfile.Error()
	}
	facts := paperTicket(k, time.Now(), how.zone)
	if p.knows != nil {
		facts.Way, facts.Bring = p.knows(k)
	}
	d, err := how.form.Layout(facts, how.profile.Columns, p.language(k.Language).Text)
	if err != nil { // which may hold a text of the registry
		p.log.Error("the site's ticket template failed: the built-in ticket is printed", "operation", k.Operation)
	}
	data := d.Encode(how.profile)
	began := time.Now()
	r := p.send(ctx, device.Job{ID: k.Job, Data: data})
	p.printed(r.Outcome.String(), time.Since(began))
	p.poke(health.PartPrinter)
	reason := ""
	if r.Err != nil {
		reason = r.Err.Error()
	}
	p.log.Info("print", "operation", k.Operation, "job", k.Job, "outcome", r.Outcome.String(), "bytes", len(data),
		"reason", reason)
	return printStates[r.Outcome], reason
}

// Speeds are those that printers are delivered with, the likeliest first.
var Speeds = []int{9600, 19200, 115200, 38400, 57600, 4800}

// findSpeed asks the printer at each speed, and returns the one at which it answers. The line is then as it was before.
func (p *press) findSpeed(ctx context.Context) (string, error) {
	how, d := p.paper.Load(), p.device.Load()
	if how == nil || d == nil {
		return "", errNoProfile
	}
	if usbprinter.Is(how.device.Port) {
		return "", errNoSpeed
	}
	defer p.line(d, how.device)
	for _, s := range Speeds {
		c := how.device
		c.Baud = s
		p.line(d, c)
		if st, err := d.Status(ctx); err == nil && st.Device != device.DeviceNotSupported {
			return strconv.Itoa(s), nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	return "", errors.New("the printer answers at none of the speeds")
}

// close closes the printer's line, and ends the printer in software.
func (p *press) close() error {
	var errs []error
	if d := p.device.Load(); d != nil {
		errs = append(errs, d.Close())
	}
	if v := p.virtual.Load(); v != nil {
		errs = append(errs, v.Close())
	}
	return errors.Join(errs...)
}
