// Package line is what a printer needs of its line, whatever kind of line it is: the interface of an open
// line, and the errors by which a caller decides.
//
// The rule of this folder: bytes and deadlines, nothing about printers. It imports nothing of the project.
package line

import (
	"errors"
	"io"
	"time"
)

// The errors that opening and using a line wrap. A deadline that has passed is os.ErrDeadlineExceeded.
var (
	ErrBusy   = errors.New("the port is in use by another program")
	ErrHangup = errors.New("the line was disconnected")
	ErrNoPort = errors.New("there is no such port")
)

// Conn is an open line to a printer. Read and Write may be called concurrently, each by one goroutine at a
// time. An error of Read or Write that is not a deadline means that the line has to be opened again.
type Conn interface {
	// Read waits for at least one byte until the read deadline. Write returns when the system or the printer has taken
	// all bytes, or with the number of bytes that may have left this computer. Close interrupts both, and drops
	// what was written and has not left.
	io.ReadWriteCloser
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error

	// Flush drops what was received and not read.
	Flush() error
	// Discard drops what was written and has not left this computer.
	Discard() error
	// Waiting returns the number of bytes that were written and have not left this computer.
	Waiting() (int, error)
	// Time returns how long the line needs for so many bytes.
	Time(bytes int) time.Duration
}
