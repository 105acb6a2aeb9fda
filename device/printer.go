package device

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
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

// ErrSilent is a printer that does not answer.
var ErrSilent = errors.New("the printer does not answer")

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
}

// answerWithin is how long a printer may take for a real-time status: it answers at once, from its interrupt.
const answerWithin = 1500 * time.Millisecond

// keep is how many results of jobs are remembered.
const keep = 64

// Printer is one printer at a port. The port is opened when it is first needed, and again when the line has vanished. It is safe for concurrent
// use; jobs and questions take their turn.
type Printer struct {
	config Config
	log    *slog.Logger

	turn  chan struct{} // held by whoever speaks on the line
	port  *serialport.Port
	dirty bool // a job ended badly: the printer's buffer is to be cleared before the next

	mu      sync.Mutex
	results map[uuid.UUID]Result
	order   []uuid.UUID
}

// New makes a printer. Nothing is opened yet.
func New(c Config, log *slog.Logger) *Printer {
	return &Printer{config: c, log: log, turn: make(chan struct{}, 1), results: map[uuid.UUID]Result{}}
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
	p.port = nil
	return port.Close()
}

func (p *Printer) open() error {
	if p.port != nil {
		return nil
	}
	port, err := serialport.Open(serialport.Config{Name: p.config.Port, Baud: p.config.Baud, Flow: p.config.Flow})
	if err != nil {
		return err
	}
	p.port = port
	return nil
}

// Status asks the printer for its state. It opens the port where it is not open, and closes it where the line is dead.
func (p *Printer) Status(ctx context.Context) (escpos.Status, error) {
	if err := p.take(ctx); err != nil {
		return escpos.Status{}, err
	}
	defer p.release()
	return p.status(ctx)
}

func (p *Printer) status(ctx context.Context) (escpos.Status, error) {
	var s escpos.Status
	if err := p.open(); err != nil {
		return s, err
	}
	if err := p.port.Flush(); err != nil {
		return s, errors.Join(err, p.drop())
	}
	for n := byte(1); n <= escpos.Questions; n++ {
		b, err := p.ask(ctx, escpos.Question(n), answerWithin)
		if err != nil {
			return s, p.gone(err)
		}
		if err := s.Add(n, b); err != nil {
			return s, err
		}
	}
	return s, nil
}

// ask writes a question and reads one byte.
func (p *Printer) ask(ctx context.Context, question []byte, within time.Duration) (byte, error) {
	if err := p.bound(ctx, within); err != nil {
		return 0, err
	}
	if _, err := p.port.Write(question); err != nil {
		return 0, err
	}
	var b [1]byte
	_, err := p.port.Read(b[:])
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, ErrSilent
	}
	return b[0], err
}

// bound sets the line's deadlines: a time from now, and never beyond ctx.
func (p *Printer) bound(ctx context.Context, within time.Duration) error {
	at := time.Now().Add(within)
	if d, ok := ctx.Deadline(); ok && d.Before(at) {
		at = d
	}
	return errors.Join(p.port.SetReadDeadline(at), p.port.SetWriteDeadline(at), ctx.Err())
}

// gone closes a port whose line is dead, so that the next use opens it anew: a cable that was pulled and put back is another device.
func (p *Printer) gone(err error) error {
	if errors.Is(err, ErrSilent) || errors.Is(err, os.ErrDeadlineExceeded) {
		return ErrSilent
	}
	return errors.Join(err, p.drop())
}
