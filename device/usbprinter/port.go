package usbprinter

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"infomat/device/line"
)

// Driver is what the package needs of the system. A printer in software can stand in its place.
type Driver interface {
	// Open opens a printer for exclusive use in non-blocking mode. Its errors are those of os.OpenFile.
	Open(name string) (*os.File, error)
	// Taken returns nil if the printer has taken everything that was written, and EAGAIN if not yet.
	Taken(fd int) error
	// TwoWay reports whether the printer can answer. It returns an error if the printer is gone.
	TwoWay(fd int) (bool, error)
	// PortStatus makes the class's request GET_PORT_STATUS. It may take as long as the driver lets it: 5 s.
	PortStatus(fd int) (byte, error)
}

// Config configures a port.
type Config struct {
	Name   string
	Driver Driver // nil: the system's
}

// Port is an open USB printer. It is a line.Conn.
type Port struct {
	config Config
	oneWay bool

	mu       sync.Mutex
	file     *os.File
	closed   bool
	inFlight int       // bytes of the last block, which the printer may not have taken
	readBy   time.Time // the deadlines, for the file that Discard opens
	writeBy  time.Time
}

var _ line.Conn = (*Port)(nil)

// Open opens a printer for exclusive use. The errors wrap line.ErrNoPort, line.ErrBusy or ErrNotPrinter where
// they apply. A printer without a way back is opened all the same; see OneWay.
func Open(c Config) (*Port, error) {
	if c.Driver == nil {
		c.Driver = system{}
	}
	p := &Port{config: c}
	if err := p.open(); err != nil {
		return nil, err
	}
	err := p.control(p.file, func(fd int) error {
		twoWay, err := c.Driver.TwoWay(fd)
		p.oneWay = !twoWay
		return err
	})
	if err != nil {
		_ = p.Close() // the first error says more
		return nil, fmt.Errorf("usbprinter: %s: %w", c.Name, err)
	}
	return p, nil
}

// open opens the file.
func (p *Port) open() error {
	f, err := p.config.Driver.Open(p.config.Name)
	if err != nil {
		return fmt.Errorf("usbprinter: %q: %w", p.config.Name, opening(err))
	}
	if err := errors.Join(f.SetReadDeadline(p.readBy), f.SetWriteDeadline(p.writeBy)); err != nil {
		return errors.Join(fmt.Errorf("usbprinter: %s: %w", p.config.Name, err), f.Close())
	}
	p.file = f
	return nil
}

// opening returns the error of this package for one of os.OpenFile.
func opening(err error) error {
	switch {
	case errors.Is(err, syscall.EBUSY):
		return fmt.Errorf("%w (%w)", line.ErrBusy, err)
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.ENXIO):
		return fmt.Errorf("%w; %s", line.ErrNoPort, others())
	}
	return err
}

// OneWay reports whether the printer has no way back (protocol 1 of the class): it takes data, and its
// PortStatus is all that it tells.
func (p *Port) OneWay() bool { return p.oneWay }

// current returns the open file.
func (p *Port) current() (*os.File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.file, p.usable()
}

// usable returns an error if the port was closed, or could not be opened again. The caller holds the lock.
func (p *Port) usable() error {
	switch {
	case p.closed:
		return os.ErrClosed
	case p.file == nil:
		return line.ErrHangup
	}
	return nil
}

// control calls f with the descriptor of a file.
func (p *Port) control(file *os.File, f func(fd int) error) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var done error
	if err := raw.Control(func(fd uintptr) { done = f(int(fd)) }); err != nil {
		return p.failed(err)
	}
	return p.failed(done)
}

// emptyEvery is the pause after an empty packet, which usblp reports as the end of the file.
const emptyEvery = 5 * time.Millisecond

// Read reads what was received, and waits for at least one byte until the deadline. It returns line.ErrHangup
// if the printer is gone, and ErrOneWay at once if it cannot answer.
func (p *Port) Read(b []byte) (int, error) {
	if p.oneWay {
		return 0, ErrOneWay
	}
	f, err := p.current()
	if err != nil {
		return 0, err
	}
	for {
		n, err := f.Read(b)
		if !errors.Is(err, io.EOF) {
			return n, p.failed(err)
		}
		if err := p.present(f); err != nil {
			return 0, err
		}
		time.Sleep(emptyEvery)
	}
}

// present returns line.ErrHangup if the printer is gone.
func (p *Port) present(f *os.File) error {
	return p.control(f, func(fd int) error {
		_, err := p.config.Driver.TwoWay(fd)
		return err
	})
}

// SetReadDeadline sets the deadline of Read.
func (p *Port) SetReadDeadline(t time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.readBy = t
	if err := p.usable(); err != nil {
		return err
	}
	return p.file.SetReadDeadline(t)
}

// SetWriteDeadline sets the deadline of Write, which passes if the printer takes nothing for longer: it is
// out of paper, its cover is open, or its buffer is full.
func (p *Port) SetWriteDeadline(t time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writeBy = t
	if err := p.usable(); err != nil {
		return err
	}
	return p.file.SetWriteDeadline(t)
}

// Waiting returns the number of bytes that were written and that the printer has not taken.
func (p *Port) Waiting() (int, error) {
	f, err := p.current()
	if err != nil {
		return 0, err
	}
	err = p.control(f, func(fd int) error { return p.config.Driver.Taken(fd) })
	p.mu.Lock()
	defer p.mu.Unlock()
	if errors.Is(err, syscall.EAGAIN) {
		return max(1, p.inFlight), nil
	}
	return 0, err
}

// Discard drops what the printer has not taken, by closing the file and opening it again: usblp knows no
// other way. After an error the port can only be closed.
func (p *Port) Discard() error {
	if n, err := p.Waiting(); err != nil || n == 0 {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.usable(); err != nil {
		return err
	}
	err := p.file.Close()
	p.file, p.inFlight = nil, 0
	return errors.Join(err, p.open())
}

// PortStatus asks for the status of the class. It takes at most 5 s, the limit of the driver. An error that
// does not wrap line.ErrHangup means that the printer does not support the request.
func (p *Port) PortStatus() (s PortStatus, err error) {
	f, err := p.current()
	if err != nil {
		return 0, err
	}
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	var b byte
	if bad := raw.Control(func(fd uintptr) { b, err = p.config.Driver.PortStatus(int(fd)) }); bad != nil {
		return 0, p.failed(bad)
	}
	switch {
	case errors.Is(err, syscall.ENODEV):
		return 0, p.failed(err)
	case err != nil:
		return 0, fmt.Errorf("usbprinter: the status of the port: %w", err)
	}
	return PortStatus(b), nil
}

// Time returns 0: the line is faster than every printer.
func (p *Port) Time(int) time.Duration { return 0 }

// Close closes the port, interrupts a pending Read and Write, and drops what the printer has not taken.
func (p *Port) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return os.ErrClosed
	}
	p.closed = true
	if p.file == nil {
		return nil
	}
	return p.file.Close()
}

// failed returns os.ErrClosed after Close, line.ErrHangup for an error of the device, and err for one that
// leaves the line as it is.
func (p *Port) failed(err error) error {
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, syscall.EAGAIN) {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return os.ErrClosed
	}
	return fmt.Errorf("%w (%w)", line.ErrHangup, err)
}
