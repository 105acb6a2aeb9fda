package virtual

import (
	"bytes"
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

// dotsPerMM are the dots of 203 dpi.
const dotsPerMM = 8

// Options are how the printer is set up.
type Options struct {
	Profile escpos.Profile
	Baud    int   // the line takes this many bits a second, and no other speed is understood; 0: any, as fast as it goes
	Buffer  int   // receive buffer in bytes; 0: the profile's
	XonXoff bool  // the printer holds the host up when its buffer is nearly full; otherwise what finds no room is dropped without a word
	Speed   int   // millimetres of paper a second; 0: no time at all
	PaperMM int   // length of the roll; 0: it never ends
	CutAt   int   // the line is cut when this many bytes of the first job have come, from its ESC @; 0: never
	Seed    int64 // of the noise
}

// Printer is a printer at the end of a pseudo-terminal.
type Printer struct {
	options Options
	dir     string // of the line's stable name
	lives   sync.WaitGroup
	closed  chan struct{}
	work    chan struct{} // something has changed that the mechanism may wait for

	mu       sync.Mutex
	line     *line // nil: unplugged
	machine  *interpreter
	capacity int
	early    []byte // may become a command that is obeyed at once
	buffer   []byte // came in and is not carried out yet
	command  []byte // taken from the buffer and not whole yet
	received []byte // all that came, for the books
	lost     int
	last     time.Time
	faults   Fault
	held     bool // XOFF was sent
	asb      bool
	told     []byte // by the automatic status
	paper    int    // dots left
	endless  bool
	due      int       // dots to be moved by what was just carried out
	still    time.Time // when the motor stops
	rng      *rand.Rand
}

// line is one plugging in of the cable.
type line struct{ master, slave *os.File }

func (l *line) Close() error { return errors.Join(l.master.Close(), l.slave.Close()) }

// Start makes the line and switches the printer on.
func Start(o Options) (*Printer, error) {
	dir, err := os.MkdirTemp("", "virtual-printer-")
	if err != nil {
		return nil, fmt.Errorf("virtual: %w", err)
	}
	p := &Printer{
		options: o, dir: dir, closed: make(chan struct{}), work: make(chan struct{}, 1), machine: newInterpreter(o.Profile), capacity: o.Buffer,
		rng: rand.New(rand.NewSource(o.Seed)), paper: o.PaperMM * dotsPerMM, endless: o.PaperMM == 0,
	}
	if p.capacity == 0 {
		p.capacity = o.Profile.Buffer
	}
	p.machine.hooks = hooks{answer: p.answer, state: p.state, asb: p.switchASB, moved: p.feed, fate: func(int, Fate) { p.changed() }}
	if err := p.Plug(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	p.lives.Go(p.print)
	return p, nil
}

// Path is the line's name for the host. It stays the same when the cable is pulled and put back, as names in /dev/serial/by-id do.
func (p *Printer) Path() string { return filepath.Join(p.dir, "printer") }

// Plug puts the cable in.
func (p *Printer) Plug() error {
	p.mu.Lock()
	defer p.mu.Unlock()
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
	l := &line{master, slave}
	p.line, p.held = l, false
	p.lives.Go(func() { p.listen(l) })
	return nil
}

// Unplug pulls the cable. The printer keeps what has come.
func (p *Printer) Unplug() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.unplug()
}

func (p *Printer) unplug() error {
	if p.line == nil {
		return nil
	}
	l := p.line
	p.line, p.early = nil, nil
	return errors.Join(os.Remove(p.Path()), l.Close())
}

// Plugged tells whether the cable is in.
func (p *Printer) Plugged() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.line != nil
}

// Close switches the printer off: the line is cut.
func (p *Printer) Close() error {
	err := p.Unplug()
	close(p.closed)
	p.lives.Wait()
	return errors.Join(err, os.RemoveAll(p.dir))
}

// Received is every byte that came.
func (p *Printer) Received() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.received)
}

// Lost is how many bytes found no room in the buffer.
func (p *Printer) Lost() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
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
	return slices.Clone(p.machine.papers)
}

// Unfinished is the piece that hangs in the printer, not cut off.
func (p *Printer) Unfinished() Paper {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.machine.now
	now.Items = slices.Clone(now.Items)
	return now
}

// listen takes what the line brings until it is cut.
func (p *Printer) listen(l *line) {
	buf := make([]byte, 256)
	if p.options.Baud > 0 {
		buf = buf[:4] // bytes come one by one, and XOFF stops them so
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
		if !p.came(l, buf[:n]) {
			return
		}
	}
}

// came takes bytes; false: the line is no more.
func (p *Printer) came(l *line, data []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.line != l {
		return false
	}
	most, cut := p.cutWithin(data)
	p.take(data[:most])
	if cut {
		_ = p.unplug() // that it fails is the point
	}
	return !cut
}

// cutWithin tells how many of the bytes still come before the line is cut.
func (p *Printer) cutWithin(data []byte) (most int, cut bool) {
	if p.options.CutAt == 0 {
		return len(data), false
	}
	all := append(slices.Clone(p.received), data...)
	begin := bytes.Index(all, []byte{0x1B, '@'})
	if begin < 0 || len(all) < begin+p.options.CutAt {
		return len(data), false
	}
	most = begin + p.options.CutAt - len(p.received)
	p.options.CutAt = 0
	return most, true
}
