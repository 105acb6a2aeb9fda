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

	"infomat/device/line"
)

// The errors that this package adds to those of package line.
var (
	ErrNotTTY = errors.New("this is not a serial port")
	ErrFlow   = errors.New("flow has to be none, rtscts or xonxoff")
	ErrParity = errors.New("parity has to be none, even or odd")
)

// Flow is the kind of flow control: how the printer stops the terminal.
type Flow string

// The kinds of flow control. Linux has none by DSR: a printer's DTR is wired to the terminal's CTS.
const (
	FlowNone    Flow = "none"
	FlowRTSCTS  Flow = "rtscts"
	FlowXONXOFF Flow = "xonxoff"
)

// ParseFlow returns the flow control that s names. The error wraps ErrFlow.
func ParseFlow(s string) (Flow, error) {
	switch f := Flow(s); f {
	case FlowNone, FlowRTSCTS, FlowXONXOFF:
		return f, nil
	}
	return "", fmt.Errorf("%q: %w", s, ErrFlow)
}

// chunk returns the number of bytes that are written at once for a printer's buffer of so many bytes. It is
// less than the 128 bytes that are free when a printer sends XOFF, and a sixth of a small buffer (some
// printers have 45 bytes, set by a switch), so that the bytes on their way always have room.
func chunk(buffer int) int {
	const most, least = 64, 4
	if buffer <= 0 {
		return most
	}
	return min(most, max(least, buffer/6))
}

// Config configures a port.
type Config struct {
	Name   string // such as /dev/ttyS0
	Baud   int    // bits per second
	Flow   Flow   // "": none
	Parity Parity // "": none
	Buffer int    // of the printer, in bytes; small ones are filled in small pieces; 0: large
}

// Port is an open port: 8 data bits, one stop bit. Read and Write may be called concurrently,
// each by one goroutine at a time. It is a line.Conn.
type Port struct {
	port  *serial.Port
	file  *os.File // tarm's file, with deadlines; nil if it could not be reached
	lock  io.Closer
	byteT time.Duration // time of a byte on the line
	chunk int           // bytes that are written at once
	flow  Flow
	lines modemLines
	free  time.Time // when the line has transmitted what was written; of Write
}

var _ line.Conn = (*Port)(nil)

// Open opens a port for exclusive use. The errors wrap line.ErrNoPort, ErrNotTTY or line.ErrBusy where they apply.
func Open(c Config) (*Port, error) {
	if err := check(c.Name); err != nil {
		return nil, err
	}
	lock, err := exclusive(c.Name)
	if err != nil {
		return nil, fmt.Errorf("serialport: %s: %w", c.Name, err)
	}
	config := c.tarm()
	port, err := serial.OpenPort(config)
	if err != nil {
		_ = lock.Close() // the first error says more
		return nil, fmt.Errorf("serialport: %s: %w", c.Name, err)
	}
	p := &Port{
		port: port, lock: lock, file: reach(port),
		byteT: c.byteTime(), chunk: chunk(c.Buffer), flow: c.Flow,
	}
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

// check returns an error that tells why name is not a port, or nil.
func check(name string) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("serialport: %q: %w; %s", name, line.ErrNoPort, others())
	case err != nil:
		return fmt.Errorf("serialport: %w", err)
	case info.IsDir():
		return fmt.Errorf("serialport: %s is a directory: %w", name, ErrNotTTY)
	case info.Mode()&fs.ModeCharDevice == 0:
		return fmt.Errorf("serialport: %s: %w", name, ErrNotTTY)
	}
	return nil
}

// others returns a list of the ports of this computer for an error.
func others() string {
	all, err := List()
	if err != nil || len(all) == 0 {
		return "no port is known on this computer"
	}
	var names []string
	for _, i := range all {
		names = append(names, i.Name)
	}
	return "there are: " + strings.Join(names, ", ")
}

// reach is fileOf; a test replaces it.
var reach = fileOf

// fileOf returns the file inside tarm's port, in the non-blocking mode that Go's poller needs: tarm itself
// offers neither deadlines nor a Close that interrupts a pending Read. It returns nil if the library's
// internals have changed.
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

