package serialport

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// exclusive keeps others of our kind from the port. The lock is advisory, so it is taken before tarm opens and configures the line; TIOCEXCL, set
// in prepare, keeps out everybody but root.
func exclusive(name string) (io.Closer, error) {
	f, err := os.OpenFile(name, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if errors.Is(err, unix.EBUSY) {
		return nil, ErrBusy
	}
	if err != nil {
		return nil, err
	}
	if _, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS); err != nil {
		_ = f.Close()
		return nil, ErrNotTTY
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, ErrBusy
	}
	return f, nil
}

func nonBlocking(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	if err := raw.Control(func(fd uintptr) { set = unix.SetNonblock(int(fd), true) }); err != nil {
		return err
	}
	return set
}

// prepare sets what tarm cannot: flow control and exclusive use.
func (p *Port) prepare(flow Flow) error {
	return p.ioctl(func(fd int) error {
		t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err != nil {
			return err
		}
		t.Cflag &^= unix.CRTSCTS
		t.Iflag &^= unix.IXON | unix.IXOFF | unix.IXANY
		switch flow {
		case FlowRTSCTS:
			t.Cflag |= unix.CRTSCTS
		case FlowXONXOFF:
			t.Iflag |= unix.IXON | unix.IXOFF
			t.Cc[unix.VSTART], t.Cc[unix.VSTOP] = 0x11, 0x13 // tarm leaves them zero: without them nothing is held up
		}
		if err := unix.IoctlSetTermios(fd, unix.TCSETS, t); err != nil {
			return err
		}
		_ = unix.IoctlSetInt(fd, unix.TIOCEXCL, 0) // not every line has it; the lock is the rule
		return nil
	})
}

// ioctl carries out f with the descriptor that was opened beside tarm's.
func (p *Port) ioctl(f func(fd int) error) error {
	lock, ok := p.lock.(*os.File)
	if !ok {
		return errors.ErrUnsupported
	}
	c, err := lock.SyscallConn()
	if err != nil {
		return err
	}
	var done error
	if err := c.Control(func(fd uintptr) { done = f(int(fd)) }); err != nil {
		return err
	}
	return told(done)
}

// Flush drops what has come and was not read.
func (p *Port) Flush() error {
	return p.ioctl(func(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) })
}

// Discard drops what was written and is not on the line yet, so that it is not sent later, when the printer goes on.
func (p *Port) Discard() error {
	return p.ioctl(func(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCOFLUSH) })
}

// Waiting is how many bytes were written and are not on the line yet.
func (p *Port) Waiting() (n int, err error) {
	err = p.ioctl(func(fd int) (err error) {
		n, err = unix.IoctlGetInt(fd, unix.TIOCOUTQ)
		return err
	})
	return n, err
}
