package virtual

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"infomat/device/escpos"
)

// USB is the printer's end of a line of USB's printer class, in the place of Linux's driver usblp: it is a
// usbprinter.Driver. A socket stands for the device file. The printer takes bytes only when it has room, and
// what it has not taken is dropped when the host closes.
type USB struct{ p *Printer }

// USB returns the driver of a printer that was started with Options.USB.
func (p *Printer) USB() USB { return USB{p} }

// plugUSB makes the device's name, another one each time, and the stable name that leads to it. The caller
// holds the lock.
func (p *Printer) plugUSB() error {
	if p.node != "" {
		return nil
	}
	node := filepath.Join(p.dir, fmt.Sprintf("lp%d", p.plugs))
	p.plugs++
	if err := errors.Join(os.WriteFile(node, nil, 0o600), os.Symlink(node, p.Path())); err != nil {
		return fmt.Errorf("virtual: %w", err)
	}
	p.node = node
	return nil
}

// unplugUSB removes the names, and closes the line if a host has it open. The caller holds the lock.
func (p *Printer) unplugUSB() error {
	if p.node == "" {
		return nil
	}
	err := errors.Join(os.Remove(p.Path()), os.Remove(p.node))
	p.node, p.early = "", nil
	if p.line != nil {
		_ = p.line.Close() // closed already if the host has closed its end
		p.line = nil
	}
	return err
}

// Open opens the printer under the stable name, or under the name of its device.
func (u USB) Open(name string) (*os.File, error) {
	p := u.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if target, err := filepath.EvalSymlinks(name); err != nil || target != p.node {
		return nil, unix.ENOENT
	}
	if p.line != nil && !hungUp(p.line.master) {
		return nil, unix.EBUSY
	}
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("virtual: %w", err)
	}
	host, printer := os.NewFile(uintptr(ends[0]), name), os.NewFile(uintptr(ends[1]), name)
	l := &line{master: printer}
	p.line, p.early = l, nil
	p.running.Go(func() { p.listenUSB(l) })
	return host, nil
}

// taken is what SIOCOUTQ tells of a socket that was read empty, while its writer is being woken. Linux keeps a
// reference of one until the wake-up is done (sock_wfree in net/core/sock.c), and no second one follows. Data
// counts with the size of its buffer, which is some hundred bytes.
const taken = 1

// Taken returns EAGAIN while bytes of the host are in the socket.
func (u USB) Taken(fd int) error {
	if err := u.present(fd); err != nil {
		return err
	}
	n, err := unix.IoctlGetInt(fd, unix.SIOCOUTQ)
	if err == nil && n > taken {
		err = unix.EAGAIN
	}
	return err
}

// TwoWay reports whether the printer answers.
func (u USB) TwoWay(fd int) (bool, error) { return !u.p.options.OneWay, u.present(fd) }

// PortStatus returns the status of the class.
func (u USB) PortStatus(fd int) (byte, error) {
	if err := u.present(fd); err != nil {
		return 0, err
	}
	u.p.mu.Lock()
	defer u.p.mu.Unlock()
	return u.p.portStatus(), nil
}

// present returns ENODEV if the printer was unplugged.
func (u USB) present(fd int) error {
	if polled(fd, unix.POLLRDHUP|unix.POLLHUP) {
		return unix.ENODEV
	}
	return nil
}

// The bits of the class's status (USB Printer Class 1.1, 4.2.2).
const (
	portPaperEmpty = 0x20
	portSelected   = 0x10
	portNotError   = 0x08
)

// portStatus returns the status of the class. The caller holds the lock.
func (p *Printer) portStatus() byte {
	b := byte(portSelected | portNotError)
	if p.options.Benign {
		return b
	}
	s := p.status()
	if s.Has(escpos.PaperOut) {
		b |= portPaperEmpty
	}
	if s.Has(escpos.Offline) {
		b &^= portSelected
	}
	if s&(escpos.PaperOut|escpos.CoverOpen|escpos.Cutter|escpos.Jam|escpos.Fault) != 0 {
		b &^= portNotError
	}
	if b == 0 {
		b = portSelected // zero tells nothing
	}
	return b
}

// roomEvery is how often a printer without room looks whether it has some.
const roomEvery = time.Millisecond

// listenUSB receives from a line until it is closed at one of its ends.
func (p *Printer) listenUSB(l *line) {
	buf := make([]byte, 512)
	for {
		room := min(p.room(), len(buf))
		if room == 0 {
			select {
			case <-p.closed:
				return
			case <-time.After(roomEvery):
			}
			continue
		}
		if hungUp(l.master) { // what the host has not got rid of is dropped
			_ = l.Close()
			return
		}
		n, err := l.master.Read(buf[:room])
		if err != nil || !p.receive(l, buf[:n]) {
			_ = l.Close() // it may be closed already
			return
		}
	}
}

// room returns how many bytes the printer takes.
func (p *Printer) room() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.faults&Silent != 0:
		return p.capacity
	case p.options.BusyOffline && p.faults&stops != 0:
		return 0
	}
	return max(0, p.capacity-len(p.buffer)-len(p.early))
}

// hungUp reports whether the other end of a socket was closed.
func hungUp(f *os.File) bool {
	c, err := f.SyscallConn()
	if err != nil {
		return true
	}
	up := false
	if err := c.Control(func(fd uintptr) { up = polled(int(fd), unix.POLLRDHUP|unix.POLLHUP) }); err != nil {
		return true
	}
	return up
}

// polled reports whether one of the events is there.
func polled(fd int, events int16) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&events != 0
}
