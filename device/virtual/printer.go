package virtual

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"infomat/device/escpos"
)

// Fault is what can be wrong with the printer.
type Fault int

// The faults.
const (
	None Fault = iota
	PaperLow
	PaperOut
	CoverOpen
	Cutter
	Offline
	Silent // takes everything, prints nothing, answers nothing
)

// Options are how the printer is set up.
type Options struct {
	Profile escpos.Profile
	Baud    int // the line takes this many bits a second; 0: as fast as it goes
	DieAt   int // the line is cut after this many bytes of jobs; 0: never
}

// Printer is a printer at the end of a pseudo-terminal.
type Printer struct {
	options Options
	master  *os.File // the printer's end of the line
	slave   *os.File // kept open, so that the line outlives the host's port
	path    string
	done    chan struct{}

	mu       sync.Mutex
	machine  *interpreter
	buffer   []byte // came in and is not carried out yet
	received []byte // all that came, for the books
	last     time.Time
	fault    Fault
}

// Start makes the line and switches the printer on.
func Start(o Options) (*Printer, error) {
	master, slave, err := openLine()
	if err != nil {
		return nil, err
	}
	p := &Printer{options: o, master: master, slave: slave, path: slave.Name(), machine: newInterpreter(o.Profile), done: make(chan struct{})}
	p.machine.answers = p.answer
	p.machine.status = p.sensor
	go p.listen()
	return p, nil
}

// Path is the line's name for the host.
func (p *Printer) Path() string { return p.path }

// Close switches the printer off: the line is cut.
func (p *Printer) Close() error {
	err := errors.Join(p.master.Close(), p.slave.Close())
	<-p.done
	return err
}

// SetFault breaks or mends the printer. What waits in the buffer goes on when it is mended.
func (p *Printer) SetFault(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
	p.carryOut()
}

// Received is every byte that came.
func (p *Printer) Received() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.received)
}

// LastByte is when the newest byte came that belongs to a job.
func (p *Printer) LastByte() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// Papers are the pieces cut so far.
func (p *Printer) Papers() []Paper {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Paper(nil), p.machine.papers...)
}

// listen takes what the line brings until it is closed.
func (p *Printer) listen() {
	defer close(p.done)
	buf := make([]byte, 256)
	var came int
	for {
		n, err := p.master.Read(buf)
		if err != nil {
			return
		}
		if p.options.Baud > 0 {
			time.Sleep(time.Duration(n) * 10 * time.Second / time.Duration(p.options.Baud))
		}
		came += n
		if p.options.DieAt > 0 && came >= p.options.DieAt {
			_ = p.master.Close() // the end is the point
			return
		}
		p.take(buf[:n])
	}
}

// take answers what has to be answered at once and puts the rest into the buffer.
func (p *Printer) take(data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.received = append(p.received, data...)
	if p.fault == Silent {
		return
	}
	p.buffer = append(p.buffer, data...)
	p.buffer = p.realTime(p.buffer)
	p.carryOut()
}

// realTime carries out the DLE commands that a printer obeys the moment they come, and takes them out of the buffer.
func (p *Printer) realTime(data []byte) []byte {
	for {
		i := bytes.IndexByte(data, 0x10)
		if i < 0 || i+2 >= len(data) {
			return data
		}
		switch command, n := data[i+1], data[i+2]; {
		case command == 0x04 && n >= 1 && n <= escpos.Questions:
			p.answer([]byte{p.status(n)})
			data = append(data[:i:i], data[i+3:]...)
		case command == 0x05 && n == 2: // clears what came before, and the line that is not printed yet
			p.machine.line = nil
			data = data[i+3:]
		default:
			data = append(data[:i:i], data[i+1:]...)
		}
	}
}

// stopped tells whether the mechanism stands still.
func (p *Printer) stopped() bool {
	switch p.fault {
	case PaperOut, CoverOpen, Cutter, Offline:
		return true
	}
	return false
}

// carryOut prints what is in the buffer. The caller holds the lock.
func (p *Printer) carryOut() {
	if p.stopped() || len(p.buffer) == 0 {
		return
	}
	p.buffer = bytes.Clone(p.machine.feed(p.buffer))
	p.last = time.Now()
}

// status is the answer to DLE EOT n. Bits 1 and 4 are always set.
func (p *Printer) status(n byte) byte {
	b := byte(0x12)
	switch {
	case n == 1 && p.stopped():
		b |= 0x08
	case n == 2 && p.fault == CoverOpen:
		b |= 0x04
	case n == 2 && p.fault == PaperOut:
		b |= 0x20
	case n == 2 && p.fault == Cutter:
		b |= 0x40
	case n == 3 && p.fault == Cutter:
		b |= 0x08
	case n == 4 && p.fault == PaperOut:
		b |= 0x6C
	case n == 4 && p.fault == PaperLow:
		b |= 0x0C
	}
	return b
}

// sensor is the answer to GS r 1.
func (p *Printer) sensor() byte {
	if p.fault == PaperLow {
		return 0x03
	}
	return 0
}

func (p *Printer) answer(b []byte) {
	if _, err := p.master.Write(b); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		p.machine.note("an answer could not be sent: %v", err)
	}
}
