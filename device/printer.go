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
	"infomat/device/line"
	"infomat/device/serialport"
)

// Outcome is the outcome of a job.
type Outcome int

// The outcomes.
const (
	Unknown Outcome = iota // the whole job was sent, but the printer did not confirm it: a ticket may have come out
	Printed                // the printer has confirmed the end of the job
	Failed                 // no whole ticket can have come out
)

// String returns the name of o that the commands print.
func (o Outcome) String() string {
	return [...]string{Unknown: "unknown", Printed: "printed", Failed: "failed"}[o]
}

// Job is bytes to be printed. A job with the same ID is printed at most once.
type Job struct {
	ID   uuid.UUID
	Data []byte // in the printer's language, as an escpos.Encoder of its profile writes it, with the cut at the end
}

// Result is the result of a job. Err is nil only if Outcome is Printed.
type Result struct {
	Outcome Outcome
	Err     error
	Sent    time.Time // when the last byte was on the line; zero if it never was
}

// Config describes the printer and its port: a serial port, or a USB printer such as /dev/usb/lp0, which has
// neither speed nor flow control.
type Config struct {
	Port    string                    // a name that stays, such as one in /dev/serial/by-id or /dev/usb/by-id
	Baud    int                       // bits per second, as the printer is set; 8 data bits, one stop bit
	Flow    serialport.Flow           // as the printer is set; "": none
	Parity  serialport.Parity         // as the printer is set; "": none
	Open    func() (line.Conn, error) // opens the line; nil: by Port
	Profile escpos.Profile
	Timeout time.Duration // of a job, beyond the time that the line needs for it
	Void    []byte        // printed below what a broken job may have left: no ticket; nil: nothing
	Answer  time.Duration // deadline of the answer to a real-time status question; 0: 1.5 s
}

// keep is the number of results that are kept.
const keep = 64

// Printer is one printer at a port. It opens the port when it is first needed, and again after the line was
// lost, so that a cable can be unplugged and plugged in again. It is safe for concurrent use: jobs and
// status questions take turns.
type Printer struct {
	config Config
	log    *slog.Logger
	seen   chan Status // the newest status, for Watch

	turn chan struct{} // held by the goroutine that uses the line; guards the fields below
	port line.Conn
	session
	confirms  bool // the printer has answered the question that confirms a job
	mute      bool // nothing is asked at the moment: the line has no way back, or is taken for one without
	dirty     bool // the contents of the printer's buffer are unknown: clear it before the next job
	half      bool // half a ticket may hang in the printer
	rest      int  // most bytes that may be missing of a picture that was cut off
	pads      int  // how many more times completing it is tried
	media     MediaState
	presented time.Time

	mu      sync.Mutex
	results map[uuid.UUID]Result
	order   []uuid.UUID
}

// session is what was found out about the printer since the port was opened.
type session struct {
	lacks    bool // it has never answered the question that confirms a job, and is not asked again
	marking  marking
	tries    int  // times in a row that the marker was tried in vain
	losses   int  // times in a row that it was lost behind what was printed
	heard    bool // a byte has come
	silent   int  // rounds of questions without an answer before the first byte was heard
	oneWay   bool // the line is taken for one that carries nothing back
	twice    bool // it answers more often than it is asked
	oneByOne bool // it does not answer all questions that come in one go
	asked    int  // questions within what was sent, whose answers were not waited for yet
	stops    int  // times that it has told the terminal to stop (XOFF), and was not obeyed
}

// New returns a printer. It does not open the port: a port that is not there is an error of each job. log gets what a
// technician may want to know of the line, and nothing of what is printed.
func New(c Config, log *slog.Logger) *Printer {
	return &Printer{
		config: c.complete(), log: log, seen: make(chan Status, 1), turn: make(chan struct{}, 1),
		results: map[uuid.UUID]Result{},
	}
}

// complete returns c with its defaults filled in.
func (c Config) complete() Config {
	if c.Answer == 0 {
		c.Answer = 1500 * time.Millisecond
	}
	return c
}

