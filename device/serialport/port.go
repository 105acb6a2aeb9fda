package serialport

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"github.com/tarm/serial"
)

// The errors by which a caller decides. A deadline that has passed is os.ErrDeadlineExceeded.
var (
	ErrBusy   = errors.New("the port is in use by another program")
	ErrHangup = errors.New("the line was cut")
	ErrNoPort = errors.New("there is no such port")
	ErrNotTTY = errors.New("this is not a serial port")
	ErrFlow   = errors.New("flow has to be none, rtscts or xonxoff")
)

// Flow is how the printer tells the terminal to wait.
type Flow string

// The kinds of flow control. Linux has none by DSR: a printer's DTR is wired to the terminal's CTS.
const (
	FlowNone    Flow = "none"
	FlowRTSCTS  Flow = "rtscts"
	FlowXONXOFF Flow = "xonxoff"
)

// ParseFlow reads the configuration's word.
func ParseFlow(s string) (Flow, error) {
	switch f := Flow(s); f {
	case FlowNone, FlowRTSCTS, FlowXONXOFF:
		return f, nil
	}
	return "", fmt.Errorf("%q: %w", s, ErrFlow)
}

// chunk is how much is written at once, no faster than the line carries it: less than the 128 bytes that are free when a printer says XOFF, and a sixth
// of a small buffer (45 bytes by a switch on some printers), so that what is on its way always finds room.
func chunk(buffer int) int {
	const most, least = 64, 4
	if buffer <= 0 {
		return most
	}
	return min(most, max(least, buffer/6))
}

// Config names a port.
type Config struct {
	Name   string
	Baud   int
	Flow   Flow
	Buffer int // of the printer, in bytes: a small one is filled in small pieces; 0: it is large
}

// Port is an open port: 8 data bits, no parity, one stop bit. Read and Write may be called side by side; each of them by one goroutine at a time.
type Port struct {
	port  *serial.Port
	file  *os.File // the port's own, made to answer to deadlines and Close; nil where it could not be reached
	lock  io.Closer
	byteT time.Duration // how long the line takes for a byte
	chunk int           // how many bytes are written at once
}

// Open opens a port for exclusive use.
func Open(c Config) (*Port, error) {
	if err := check(c.Name); err != nil {
		return nil, err
	}
	lock, err := exclusive(c.Name)
	if err != nil {
		return nil, fmt.Errorf("serialport: %s: %w", c.Name, err)
	}
	config := &serial.Config{Name: c.Name, Baud: c.Baud}
	port, err := serial.OpenPort(config)
	if err != nil {
		_ = lock.Close() // the first error says more
		return nil, fmt.Errorf("serialport: %s: %w", c.Name, err)
	}
	p := &Port{port: port, lock: lock, byteT: 10 * time.Second / time.Duration(max(1, c.Baud)), chunk: chunk(c.Buffer), file: reach(port)}
	if p.file == nil {
		if p, err = p.reopenWithTimeout(config); err != nil {
			return nil, err
		}
	}
	if err := p.prepare(c.Flow); err != nil {
		_ = p.Close()
		return nil, fmt.Errorf("serialport: %s: %w", c.Name, err)
	}
	return p, nil
}

// check gives a clear reason where the name cannot be a port.
func check(name string) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("serialport: %q: %w; %s", name, ErrNoPort, others())
	case err != nil:
		return fmt.Errorf("serialport: %w", err)
	case info.IsDir():
		return fmt.Errorf("serialport: %s is a directory: %w", name, ErrNotTTY)
	case info.Mode()&fs.ModeCharDevice == 0:
		return fmt.Errorf("serialport: %s: %w", name, ErrNotTTY)
	}
	return nil
}

// others names the ports that there are.
func others() string {
	all, err := List()
	if err != nil || len(all) == 0 {
		return "none is known on this machine"
	}
	var names []string
	for _, i := range all {
		names = append(names, i.Name)
	}
	return "there are: " + strings.Join(names, ", ")
}

