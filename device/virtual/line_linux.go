package virtual

import (
	"errors"
	"fmt"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// openLine makes a pseudo-terminal whose line changes and echoes nothing, as a serial one does.
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

// termios does something with a line's settings.
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

func raw(f *os.File) error {
	return termios(f, func(fd int, t *unix.Termios) error {
		t.Iflag, t.Oflag = 0, 0
		t.Lflag &^= unix.ECHO | unix.ICANON | unix.ISIG | unix.IEXTEN
		return unix.IoctlSetTermios(fd, unix.TCSETS, t)
	})
}

// pollable lets Close free a pending Read.
func pollable(f *os.File) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = c.Control(func(fd uintptr) { set = unix.SetNonblock(int(fd), true) })
	return errors.Join(err, set)
}

var speeds = map[int]uint32{
	1200: unix.B1200, 2400: unix.B2400, 4800: unix.B4800, 9600: unix.B9600, 19200: unix.B19200, 38400: unix.B38400, 57600: unix.B57600, 115200: unix.B115200,
}

// sameSpeed tells whether the host has set this speed; a line that does not say is taken for it.
func sameSpeed(master *os.File, baud int) bool {
	same := true
	_ = termios(master, func(_ int, t *unix.Termios) error { // a line that was cut meanwhile has no speed
		same = t.Cflag&unix.CBAUD == speeds[baud]
		return nil
	})
	return same
}
