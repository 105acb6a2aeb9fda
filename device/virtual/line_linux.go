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
	if err := raw(slave); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("virtual: %w", err), master.Close(), slave.Close())
	}
	return master, slave, nil
}

func raw(f *os.File) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = c.Control(func(fd uintptr) {
		var t *unix.Termios
		if t, set = unix.IoctlGetTermios(int(fd), unix.TCGETS); set != nil {
			return
		}
		t.Iflag, t.Oflag = 0, 0
		t.Lflag &^= unix.ECHO | unix.ICANON | unix.ISIG | unix.IEXTEN
		set = unix.IoctlSetTermios(int(fd), unix.TCSETS, t)
	})
	return errors.Join(err, set)
}
