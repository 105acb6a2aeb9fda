//go:build !linux

package serialport

import (
	"errors"
	"io"
	"os"
)

// exclusive: the system itself gives a port to one program only.
func exclusive(string) (io.Closer, error) { return nothing{}, nil }

type nothing struct{}

func (nothing) Close() error { return nil }

func nonBlocking(*os.File) error { return errors.ErrUnsupported }

// prepare refuses what cannot be set here, rather than print without it.
func (p *Port) prepare(flow Flow) error {
	if flow == FlowNone || flow == "" {
		return nil
	}
	return errors.ErrUnsupported
}

// Flush drops both queues.
func (p *Port) Flush() error { return told(p.port.Flush()) }

// Discard drops both queues.
func (p *Port) Discard() error { return p.Flush() }

// Waiting is not known here; what was written is taken for sent.
func (p *Port) Waiting() (int, error) { return 0, nil }
