package usbprinter

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// system is Linux's driver usblp.
type system struct{}

// majorUSB is the major number of usblp's devices (Linux, Documentation/admin-guide/devices.txt).
const majorUSB = 180

// lpGetStatus is the ioctl LPGETSTATUS (Linux, include/uapi/linux/lp.h).
const lpGetStatus = 0x060b

// folder is where usblp's devices are.
const folder = "/dev/usb/"

// Is reports whether name is a USB printer: by its device number, also through a symbolic link. A name that
// is not there at the moment is one if it is in /dev/usb.
func Is(name string) bool {
	info, err := os.Stat(name)
	if err != nil {
		return strings.HasPrefix(filepath.Clean(name), folder)
	}
	return isPrinter(info)
}

// isPrinter reports whether a file is a device of usblp. Other drivers share its major number.
func isPrinter(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || info.Mode()&fs.ModeCharDevice == 0 || unix.Major(stat.Rdev) != majorUSB {
		return false
	}
	number := strconv.Itoa(majorUSB) + ":" + strconv.Itoa(int(unix.Minor(stat.Rdev)))
	driver, err := filepath.EvalSymlinks(filepath.Join("/sys/dev/char", number, "device/driver"))
	return err != nil || filepath.Base(driver) == driverName // without /sys the number has to do
}

// driverName is the name of the driver in /sys.
const driverName = "usblp"

// Open opens a device of usblp, which lets in one program at a time.
func (system) Open(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !isPrinter(info) {
		return nil, ErrNotPrinter
	}
	return os.OpenFile(name, os.O_RDWR|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
}

// Taken writes nothing: usblp returns EAGAIN while a block is on its way, and ENODEV if the printer is gone.
func (system) Taken(fd int) error {
	_, err := writeOnce(fd, nil)
	return err
}

// TwoWay reads nothing: usblp returns EINVAL if the interface has no way back, and ENODEV if the printer is
// gone.
func (system) TwoWay(fd int) (bool, error) {
	_, err := unix.Read(fd, nil)
	switch {
	case errors.Is(err, unix.EINVAL):
		return false, nil
	case err == nil, errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR), errors.Is(err, unix.EIO):
		return true, nil // EIO: of an earlier transfer, reported once
	}
	return false, err
}

// PortStatus makes the ioctl.
func (system) PortStatus(fd int) (byte, error) {
	n, err := unix.IoctlGetInt(fd, lpGetStatus)
	return byte(n), err
}

// writeOnce writes without being interrupted by a signal: usblp would report EINTR although it sends the
// block, and nobody could know whether to write it again. Go's scheduler itself sends signals to threads.
func writeOnce(fd int, b []byte) (int, error) {
	return withoutSignals(func() (int, error) { return unix.Write(fd, b) })
}

// withoutSignals calls f with all signals of its thread held back.
func withoutSignals(f func() (int, error)) (int, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all, before unix.Sigset_t
	for i := range all.Val {
		all.Val[i] = ^all.Val[i]
	}
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &all, &before); err != nil {
		return 0, err
	}
	n, err := f()
	if restore := unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil); err == nil {
		err = restore
	}
	return n, err
}

// flushMost bounds Flush, should a printer send without end. more is how long it waits for the next packet:
// a printer keeps its further answers until the one before was read, and USB asks it each millisecond.
const (
	flushMost = 64 << 10
	more      = 20 * time.Millisecond
)

// Flush drops what was received and not read, also what the printer still holds.
func (p *Port) Flush() error {
	if p.oneWay {
		return nil
	}
	f, err := p.current()
	if err != nil {
		return err
	}
	buf := make([]byte, 1024)
	for dropped := 0; dropped < flushMost; {
		n := 0
		err := p.control(f, func(fd int) (err error) {
			if dropped > 0 {
				_, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(more.Milliseconds()))
			}
			n, err = unix.Read(fd, buf)
			return err
		})
		switch {
		case errors.Is(err, unix.EAGAIN):
			return nil
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return err
		case n == 0:
			return p.present(f)
		}
		dropped += n
	}
	return nil
}
