package serialport

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"infomat/device/line"
)

// exclusive locks the port against other instances of this program. The lock is advisory, so it is taken
// before tarm opens and configures the line; TIOCEXCL, set in prepare, keeps out all other programs except
// those of root.
func exclusive(name string) (io.Closer, error) {
	f, err := os.OpenFile(name, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if errors.Is(err, unix.EBUSY) {
		return nil, line.ErrBusy
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
		return nil, line.ErrBusy
	}
	return f, nil
}

// nonBlocking sets the mode that Go's poller needs.
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

// prepare sets what tarm does not: flow control and exclusive use.
func (p *Port) prepare(flow Flow) error {
	_, err := p.counted()
	p.lines.counted = err == nil
	return p.ioctl(func(fd int) error {
		t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err != nil {
			return err
		}
		t.Cflag &^= unix.CRTSCTS
		t.Iflag &^= unix.IXON | unix.IXOFF | unix.IXANY
		switch flow {
		case FlowNone:
		case FlowRTSCTS:
			t.Cflag |= unix.CRTSCTS
		case FlowXONXOFF:
			t.Iflag |= unix.IXON | unix.IXOFF
			t.Cc[unix.VSTART], t.Cc[unix.VSTOP] = 0x11, 0x13 // tarm leaves them zero, and flow control would have no effect
		}
		if err := unix.IoctlSetTermios(fd, unix.TCSETS, t); err != nil {
			return err
		}
		_ = unix.IoctlSetInt(fd, unix.TIOCEXCL, 0) // not supported by every line; the lock is taken anyway
		return nil
	})
}

// ioctl calls f with the descriptor that exclusive has opened beside tarm's.
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
	return hangup(done)
}

// Flush drops what was received and not read.
func (p *Port) Flush() error {
	return p.ioctl(func(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) })
}

// Discard drops what was written and is not on the line yet, so that it is not sent later.
func (p *Port) Discard() error {
	return p.ioctl(func(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCOFLUSH) })
}

// Waiting returns the number of bytes that were written and are not on the line yet.
func (p *Port) Waiting() (n int, err error) {
	err = p.ioctl(func(fd int) (err error) {
		n, err = unix.IoctlGetInt(fd, unix.TIOCOUTQ)
		return err
	})
	return n, err
}
