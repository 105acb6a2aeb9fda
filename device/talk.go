package device

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"infomat/device/escpos"
	"infomat/device/line"
)

// status returns what the printer answers, or what the line reports where it does not.
func (p *Printer) status(ctx context.Context) (escpos.Status, error) {
	return p.reported(p.askState(ctx))
}

// askState asks all status questions of the profile. If an answer does not fit, it asks once more: a late answer to an
// earlier question may have come first.
func (p *Printer) askState(ctx context.Context) (escpos.Status, error) {
	s, err := p.askAll(ctx)
	var foreign *escpos.BadStatusError
	if errors.As(err, &foreign) {
		s, err = p.askAll(ctx)
	}
	if errors.As(err, &foreign) {
		p.dirty = true // what was asked may have come as noise, too, and be a part of a line or a command now
	}
	return s, err
}

// askAll asks all status questions of the profile once, and returns the answers together.
func (p *Printer) askAll(ctx context.Context) (escpos.Status, error) {
	if err := p.open(); err != nil {
		return 0, err
	}
	if p.together() {
		s, n, err := p.askTogether(ctx)
		if n == 0 || !errors.Is(err, ErrSilent) {
			return s, err
		}
		p.oneByOne = true
	}
	return p.askInTurn(ctx)
}

// together reports whether the questions are asked in one go, so that a job waits for one answer only: some adapters
// take 16 ms for each.
func (p *Printer) together() bool {
	several := len(p.profile().Ask) > 1
	return several && !p.oneByOne && !p.twice && !slices.ContainsFunc(p.profile().Ask, func(q escpos.Question) bool {
		return q.Repeat > 1
	})
}

// askTogether asks all questions in one go, and returns how many answers came.
func (p *Printer) askTogether(ctx context.Context) (all escpos.Status, n int, err error) {
	var asks []byte
	for _, q := range p.profile().Ask {
		asks = append(asks, q.Ask...)
	}
	if err := p.port.Flush(); err != nil {
		return 0, 0, p.gone(err)
	}
	if err := p.write(ctx, asks, p.config.Answer); err != nil {
		return 0, 0, err
	}
	for n, q := range p.profile().Ask {
		answer, err := p.answer(q.Shape)
		if err != nil {
			return 0, n, err
		}
		s, err := q.Read(answer)
		if err != nil {
			return 0, n, err
		}
		all |= s
	}
	return all, len(p.profile().Ask), nil
}

// askInTurn asks each question when the one before it was answered. An answer that came twice is dropped.
func (p *Printer) askInTurn(ctx context.Context) (all escpos.Status, err error) {
	for _, q := range p.profile().Ask {
		if err := p.port.Flush(); err != nil {
			return 0, p.gone(err)
		}
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

// answer reads an answer of a shape until the deadline of the port. An automatic status that comes in between is taken
// for what it is. answer returns ErrSilent if nothing came, and *escpos.BadStatusError if the bytes do not fit.
func (p *Printer) answer(shape []escpos.Pattern) ([]byte, error) {
	return p.next(p.profile().Answers(shape))
}

// next is answer with a parser that may have taken other answers before.
func (p *Printer) next(answers *escpos.Answers) ([]byte, error) {
	before := answers.Stops()
	defer func() { p.stops += answers.Stops() - before }()
	if answer, err := answers.Next(); answer != nil || err != nil {
		return answer, err
	}
	var b [1]byte
	for {
		_, err := p.port.Read(b[:])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			answer, bad := answers.End()
			if answer != nil {
				return answer, nil
			}
			return nil, cmp.Or(bad, stopped(answers), ErrSilent)
		}
		if err != nil {
			return nil, p.gone(err)
		}
		p.heard, p.silent, p.oneWay = true, 0, false
		if answer, err := answers.Add(b[0]); answer != nil || err != nil {
			return answer, err
		}
	}
}

// stopped returns the error for an automatic status that reports why no answer comes; nil if there is none.
func stopped(a *escpos.Answers) error {
	if s, told := a.Automatic(); told && !s.Ready() {
		return NotReadyError{s}
	}
	return nil
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
