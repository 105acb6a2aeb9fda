package device

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"infomat/device/escpos"
)

// Print prints a job: it asks the printer whether it is ready, sends the bytes, and waits for the confirmation that the profile knows. A job that was
// printed before, or tried, is not tried again: its result is told once more.
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

func (p *Printer) print(ctx context.Context, j Job) Result {
	if err := p.ready(ctx); err != nil {
		return Result{Outcome: Failed, Err: err}
	}
	wire := time.Duration(len(j.Data)) * 10 * time.Second / time.Duration(max(1, p.config.Baud))
	if err := p.bound(ctx, wire+p.config.Timeout); err != nil {
		return Result{Outcome: Failed, Err: err}
	}
	p.dirty = true
	if n, err := p.port.Write(j.Data); err != nil {
		p.void(ctx)
		return Result{Outcome: Failed, Err: fmt.Errorf("device: the line took %d of %d bytes: %w", n, len(j.Data), p.gone(err))} // the cut was not among them
	}
	sent := time.Now()
	err := p.confirm(ctx)
	if err == nil {
		p.dirty = false
		return Result{Outcome: Printed, Sent: sent}
	}
	p.void(ctx)
	return Result{Outcome: Unknown, Err: fmt.Errorf("device: not confirmed: %w", err), Sent: sent}
}

// ready asks for the state before anything is sent, and clears what a job that ended badly may have left in the printer.
func (p *Printer) ready(ctx context.Context) error {
	if err := p.open(); err != nil {
		return err
	}
	if p.dirty {
		if err := p.clear(ctx); err != nil {
			return err
		}
	}
	s, err := p.status(ctx)
	if err != nil {
		return err
	}
	if !s.Ready() {
		return NotReadyError{s}
	}
	return nil
}

// confirm sends the profile's question behind the job and waits for its answer. The printer answers in the order of its buffer, so the answer comes
// when all before it has been carried out; it does not come when paper ran out or the cover was opened on the way.
func (p *Printer) confirm(ctx context.Context) error {
	if _, err := p.port.Write(p.config.Profile.Confirm); err != nil {
		return p.gone(err)
	}
	var b [1]byte
	for {
		_, err := p.port.Read(b[:])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return p.silence(ctx)
		}
		if err != nil {
			return p.gone(err)
		}
		if p.config.Profile.Confirmed(b[0]) {
			return nil
		}
	}
}

// silence finds out why no confirmation came.
func (p *Printer) silence(ctx context.Context) error {
	s, err := p.status(ctx)
	if err != nil {
		return errors.Join(ErrSilent, err)
	}
	if !s.Ready() {
		return NotReadyError{s}
	}
	return ErrSilent
}

// void clears the printer's buffer after a job that ended badly, so that no half ticket comes out when paper is put in. Where the line is dead it is
// done before the next job.
func (p *Printer) void(ctx context.Context) {
	if p.port == nil {
		return
	}
	if err := p.clear(ctx); err != nil {
		p.log.Warn("the printer's buffer could not be cleared yet", "error", err)
	}
}

func (p *Printer) clear(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
	defer cancel()
	if err := p.bound(bounded, answerWithin); err != nil {
		return err
	}
	if _, err := p.port.Write(escpos.Clear); err != nil {
		return p.gone(err)
	}
	p.dirty = false
	return nil
}

func (p *Printer) known(id uuid.UUID) (Result, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, ok := p.results[id]
	return r, ok
}

func (p *Printer) remember(id uuid.UUID, r Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.results[id] = r
	p.order = append(p.order, id)
	if len(p.order) > keep {
		delete(p.results, p.order[0])
		p.order = p.order[1:]
	}
}
