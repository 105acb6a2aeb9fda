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
	f, ok := p.lock.(*os.File)
	if !ok {
		return nil
	}
	fd := int(f.Fd())
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
	}
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, t); err != nil {
		return err
	}
	_ = unix.IoctlSetInt(fd, unix.TIOCEXCL, 0) // not every line has it; the lock is the rule
	return nil
}

// Flush drops what has come and was not read.
func (p *Port) Flush() error {
	f, ok := p.lock.(*os.File)
	if !ok {
		return nil
	}
	return told(unix.IoctlSetInt(int(f.Fd()), unix.TCFLSH, unix.TCIFLUSH))
}
