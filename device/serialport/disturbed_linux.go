package serialport

import (
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

// Disturbances returns how many times the driver has seen the line disturbed since it was loaded: a change of a modem
// line, as of a plug without contact or of a printer that is switched off or calls itself busy, and a byte received
// wrong. With flow control by RTS and CTS these lines change as they should, and are not counted. known is false for a
// line that counts nothing, such as a pseudo-terminal. A byte that is lost on its way to the printer is counted by no
// computer.
func (p *Port) Disturbances() (n int, known bool) {
	var c icounter
	err := p.ioctl(func(fd int) error {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.TIOCGICOUNT, uintptr(unsafe.Pointer(&c)))
		if errno != 0 {
			return errno
		}
		return nil
	})
	return c.disturbances(p.flow), err == nil
}

// disturbances returns the sum of what disturbs a line with a kind of flow control.
func (c icounter) disturbances(flow Flow) int {
	sum := c.DCD + c.Frame + c.Overrun + c.Parity + c.Break + c.BufOverrun
	if flow != FlowRTSCTS {
		sum += c.CTS + c.DSR
	}
	return int(sum)
}
