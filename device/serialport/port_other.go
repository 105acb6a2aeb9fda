//go:build !linux

package serialport

import (
	"errors"
	"io"
	"os"
)

// exclusive does nothing: the operating system opens a port for one program only.
func exclusive(string) (io.Closer, error) { return nothing{}, nil }

type nothing struct{}

func (nothing) Close() error { return nil }

// nonBlocking returns errors.ErrUnsupported.
func nonBlocking(*os.File) error { return errors.ErrUnsupported }

// prepare returns errors.ErrUnsupported if flow control is asked for, which cannot be set here.
func (p *Port) prepare(flow Flow) error {
	if flow == FlowNone || flow == "" {
		return nil
	}
	return errors.ErrUnsupported
}

// Flush drops both queues.
func (p *Port) Flush() error { return hangup(p.port.Flush()) }

// Discard drops both queues.
func (p *Port) Discard() error { return p.Flush() }

// modemLines are not looked at here.
type modemLines struct{}

func (p *Port) look() {}

// Disturbances returns that nothing is known.
func (p *Port) Disturbances() (n int, known bool) { return 0, false }

// Waiting returns 0: the number is not known here, and what was written counts as sent.
func (p *Port) Waiting() (int, error) { return 0, nil }
