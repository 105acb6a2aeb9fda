package device

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// Print prints a job: it checks that the printer is ready, sends the bytes, and waits for the confirmation that the
// profile defines. A job that was tried before is not tried again; Print returns its first result, of the last 64 jobs.
// When ctx ends, Print stops waiting: before the first byte the job has Failed, behind the last one it is Unknown. What
// is being sent is sent to its end, or to a deadline of ctx.
func (p *Printer) Print(ctx context.Context, j Job) Result {
	if err := p.take(ctx); err != nil {
		return Result{Outcome: Failed, Err: err} // nothing was sent
	}
	defer p.release()
	if r, ok := p.known(j.ID); ok {
		return r
	}
	r := p.print(ctx, j)
	p.remember(j.ID, r)
	p.log.Debug("print job", "job", j.ID, "outcome", r.Outcome, "bytes", len(j.Data), "error", r.Err)
	return r
}

// print prints a job that was not tried before.
func (p *Printer) print(ctx context.Context, j Job) Result {
	if err := p.ready(ctx, len(j.Data)); err != nil {
		return Result{Outcome: Failed, Err: err}
	}
	p.media = MediaUnknown // of the ticket to be printed
	data, start := p.withMarker(j.Data)
	p.begin(len(data))
	before := p.disturbances()
	if n, err := p.send(ctx, data); err != nil {
		p.half = n > start
		return p.brokenOff(ctx, n, data, err)
	}
	p.half = true
	sent := time.Now()
	err := p.confirm(ctx, idOf(j.ID), true, p.config.Timeout)
	if err == nil && p.disturbances() != before {
		err = ErrDisturbed
	}
	switch {
	case err == nil:
		p.settled()
		p.endMarker(ctx)
		return Result{Outcome: Printed, Sent: sent}
	case p.unconfirmable(err): // the printer may be printing: do not clear its buffer
		p.settled()
	default:
		p.void(ctx)
	}
	return Result{Outcome: Unknown, Err: fmt.Errorf("device: not confirmed: %w", err), Sent: sent}
}

// brokenOff ends a job of which the line took n bytes. The cut stands at the end of the job. If nothing of it was sent,
// no ticket can have come out; if a part was, what comes next may complete it.
func (p *Printer) brokenOff(ctx context.Context, n int, data []byte, err error) Result {
	s, why := p.reported(0, err)
	p.observe(ctx, s, why)
	p.void(ctx)
	if why == nil {
		err = fmt.Errorf("%w: %w", err, NotReadyError{s})
	}
	r := Result{Outcome: Failed, Err: fmt.Errorf("device: the line took %d of %d bytes: %w", n, len(data), err)}
	if n > p.config.Profile.Body(data) {
		r.Outcome = Unknown
	}
	return r
}

// unconfirmable reports whether an error only means that this printer does not confirm jobs, or is known to keep no
// marker.
func (p *Printer) unconfirmable(err error) bool {
	return errors.Is(err, ErrUnconfirmed) || errors.Is(err, ErrOneWay) || p.lacks && errors.Is(err, ErrUnanswered) ||
		errors.Is(err, ErrUnmarked) && !p.unsure()
}

// send writes data to the line, and returns the number of bytes written.
func (p *Printer) send(ctx context.Context, data []byte) (int, error) {
	if err := p.bound(ctx, p.wire(len(data))+p.config.Timeout); err != nil {
		return 0, err
	}
	n, err := p.port.Write(data)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, ErrStalled
	case err != nil:
		return n, p.gone(err)
	}
	return n, nil
}

// wire returns the time that the line needs for a number of bytes.
func (p *Printer) wire(bytes int) time.Duration {
	if p.port == nil {
		return 0 // the line was lost during this job
	}
	return p.port.Time(bytes)
}
