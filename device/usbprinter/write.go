package usbprinter

import (
	"errors"
	"os"
	"syscall"
)

// The sizes of a block. The last block of a Write is one packet of a full-speed printer, which is taken whole
// or not at all: a printer that stalls earlier has surely not got the end of a job.
const (
	blockSize  = 512
	packetSize = 64
)

// next returns the size of the next block of so many bytes.
func next(rest int) int {
	switch {
	case rest <= packetSize:
		return rest
	case rest <= blockSize+packetSize:
		return rest - packetSize
	}
	return blockSize
}

// Write writes all of b and waits until the printer has taken it. It returns the number of bytes that were
// handed to the driver: with an error, the printer may have taken all of them, but none beyond.
func (p *Port) Write(b []byte) (int, error) {
	f, err := p.current()
	if err != nil {
		return 0, err
	}
	written := 0
	for written < len(b) {
		n, err := submit(f, b[written:written+next(len(b)-written)])
		written += n
		p.fly(n)
		if err == nil {
			err = p.settle(f)
		}
		if err != nil {
			return written, p.failed(err)
		}
		p.fly(0)
	}
	return written, nil
}

// fly records how many bytes are on their way.
func (p *Port) fly(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inFlight = n
}

// submit hands one block to the driver, when it has taken the one before.
func submit(f *os.File, b []byte) (n int, err error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	bad := raw.Write(func(fd uintptr) bool {
		n, err = writeOnce(int(fd), b)
		return !errors.Is(err, syscall.EAGAIN)
	})
	if bad != nil { // the deadline, or Close
		return max(0, n), bad
	}
	return max(0, n), err
}

// settle waits until the printer has taken the last block.
func (p *Port) settle(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	bad := raw.Write(func(fd uintptr) bool {
		err = p.config.Driver.Taken(int(fd))
		return !errors.Is(err, syscall.EAGAIN)
	})
	if bad != nil {
		return bad
	}
	return err
}
