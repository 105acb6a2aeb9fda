package serialport

import (
	"math/bits"
	"unsafe"

	"golang.org/x/sys/unix"
)

// icounter is Linux's struct serial_icounter_struct (include/uapi/linux/serial.h): what a port's driver has counted
// since it was loaded.
type icounter struct {
	CTS, DSR, RNG, DCD, RX, TX                int32
	Frame, Overrun, Parity, Break, BufOverrun int32
	_                                         [9]int32
}

// Disturbances returns how many times the line was seen disturbed so far: a change of a modem line, as of a plug
// without contact or of a printer that is switched off or calls itself busy, and a byte received wrong. With flow
// control by RTS and CTS these lines change as they should, and are not counted. The drivers of built-in ports, FTDI,
// CP210x and CDC ACM count by themselves. Those of PL2303 and CH341 do not (Linux 6.1): there the modem lines are
// looked at after each piece that is written, and what is shorter goes unseen. known is false for a line that tells
// nothing, such as a pseudo-terminal. A byte that is lost on its way to the printer is counted by no computer.
func (p *Port) Disturbances() (n int, known bool) {
	if c, err := p.counted(); err == nil {
		return c.disturbances(p.flow), true
	}
	p.look() // what has changed since the last piece
	return p.lines.changes, p.lines.seen
}

// counted returns what the driver has counted.
func (p *Port) counted() (c icounter, err error) {
	err = p.ioctl(func(fd int) error {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.TIOCGICOUNT, uintptr(unsafe.Pointer(&c)))
		if errno != 0 {
			return errno
		}
		return nil
	})
	return c, err
}

// modemLines are the lines of a port whose driver does not count their changes.
type modemLines struct {
	counted bool // by the driver
	last    int  // the bits of TIOCMGET
	seen    bool
	changes int
}

// look looks at the modem lines, if the port has any and its driver does not count: some of those that do would ask the
// adapter, and take their time.
func (p *Port) look() {
	if p.lines.counted {
		return
	}
	_ = p.ioctl(func(fd int) error { // a line without them tells nothing
		now, err := unix.IoctlGetInt(fd, unix.TIOCMGET)
		if err == nil {
			p.lines.see(now, p.flow)
		}
		return err
	})
}

// see counts what has changed on a line with a kind of flow control.
func (l *modemLines) see(now int, flow Flow) {
	watched := unix.TIOCM_CD
	if flow != FlowRTSCTS {
		watched |= unix.TIOCM_CTS | unix.TIOCM_DSR
	}
	if l.seen {
		l.changes += bits.OnesCount(uint((now ^ l.last) & watched))
	}
	l.last, l.seen = now, true
}

// disturbances returns the sum of what disturbs a line with a kind of flow control.
func (c icounter) disturbances(flow Flow) int {
	sum := c.DCD + c.Frame + c.Overrun + c.Parity + c.Break + c.BufOverrun
	if flow != FlowRTSCTS {
		sum += c.CTS + c.DSR
	}
	return int(sum)
}