// fallbackTimeout bounds Read, and so Close, if the file could not be reached.
const fallbackTimeout = 200 * time.Millisecond

// reopenWithTimeout opens the port again with a read timeout instead of deadlines.
func (p *Port) reopenWithTimeout(c *serial.Config) (*Port, error) {
	_ = p.port.Close() // nothing was read or written yet
	c.ReadTimeout = fallbackTimeout
	port, err := serial.OpenPort(c)
	if err != nil {
		_ = p.lock.Close()
		return nil, fmt.Errorf("serialport: %s: %w", c.Name, err)
	}
	p.port = port
	return p, nil
}

// Read reads what was received, and waits for at least one byte until the deadline. It returns line.ErrHangup if
// the line was disconnected.
func (p *Port) Read(b []byte) (int, error) {
	if p.file == nil {
		n, err := p.port.Read(b)
		if n == 0 && errors.Is(err, io.EOF) { // a timeout, or a hang-up if the ioctl fails too
			if _, err := p.Waiting(); err != nil {
				return 0, err
			}
			return 0, os.ErrDeadlineExceeded
		}
		return n, hangup(err)
	}
	n, err := p.file.Read(b)
	return n, hangup(err)
}

// grain is how much later than asked for Go wakes up on average: Linux's poller counts in whole milliseconds.
const grain = 500 * time.Microsecond

// Write writes all of b in small pieces, no faster than the line transmits them, so that they do not
// overrun the buffer of a printer without flow control. It returns the number of bytes that the system has
// accepted. It returns when the line has transmitted them; a single piece, such as a question, is left to the
// system, and the next Write waits for it.
func (p *Port) Write(b []byte) (int, error) {
	written := 0
	if now := time.Now(); p.free.Before(now) {
		p.free = now
	}
	for written < len(b) {
		time.Sleep(time.Until(p.free))
		begun := time.Now()
		n, err := p.write(b[written:min(len(b), written+p.chunk)])
		written += n
		if err != nil {
			return written, hangup(err)
		}
		p.look()
		if now := time.Now(); now.Sub(begun) > time.Duration(p.chunk)*p.byteT {
			p.free = now // flow control stopped the line: do not catch up in a burst that the printer has no room for
		}
		p.free = p.free.Add(time.Duration(n) * p.byteT)
	}
	if written > p.chunk {
		time.Sleep(time.Until(p.free) - grain)
	}
	return written, nil
}

// write writes one piece.
func (p *Port) write(b []byte) (int, error) {
	if p.file == nil {
		return p.port.Write(b)
	}
	return p.file.Write(b)
}

// SetReadDeadline sets the deadline of Read. It has no effect on a platform without deadlines, where Read
// returns after 200 ms.
func (p *Port) SetReadDeadline(t time.Time) error {
	if p.file == nil {
		return nil
	}
	return p.file.SetReadDeadline(t)
}

// SetWriteDeadline sets the deadline of Write, which passes if flow control stops the line for longer. It
// has no effect on a platform without deadlines.
func (p *Port) SetWriteDeadline(t time.Time) error {
	if p.file == nil {
		return nil
	}
	return p.file.SetWriteDeadline(t)
}

// Time returns how long the line needs for so many bytes: 10 bits each, with a parity 11.
func (p *Port) Time(bytes int) time.Duration { return time.Duration(bytes) * p.byteT }

// Close closes the port and interrupts a pending Read and Write. It drops what is not on the line yet: the
// operating system would wait half a minute for a printer that has stopped the line.
func (p *Port) Close() error {
	_ = p.Discard() // fails on a dead line, which has nothing to drop
	return errors.Join(p.port.Close(), p.lock.Close())
}

// hangup returns line.ErrHangup for an error that means that the line was disconnected, and err otherwise. Linux
// reports a hang-up as EIO or ENXIO, or as the end of the file.
func hangup(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENXIO) {
		return line.ErrHangup
	}
	return err
}
