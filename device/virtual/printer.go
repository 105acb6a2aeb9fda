package virtual

import (
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"infomat/device/escpos"
)

// dotsPerMM is the resolution: 203 dpi.
const dotsPerMM = 8

// Options configure the printer.
type Options struct {
	Profile escpos.Profile
	Baud    int           // speed of the line in bits per second, the only one understood; 0: any, without delay
	Buffer  int           // receive buffer in bytes; 0: the profile's
	XonXoff bool          // stop the host when the buffer is nearly full; otherwise bytes without room are dropped
	Speed   int           // millimetres of paper per second; 0: printing takes no time
	PaperMM int           // length of the roll in millimetres; 0: it never ends
	CutAt   int           // unplug the cable after this many bytes of the first job, counted from its ESC @; 0: never
	Seed    int64         // of the noise
	Macro   Macro         // what it makes of GS : and GS ^
	ASB     bool          // sends its automatic status from the start, as some printers are set by a switch
	Twice   bool          // sends each answer twice
	Again   time.Duration // how much later each answer comes once more; 0: never
	Hasty   bool          // answers only the first of several real-time questions that come in one go
	Chatty  bool          // sends its automatic status before each answer
	Late    time.Duration // how late its answers come
	Deaf    bool          // the wire back to the host is missing; see Hear

	USB         bool // a line of USB's printer class instead of a pseudo-terminal: see Printer.USB
	OneWay      bool // USB: the printer has no way back, and its interface says so
	Benign      bool // USB: the status of the class tells of no trouble, whatever there is
	BusyOffline bool // USB: the printer takes nothing while a fault stops it
}

// Printer is a printer at the end of a pseudo-terminal, or of a line of USB's printer class. It is safe for concurrent
// use.
type Printer struct {
	options Options
	dir     string // of the line's stable name
	running sync.WaitGroup
	closed  chan struct{}
	work    chan struct{} // signals a change that the mechanism may wait for

	mu       sync.Mutex
	line     *line  // nil: unplugged, or on USB not open
	node     string // on USB: the name of the device; "": unplugged
	plugs    int    // on USB: how often the cable was plugged in
	interp   *interpreter
	other    *body // the printer that Swap has put aside; nil: none
	capacity int
	early    []byte // may become a real-time command
	buffer   []byte // received and not carried out yet
	command  []byte // taken from the buffer, not whole yet
	received []byte // all bytes received
	lost     int
	last     time.Time
	faults   Fault
	held     bool   // XOFF was sent
	next     *event // nil: nothing is to happen
	busy     bool   // a real-time question of the bytes that are being received was answered
	atItem   func() // called when an item was printed; nil: nothing
	asb      bool
	reported []byte // the last automatic status
	paper    int    // dots left on the roll
	endless  bool
	due      int       // dots by which the last command has moved the paper
	still    time.Time // when the motor stops
	rng      *rand.Rand
	late     chan lateAnswer
}

// line is one connection of the cable.
type line struct {
	master *os.File
	slave  *os.File // nil on USB: the host has it
}

func (l *line) Close() error {
	if l.slave == nil {
		return l.master.Close()
	}
	return errors.Join(l.master.Close(), l.slave.Close())
}

// Start creates the line and switches the printer on. Close ends it.
func Start(o Options) (*Printer, error) {
	dir, err := os.MkdirTemp("", "virtual-printer-")
	if err != nil {
		return nil, fmt.Errorf("virtual: %w", err)
	}
	p := &Printer{
		options: o, dir: dir, closed: make(chan struct{}), work: make(chan struct{}, 1),
		late:   make(chan lateAnswer, maxLate),
		interp: newInterpreter(o.Profile), capacity: o.Buffer,
		rng: rand.New(rand.NewSource(o.Seed)), paper: o.PaperMM * dotsPerMM, endless: o.PaperMM == 0,
	}
	if p.capacity == 0 {
		p.capacity = o.Profile.Buffer
	}
	p.connect()
	if err := p.Plug(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	p.asb = o.ASB
	p.running.Go(p.print)
	p.running.Go(p.deliver)
	return p, nil
}

// connect connects the interpreter with the printer.
func (p *Printer) connect() {
	p.interp.macro.kind = p.options.Macro
	p.interp.hooks = hooks{
		answer: p.answer, status: p.status, asb: p.switchASB, reset: func() { p.switchASB(p.options.ASB) }, moved: p.feed,
		fate: func(int, Fate) { p.changed() },
	}
}

// Path returns the name of the line for the host. Like the names in /dev/serial/by-id it stays the same
// after the cable was unplugged and plugged in again.
func (p *Printer) Path() string { return filepath.Join(p.dir, "printer") }

// Plug plugs the cable in. It does nothing if the cable is in.
func (p *Printer) Plug() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.options.USB {
		return p.plugUSB()
	}
	if p.line != nil {
		return nil
	}
	master, slave, err := openLine()
	if err != nil {
		return err
	}
	if err := os.Symlink(slave.Name(), p.Path()); err != nil {
		return errors.Join(fmt.Errorf("virtual: %w", err), master.Close(), slave.Close())
	}
	l := &line{master: master, slave: slave}
	p.line, p.held = l, false
	p.running.Go(func() { p.listen(l) })
	return nil
}

// Unplug unplugs the cable. The printer keeps what it has received.
func (p *Printer) Unplug() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.unplug()
}

func (p *Printer) unplug() error {
	if p.options.USB {
		return p.unplugUSB()
	}
	if p.line == nil {
		return nil
	}
	l := p.line
	p.line, p.early = nil, nil
	return errors.Join(os.Remove(p.Path()), l.Close())
}

// Plugged reports whether the cable is in.
func (p *Printer) Plugged() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.line != nil || p.node != ""
}

// Close unplugs the cable and switches the printer off.
func (p *Printer) Close() error {
	err := p.Unplug()
	close(p.closed)
	p.running.Wait()
	return errors.Join(err, os.RemoveAll(p.dir))
}

// Received returns all bytes received so far.
func (p *Printer) Received() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.received)
}

// Lost returns the number of bytes that had no room in the buffer, and of answers that could not be sent.
func (p *Printer) Lost() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// LastByte returns the time at which the last byte entered the buffer. Real-time commands do not enter it.
func (p *Printer) LastByte() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// Papers returns the pieces of paper cut off so far.
func (p *Printer) Papers() []Paper {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.interp.papers)
}

// Unfinished returns the piece that is not cut off yet.
func (p *Printer) Unfinished() Paper {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.interp.now
	now.Items = slices.Clone(now.Items)
	return now
}

// listen receives from a line until it is unplugged.
func (p *Printer) listen(l *line) {
	buf := make([]byte, 256)
	if p.options.Baud > 0 {
		buf = buf[:4] // so that XOFF stops the host after a few bytes, as on a real line
	}
	due := time.Now()
	for {
		n, err := l.master.Read(buf)
		if err != nil {
			return
		}
		if p.options.Baud > 0 {
			if now := time.Now(); due.Before(now.Add(-time.Millisecond)) {
				due = now // the line was idle
			}
			due = due.Add(time.Duration(n) * 10 * time.Second / time.Duration(p.options.Baud))
			time.Sleep(time.Until(due))
		}
		if !p.receive(l, buf[:n]) {
			return
		}
	}
}