// Use switches to another port, speed or profile after the current job has ended. It does not open the
// port. It returns an error if ctx ends first, or if the old port cannot be closed.
func (p *Printer) Use(ctx context.Context, c Config) error {
	if err := p.take(ctx); err != nil {
		return err
	}
	defer p.release()
	err := p.drop()
	p.config, p.media = c.complete(), MediaUnknown
	return err
}

// take waits for the turn to use the line until ctx ends.
func (p *Printer) take(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("device: waiting for the printer: %w", ctx.Err())
	}
}

func (p *Printer) release() { <-p.turn }

// Close closes the port. The printer can be used again afterwards.
func (p *Printer) Close() error {
	if err := p.take(context.Background()); err != nil {
		return err
	}
	defer p.release()
	return p.drop()
}

// drop closes the port; the next use opens it again.
func (p *Printer) drop() error {
	if p.port == nil {
		return nil
	}
	port := p.port
	p.port, p.session = nil, session{}
	return port.Close()
}

// open opens the port if it is closed. The printer's buffer is unknown then: it may hold half a ticket of
// an earlier run of the program.
func (p *Printer) open() error {
	if p.port != nil {
		return nil
	}
	port, err := openLine(p.config)
	if err != nil {
		return err
	}
	p.port, p.dirty = port, true
	p.mute = oneWay(port)
	return nil
}

// profile returns the profile by which the printer is spoken to.
func (p *Printer) profile() escpos.Profile {
	if p.mute {
		return p.config.Profile.Mute()
	}
	return p.config.Profile
}

// Status asks the printer for its status. It opens the port if needed, and closes it if the line is dead.
// It also retracts a ticket that was not taken within the presenter's time. If the error is not nil, the
// status returns what is known of the printer.
func (p *Printer) Status(ctx context.Context) (Status, error) {
	if err := p.take(ctx); err != nil {
		return Status{}, err
	}
	defer p.release()
	p.mute = oneWay(p.port) // a line that is taken for one without a way back is listened to again
	s, err := p.status(ctx)
	return p.observe(ctx, s, err), err
}

// observe turns the answers, or an error, into a status, handles the presenter, and passes the status on to Watch.
func (p *Printer) observe(ctx context.Context, s escpos.Status, err error) Status {
	st := statusOf(p.profile(), s, err)
	if p.heard && errors.Is(err, ErrSilent) {
		p.tries, p.losses = 0, 0 // it is off, and what comes back may be mended, or another one
	}
	st.Lack = p.lack()
	p.findOneWay(err)
	if p.oneWay && (st.Device == DeviceSilent || st.Device == DeviceNotSupported) {
		st.Device, st.Reason = DeviceOneWay, ErrOneWay.Error()
	}
	p.presenter(ctx, s, err)
	st.Media = p.media
	select {
	case <-p.seen: // an older status that Watch has not received
	default:
	}
	p.seen <- st // does not block: only the holder of the turn sends
	return st
}

// presenter updates the state of the ticket printed last.
func (p *Printer) presenter(ctx context.Context, s escpos.Status, err error) {
	switch at := s.Has(escpos.AtMouth); {
	case !p.profile().Knows(escpos.AtMouth):
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

// retract retracts a ticket that was not taken in time, so that nobody else can read it.
func (p *Printer) retract(ctx context.Context) {
	pr := p.profile().Presenter
	if pr == nil || len(pr.Retract) == 0 || pr.Wait.Duration == 0 || time.Since(p.presented) < pr.Wait.Duration {
		return
	}
	if err := p.write(ctx, pr.Retract, p.config.Answer); err != nil {
		p.log.Warn("the ticket could not be retracted", "error", err)
		return
	}
	p.media = MediaRetracted
}

// known returns the result of a job that was tried before.
func (p *Printer) known(id uuid.UUID) (Result, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, ok := p.results[id]
	return r, ok
}

// remember keeps the result of a job, and drops the oldest result if there are too many.
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
