package device

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

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
	if err := p.ready(ctx, len(j.Data)); err != nil {
		return Result{Outcome: Failed, Err: err}
	}
	p.media = MediaUnknown // of the ticket that is now to come
	p.half = true
	p.begin(len(j.Data))
	if n, err := p.send(ctx, j.Data); err != nil {
		p.observe(ctx, 0, err)
		p.void(ctx)
		return Result{Outcome: Failed, Err: fmt.Errorf("device: the line took %d of %d bytes: %w", n, len(j.Data), err)} // the cut was not among them
	}
	sent := time.Now()
	err := p.confirm(ctx, idOf(j.ID), true, p.config.Timeout)
	switch {
	case err == nil:
		p.settled()
		return Result{Outcome: Printed, Sent: sent}
	case p.untold(err): // what the printer never tells is no reason to clear what it may be printing
		p.settled()
	default:
		p.void(ctx)
	}
	return Result{Outcome: Unknown, Err: fmt.Errorf("device: not confirmed: %w", err), Sent: sent}
}

// untold tells whether an error means no more than that this printer never says whether it has printed.
func (p *Printer) untold(err error) bool {
	return errors.Is(err, ErrUnconfirmed) || p.lacks && errors.Is(err, ErrUnanswered)
}

// send puts bytes on the line.
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

// wire is how long the line takes for so many bytes.
func (p *Printer) wire(bytes int) time.Duration {
	return time.Duration(bytes) * 10 * time.Second / time.Duration(max(1, p.config.Baud))
}

// header is how long a command is at most before it tells its size (GS v 0). So many blank bytes end one that was cut off, with a size of nothing; without
// them the next question would be taken for the size.
const header = 8

// ready asks for the state before a job of so many bytes is sent, and clears what a job that ended badly may have left in the printer. One of an earlier life
// of the terminal is not known: it is taken to have been as long as this one.
func (p *Printer) ready(ctx context.Context, bytes int) error {
	if err := p.open(); err != nil {
		p.observe(ctx, 0, err)
		return err
	}
	if p.dirty {
		if err := p.write(ctx, append(make([]byte, header), p.config.Profile.Clear...), p.config.Answer); err != nil {
			return err
		}
		if p.rest == 0 {
			p.rest, p.pads = bytes, 1
		}
	}
	s, err := p.status(ctx)
	for errors.Is(err, ErrSilent) && p.inBand() && p.endPicture(ctx) {
		s, err = p.status(ctx)
	}
	p.observe(ctx, s, err)
	if err != nil {
		return err
	}
	if !s.Ready() {
		return NotReadyError{s}
	}
	if p.dirty {
		return p.settle(ctx)
	}
	return nil
}

// settle makes sure that the printer has come to the end of everything that it was sent before, and marks what a broken job may have left on the paper.
// Without that an answer to an old question could be taken for one to a new job, and half a ticket for a whole.
func (p *Printer) settle(ctx context.Context) error {
	if p.half {
		p.endPicture(ctx)
	}
	within := p.config.Timeout
	err := p.confirm(ctx, "SYNC", false, within)
	if !p.confirms {
		within = min(within, p.config.Answer) // it has had its time, and may not be able to answer at all
	}
	for !p.lacks && errors.Is(err, ErrSilent) && p.endPicture(ctx) {
		p.half = true // whoever has begun it
		err = p.confirm(ctx, "SYNC", false, within)
	}
	if errors.Is(err, ErrUnanswered) && !p.confirms && p.config.Profile.Confirm != escpos.ConfirmMotor { // a motor that does not stop is no lack of an answer
		p.lacks = true // a ticket whose end is unknown serves a patient better than none
	}
	if err != nil && !p.untold(err) {
		return fmt.Errorf("device: %w", err)
	}
	if p.half && p.config.Void != nil {
		p.begin(len(p.config.Void))
		if _, err := p.send(ctx, p.config.Void); err != nil {
			return err
		}
		if err := p.confirm(ctx, "VOID", true, p.config.Timeout); err != nil && !p.untold(err) {
			return err
		}
	}
	p.settled()
	return nil
}

// settled says that the printer has come to the end of all that it was sent.
func (p *Printer) settled() { p.dirty, p.half, p.rest, p.pads = false, false, 0, 0 }

// endPicture ends a picture that was cut off, for whose rest the printer may be waiting: blank dots are its rest, and nothing to a printer that waits for
// nothing. false: there is nothing to end, or it was tried often enough.
func (p *Printer) endPicture(ctx context.Context) bool {
	if p.rest == 0 || p.pads == 0 {
		return false
	}
	p.pads--
	_, err := p.send(ctx, make([]byte, p.rest))
	return err == nil
}

// begin says that from now on there may be so many bytes in the printer half done.
func (p *Printer) begin(bytes int) {
	const enough = 4 // a question that came in the place of a picture's size makes it a large one
	p.dirty, p.rest, p.pads = true, max(p.rest, bytes), enough
}

// inBand tells whether the questions for the state wait their turn in the buffer, where a picture that was cut off may swallow them.
func (p *Printer) inBand() bool {
	ask := p.config.Profile.Ask
	return len(ask) > 0 && ask[0].Ask[0] != 0x10
}

// void drops what is left of a job that ended badly, on the line and in the printer's buffer, so that no half ticket comes out when paper is put in.
// Where the line is dead it is done before the next job.
func (p *Printer) void(ctx context.Context) {
	if p.port == nil {
		return
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.config.Answer)
	defer cancel()
	if err := errors.Join(p.port.Discard(), p.write(bounded, p.config.Profile.Clear, p.config.Answer)); err != nil {
		p.log.Warn("the printer's buffer could not be cleared yet", "error", err)
	}
}
