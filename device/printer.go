package device

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/device/escpos"
	"infomat/device/serialport"
)

// Outcome is what became of a job.
type Outcome int

// The outcomes.
const (
	Unknown Outcome = iota // the whole job was sent and the printer did not confirm it: a ticket may have come out
	Printed                // the printer has confirmed that it came to the job's end
	Failed                 // certainly no whole ticket came out
)

// String names the outcome as the commands report it.
func (o Outcome) String() string {
	return [...]string{Unknown: "unknown", Printed: "printed", Failed: "failed"}[o]
}

// What a line may be good for.
var (
	ErrSilent      = errors.New("the printer does not answer: is it switched on, is the cable in, are profile and speed right?")
	ErrStalled     = errors.New("the printer takes nothing more")
	ErrUnconfirmed = errors.New("this kind of printer never tells whether it has printed")
	ErrUnanswered  = errors.New("the printer tells its state, but does not answer what its profile confirms by")
)

// NotReadyError is a printer that says why it cannot print.
type NotReadyError struct{ Status escpos.Status }

func (e NotReadyError) Error() string { return "the printer is not ready: " + e.Status.Trouble() }

// Job is bytes to be printed. ID is the job's own: it is printed at most once, whoever asks how often.
type Job struct {
	ID   uuid.UUID
	Data []byte
}

// Result is what became of a job, and why where it is not Printed.
type Result struct {
	Outcome Outcome
	Err     error
	Sent    time.Time // when the last byte was on the line; zero: it never was
}

// Config is which printer stands where.
type Config struct {
	Port    string
	Baud    int
	Flow    serialport.Flow
	Profile escpos.Profile
	Timeout time.Duration // of a job beyond the time that the line needs for it
	Void    []byte        // a job that is printed below what a broken one may have left, so that nobody takes it for a ticket; nil: nothing
	Answer  time.Duration // how long the printer may take for a question that it answers at once; 0: 1.5 s
}

// keep is how many results of jobs are remembered.
const keep = 64

// Printer is one printer at a port. The port is opened when it is first needed, and again when the line has vanished: a cable that was pulled and put
// back needs nobody. It is safe for concurrent use; jobs and questions take their turn.
type Printer struct {
	config Config
	log    *slog.Logger
	seen   chan Status // the newest state, for Watch

	turn      chan struct{} // held by whoever speaks on the line, and guards what follows
	port      *serialport.Port
	confirms  bool // the printer has answered what its profile confirms by
	lacks     bool // it has been waited for in vain, and is not asked for until the line is opened anew
	dirty     bool // what is in the printer's buffer is not known: it is to be cleared before the next job
	half      bool // half a ticket may hang in the printer
	rest      int  // most bytes that a picture may lack that was cut off
	pads      int  // how often its end is still tried
	media     MediaState
	presented time.Time

	mu      sync.Mutex
	results map[uuid.UUID]Result
	order   []uuid.UUID
}

// New makes a printer. Nothing is opened yet.
func New(c Config, log *slog.Logger) *Printer {
	return &Printer{config: c.complete(), log: log, seen: make(chan Status, 1), turn: make(chan struct{}, 1), results: map[uuid.UUID]Result{}}
}

func (c Config) complete() Config {
	if c.Answer == 0 {
		c.Answer = 1500 * time.Millisecond
	}
	return c
}

// Use turns to another port, speed or profile when the job that is on its way has ended. Nothing is opened yet.
func (p *Printer) Use(ctx context.Context, c Config) error {
	if err := p.take(ctx); err != nil {
		return err
	}
	defer p.release()
	err := p.drop()
	p.config, p.media = c.complete(), MediaUnknown
	return err
}

// take waits for the line, as long as ctx lets it.
func (p *Printer) take(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("device: waiting for the printer: %w", ctx.Err())
	}
}

func (p *Printer) release() { <-p.turn }

// Close gives the port back. The printer can be used again afterwards.
func (p *Printer) Close() error {
	if err := p.take(context.Background()); err != nil {
		return err
	}
	defer p.release()
	return p.drop()
}

// drop closes the port; the next use opens it anew.
func (p *Printer) drop() error {
	if p.port == nil {
		return nil
	}
	port := p.port
	p.port, p.lacks = nil, false
	return port.Close()
}

// open opens the port. What a printer has in its buffer that was not spoken to before is not known: it may be half a ticket of an earlier life.
func (p *Printer) open() error {
	if p.port != nil {
		return nil
	}
	port, err := serialport.Open(serialport.Config{Name: p.config.Port, Baud: p.config.Baud, Flow: p.config.Flow, Buffer: p.config.Profile.Buffer})
	if err != nil {
		return err
	}
	p.port, p.dirty = port, true
	return nil
}

// Status asks the printer for its state; the error says why it could not be had. It opens the port where it is not open, and closes it where the line
// is dead. A ticket that nobody takes is drawn back when its time is over.
func (p *Printer) Status(ctx context.Context) (Status, error) {
	if err := p.take(ctx); err != nil {
		return Status{}, err
	}
	defer p.release()
	s, err := p.status(ctx)
	return p.observe(ctx, s, err), err
}

// observe makes a state of an answer, looks after the presenter, and hands the state to Watch.
func (p *Printer) observe(ctx context.Context, s escpos.Status, err error) Status {
	st := statusOf(p.config.Profile, s, err)
	p.presenter(ctx, s, err)
	st.Media = p.media
	select {
	case <-p.seen: // an older one that nobody has looked at
	default:
	}
	p.seen <- st // nobody else sends: the turn is ours
	return st
}

// presenter follows the ticket that was printed last.
func (p *Printer) presenter(ctx context.Context, s escpos.Status, err error) {
	switch at := s.Has(escpos.AtMouth); {
	case !p.config.Profile.Knows(escpos.AtMouth):
		p.media = MediaNotSupported
	case err != nil && p.media != MediaTaken && p.media != MediaRetracted:
		p.media = MediaUnknown
	case err != nil:
	case at && p.media != MediaPresent && p.media != MediaRetracted:
		p.media, p.presented = MediaPresent, time.Now()
	case at && p.media == MediaPresent:
		p.retract(ctx)
	case !at && p.media == MediaPresent:
		p.media = MediaTaken
	case !at && p.media == MediaUnknown:
		p.media = MediaNotPresent
	}
}

// retract draws a ticket back whose time is over: what stands on it is nobody else's business.
func (p *Printer) retract(ctx context.Context) {
	pr := p.config.Profile.Presenter
	if pr == nil || len(pr.Retract) == 0 || pr.Wait.Duration == 0 || time.Since(p.presented) < pr.Wait.Duration {
		return
	}
	if err := p.write(ctx, pr.Retract, p.config.Answer); err != nil {
		p.log.Warn("the ticket could not be retracted", "error", err)
		return
	}
	p.media = MediaRetracted
}

func (p *Printer) known(id uuid.UUID) (Result, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, ok := p.results[id]
	return r, ok
}

func (p *Printer) remember(id uuid.UUID, r Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.results[id] = r
	p.order = append(p.order, id)
	if len(p.order) > keep {
		delete(p.results, p.order[0])
		p.order = p.order[1:]
	}
}
