package scanner

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"infomat/device/line"
	"infomat/device/serialport"
)

// Config is the line of a serial scanner.
type Config struct {
	Port   string // such as /dev/serial/by-id/…
	Baud   int
	Suffix Suffix
}

// Status is what is known of a scanner.
type Status struct {
	Open   bool
	Err    error // why it is not; nil before the first try
	Scans  int   // codes since the start, of every form
	Last   Form  // of the last one
	Length int   // of the last one
}

// reopenAfter is how long a line that could not be opened, or broke off, is left alone.
const reopenAfter = 2 * time.Second

// Scanner reads codes from a serial line, and opens the line again when it was pulled out and put back. It is safe for
// concurrent use. The zero value is not useful; see New.
type Scanner struct {
	config  Config
	heard   func(Scan)
	changed func()
	log     *slog.Logger

	mu     sync.Mutex
	status Status
}

// New returns a scanner. Heard gets each code on Run's goroutine, must not block, and owns the Scan. Changed is called
// when the line was opened or lost; it may be nil.
func New(c Config, heard func(Scan), changed func(), log *slog.Logger) *Scanner {
	if changed == nil {
		changed = func() {}
	}
	return &Scanner{config: c, heard: heard, changed: changed, log: log}
}

// Status returns what is known of the scanner now.
func (s *Scanner) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Run reads until ctx ends.
func (s *Scanner) Run(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.session(ctx)
		if ctx.Err() != nil {
			return
		}
		s.line(false, err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(reopenAfter):
		}
	}
}

// line notes whether the line is open. What is new is logged once.
func (s *Scanner) line(open bool, err error) {
	s.mu.Lock()
	news := s.status.Open != open || (s.status.Err == nil) != (err == nil)
	s.status.Open, s.status.Err = open, err
	s.mu.Unlock()
	if !news {
		return
	}
	if open {
		s.log.Info("scanner", "open", true)
	} else {
		s.log.Warn("scanner", "open", false, "error", err)
	}
	s.changed()
}

// session reads from one opening of the line to its end.
func (s *Scanner) session(ctx context.Context) error {
	port, err := serialport.Open(serialport.Config{Name: s.config.Port, Baud: s.config.Baud})
	if err != nil {
		return err
	}
	closed := context.AfterFunc(ctx, func() { _ = port.Close() }) // interrupts Read
	defer func() {
		if closed() {
			_ = port.Close()
		}
	}()
	if err := port.Flush(); err != nil { // what was scanned before nobody waits for
		return err
	}
	s.line(true, nil)
	return s.read(port)
}

// read reads codes until the line ends.
func (s *Scanner) read(port line.Conn) error {
	f := frame{suffix: s.config.Suffix, code: make([]byte, 0, maxCode)}
	defer f.forget()
	buffer := make([]byte, 256)
	defer clear(buffer)
	for {
		if err := port.SetReadDeadline(time.Now().Add(silence)); err != nil {
			return err
		}
		n, err := port.Read(buffer)
		now := time.Now()
		for _, b := range buffer[:n] {
			if scan, ended := f.add(b, now); ended {
				s.tell(scan)
			}
		}
		clear(buffer[:n])
		if scan, ended := f.quiet(now); n == 0 && ended {
			s.tell(scan)
		}
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
}

// tell counts a code and hands it on. The log says nothing of it: who stands there is nobody's business.
func (s *Scanner) tell(scan Scan) {
	s.mu.Lock()
	s.status.Scans++
	s.status.Last, s.status.Length = scan.Form, scan.Length
	s.mu.Unlock()
	s.heard(scan)
}
