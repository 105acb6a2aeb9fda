package virtual

import (
	"errors"
	"fmt"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// openLine opens a pseudo-terminal in raw mode: like a serial line it changes and echoes nothing.
func openLine() (master, slave *os.File, err error) {
	master, slave, err = pty.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("virtual: %w", err)
	}
	err = errors.Join(raw(slave), pollable(master))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("virtual: %w", err), master.Close(), slave.Close())
	}
	return master, slave, nil
}

// termios calls do with the settings of a line.
func termios(f *os.File, do func(fd int, t *unix.Termios) error) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var done error
	err = c.Control(func(fd uintptr) {
		t, err := unix.IoctlGetTermios(int(fd), unix.TCGETS)
		if err == nil {
			err = do(int(fd), t)
		}
		done = err
	})
	return errors.Join(err, done)
}

// raw switches off all processing of the bytes.
func raw(f *os.File) error {
	return termios(f, func(fd int, t *unix.Termios) error {
		t.Iflag, t.Oflag = 0, 0
		t.Lflag &^= unix.ECHO | unix.ICANON | unix.ISIG | unix.IEXTEN
		return unix.IoctlSetTermios(fd, unix.TCSETS, t)
	})
}

// pollable makes Close interrupt a pending Read.
func pollable(f *os.File) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = c.Control(func(fd uintptr) { set = unix.SetNonblock(int(fd), true) })
	return errors.Join(err, set)
}

// speeds are the constants of the supported speeds in bits per second.
var speeds = map[int]uint32{
	1200: unix.B1200, 2400: unix.B2400, 4800: unix.B4800, 9600: unix.B9600,
	19200: unix.B19200, 38400: unix.B38400, 57600: unix.B57600, 115200: unix.B115200,
}

// sameSpeed reports whether the host has set this speed. It returns true if the speed cannot be read.
func sameSpeed(master *os.File, baud int) bool {
	same := true
	_ = termios(master, func(_ int, t *unix.Termios) error { // fails if the line was unplugged meanwhile
		same = t.Cflag&unix.CBAUD == speeds[baud]
		return nil
	})
	return same
}