// reach is fileOf, but in the test of what is left where it fails.
var reach = fileOf

// fileOf reaches the file inside tarm's port, which offers neither deadlines nor a Close that frees a pending Read, and puts it back into the
// non-blocking mode in which Go's poller serves it. Should the library's inside ever change, it gives nil.
func fileOf(p *serial.Port) (f *os.File) {
	defer func() {
		if recover() != nil {
			f = nil
		}
	}()
	field := reflect.ValueOf(p).Elem().FieldByName("f")
	if !field.IsValid() || field.Type() != reflect.TypeFor[*os.File]() {
		return nil
	}
	file := *(**os.File)(unsafe.Pointer(field.UnsafeAddr()))
	if nonBlocking(file) != nil || file.SetDeadline(time.Time{}) != nil {
		return nil
	}
	return file
}

// fallbackTimeout is how long a Read may hold up Close where the file could not be reached.
const fallbackTimeout = 200 * time.Millisecond

func (p *Port) reopenWithTimeout(c *serial.Config) (*Port, error) {
	_ = p.port.Close() // opened a moment ago, nothing was read or written
	c.ReadTimeout = fallbackTimeout
	port, err := serial.OpenPort(c)
	if err != nil {
		_ = p.lock.Close()
		return nil, fmt.Errorf("serialport: %s: %w", c.Name, err)
	}
	p.port = port
	return p, nil
}

// Read reads what has come, waiting for at least a byte until the deadline.
func (p *Port) Read(b []byte) (int, error) {
	if p.file == nil {
		n, err := p.port.Read(b)
		if n == 0 && errors.Is(err, io.EOF) { // a time-out, or a line that was cut: that answers no question
			if _, err := p.Waiting(); err != nil {
				return 0, err
			}
			return 0, os.ErrDeadlineExceeded
		}
		return n, told(err)
	}
	n, err := p.file.Read(b)
	return n, told(err)
}

// Write writes all of b in small pieces, no faster than the line carries them, so that a printer without flow control does not drop what its
// buffer has no room for. The count is what the system took.
func (p *Port) Write(b []byte) (int, error) {
	written := 0
	due := time.Now()
	for written < len(b) {
		time.Sleep(time.Until(due))
		begun := time.Now()
		n, err := p.write(b[written:min(len(b), written+p.chunk)])
		written += n
		if err != nil {
			return written, told(err)
		}
		if now := time.Now(); now.Sub(begun) > time.Duration(p.chunk)*p.byteT {
			due = now // the printer held the line up: what was missed is not made up for in a burst that it has no room for
		}
		due = due.Add(time.Duration(n) * p.byteT)
	}
	time.Sleep(time.Until(due))
	return written, nil
}

func (p *Port) write(b []byte) (int, error) {
	if p.file == nil {
		return p.port.Write(b)
	}
	return p.file.Write(b)
}

// SetReadDeadline bounds Read. Where the platform has no deadlines Read is bounded by a fifth of a second instead.
func (p *Port) SetReadDeadline(t time.Time) error {
	if p.file == nil {
		return nil
	}
	return p.file.SetReadDeadline(t)
}

// SetWriteDeadline bounds Write: a printer that holds the line up for longer fails it.
func (p *Port) SetWriteDeadline(t time.Time) error {
	if p.file == nil {
		return nil
	}
	return p.file.SetWriteDeadline(t)
}

// Close frees a pending Read and Write, and the port for others. What is not on the line yet is dropped: the system would wait half a minute for a printer
// that holds the line up.
func (p *Port) Close() error {
	_ = p.Discard() // a line that is dead has nothing to drop
	return errors.Join(p.port.Close(), p.lock.Close())
}

// told names a hang-up. On Linux it shows as EIO, or as the end of a file that has none.
func told(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENXIO) {
		return ErrHangup
	}
	return err
}
