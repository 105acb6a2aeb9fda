package device

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"infomat/device/escpos"
	"infomat/device/line"
)

// status asks all status questions of the profile. If an answer does not fit, it asks once more: a late answer to an
// earlier question may have come first.
func (p *Printer) status(ctx context.Context) (escpos.Status, error) {
	s, err := p.askAll(ctx)
	var foreign *escpos.BadStatusError
	if errors.As(err, &foreign) {
		s, err = p.askAll(ctx)
	}
	return p.reported(s, err)
}

// askAll asks all status questions of the profile once, and returns the answers together.
func (p *Printer) askAll(ctx context.Context) (escpos.Status, error) {
	if err := p.open(); err != nil {
		return 0, err
	}
	if err := p.port.Flush(); err != nil {
		return 0, p.gone(err)
	}
	var all escpos.Status
	for _, q := range p.config.Profile.Ask {
		s, err := p.ask(ctx, q)
		if err != nil {
			return 0, err
		}
		all |= s
	}
	return all, nil
}

// ask asks a question q.Repeat times; all answers have to be the same.
func (p *Printer) ask(ctx context.Context, q escpos.Question) (escpos.Status, error) {
	var first []byte
	for range max(1, q.Repeat) {
		if err := p.write(ctx, q.Ask, p.config.Answer); err != nil {
			return 0, err
		}
		answer, err := p.answer(q.Shape)
		if err != nil {
			return 0, err
		}
		if first != nil && !slices.Equal(first, answer) {
			return 0, &escpos.BadStatusError{Bytes: answer}
		}
		first = answer
	}
	return q.Read(first)
}

// write writes data to the line within a time. It returns ErrStalled if the printer does not accept the data in time.
func (p *Printer) write(ctx context.Context, data []byte, within time.Duration) error {
	if err := p.bound(ctx, within); err != nil {
		return err
	}
	_, err := p.port.Write(data)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ErrStalled
	}
	return p.gone(err)
}

// The characters of software flow control. They can stand between answers if the system does not remove them.
const (
	xon  = 0x11
	xoff = 0x13
)

// answer reads an answer of a shape until the deadline of the port. It returns ErrSilent if nothing came, and
// *escpos.BadStatusError if the bytes do not fit.
func (p *Printer) answer(shape []escpos.Pattern) ([]byte, error) {
	var got []byte
	var b [1]byte
	for len(got) < len(shape) {
		_, err := p.port.Read(b[:])
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && len(got) > 0:
			return nil, &escpos.BadStatusError{Bytes: got}
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, ErrSilent
		case err != nil:
			return nil, p.gone(err)
		}
		fits := b[0]&shape[len(got)].Mask == shape[len(got)].Value
		if !fits && (b[0] == xon || b[0] == xoff) {
			continue
		}
		got = append(got, b[0])
		if !fits {
			return nil, &escpos.BadStatusError{Bytes: got}
		}
	}
	return got, nil
}

// bound sets the deadlines of the port: within from now, but not later than the deadline of ctx.
func (p *Printer) bound(ctx context.Context, within time.Duration) error {
	if p.port == nil {
		return fmt.Errorf("device: %w", line.ErrHangup) // the line was lost during this job
	}
	at := time.Now().Add(within)
	if d, ok := ctx.Deadline(); ok && d.Before(at) {
		at = d
	}
	return errors.Join(p.port.SetReadDeadline(at), p.port.SetWriteDeadline(at), ctx.Err())
}

// gone closes the port after an error, so that the next use opens it again: after a reconnection it is
// another device.
func (p *Printer) gone(err error) error {
	if err == nil {
		return nil
	}
	return errors.Join(fmt.Errorf("device: %w", err), p.drop())
}
