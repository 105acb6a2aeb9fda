package usbprinter

import (
	"os"
	"testing"

	"github.com/creack/pty"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a driver whose device is a pseudo-terminal or a socket. The requests that these lack are fields.
type fake struct {
	system
	open   func() (*os.File, error)
	mute   bool
	status func() (byte, error)
}

func (f *fake) Open(string) (*os.File, error) { return f.open() }

func (f *fake) TwoWay(fd int) (bool, error) {
	fds := []unix.PollFd{{Fd: int32(fd)}}
	if n, err := unix.Poll(fds, 0); err == nil && n > 0 && fds[0].Revents&unix.POLLHUP != 0 {
		return false, unix.ENODEV // as usblp says it; a terminal reports the end of the file
	}
	_, err := f.system.TwoWay(fd)
	return !f.mute, err
}

func (f *fake) PortStatus(int) (byte, error) { return f.status() }

// onTerminal is a line whose device is a pseudo-terminal: the port, and the printer's end.
func onTerminal(t *testing.T, f *fake) (*Port, *os.File) {
	t.Helper()
	printer, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	raw.Iflag, raw.Oflag, raw.Lflag = 0, 0, 0
	if err := unix.IoctlSetTermios(int(slave.Fd()), unix.TCSETS, raw); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = printer.Close() // some tests have closed it
		_ = slave.Close()
	})
	f.open = func() (*os.File, error) {
		return os.OpenFile(slave.Name(), os.O_RDWR|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	}
	return opened(t, f), printer
}

// onPackets is a line whose device is a socket that keeps packets apart, as USB does.
func onPackets(t *testing.T, f *fake) (*Port, *os.File) {
	t.Helper()
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	printer := os.NewFile(uintptr(ends[1]), "printer")
	t.Cleanup(func() { _ = printer.Close() })
	f.open = func() (*os.File, error) { return os.NewFile(uintptr(ends[0]), "host"), nil }
	return opened(t, f), printer
}

func opened(t *testing.T, f *fake) *Port {
	t.Helper()
	p, err := Open(Config{Name: "printer", Driver: f})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}
