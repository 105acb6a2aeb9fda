package device

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"infomat/device/escpos"
)

// idOf is a job's own four characters for GS ( H.
func idOf(id uuid.UUID) string { return hex.EncodeToString(id[:2]) }

// confirm waits until the printer says that it has come to the end of what it was sent; job tells whether that was a job, whose paper has to have
// moved. It is not enough that an answer comes: afterwards the printer has to give a sound account of its state, as noise on the line could look like
// an answer, but hardly like all of them.
func (p *Printer) confirm(ctx context.Context, id string, job bool, within time.Duration) error {
	err := p.atEnd(ctx, id, job, within)
	if err != nil && !errors.Is(err, ErrSilent) && !errors.Is(err, ErrUnconfirmed) {
		return err
	}
	s, bad := p.status(ctx)
	p.observe(ctx, s, bad)
	switch {
	case bad != nil:
		return bad
	case err != nil && !s.Ready():
		return NotReadyError{s} // why no answer came
	case errors.Is(err, ErrSilent):
		return fmt.Errorf("%w (%s): %w", ErrUnanswered, p.config.Profile.Confirm, err)
	}
	p.confirms = p.confirms || err == nil
	return err
}

// atEnd asks by the profile's method. A printer that lacks its answer is not asked: an answer that came late would be taken for another's.
func (p *Printer) atEnd(ctx context.Context, id string, job bool, within time.Duration) error {
	if p.lacks {
		return cmp.Or(p.drained(ctx, within), ErrSilent)
	}
	switch p.config.Profile.Confirm {
	case escpos.ConfirmGSr:
		return p.inOrder(ctx, escpos.PaperSensor, within)
	case escpos.ConfirmESCv:
		return p.inOrder(ctx, p.config.Profile.Ask[0], within)
	case escpos.ConfirmGSH:
		return p.inOrder(ctx, escpos.ProcessID(id), within)
	case escpos.ConfirmASB:
		return p.byASB(ctx, within)
	case escpos.ConfirmMotor:
		return p.byMotor(ctx, job, within)
	}
	return cmp.Or(p.drained(ctx, within), ErrUnconfirmed)
}

// inOrder asks a question that the printer carries out in the order of its buffer: the answer comes when all before it has been carried out, and does
// not come, or says so, when paper ran out on the way.
func (p *Printer) inOrder(ctx context.Context, q escpos.Question, within time.Duration) error {
	if err := p.write(ctx, q.Ask, within); err != nil {
		return err
	}
	answer, err := p.answer(q.Shape)
	if err != nil {
		return err
	}
	s, err := q.Read(answer)
	if err == nil && !s.Ready() {
		return NotReadyError{s}
	}
	return err
}

// byASB switches the automatic status on behind the job, which is answered by the status when the printer comes to it, and off again.
func (p *Printer) byASB(ctx context.Context, within time.Duration) error {
	if err := p.inOrder(ctx, *p.config.Profile.ASB, within); err != nil {
		return err
	}
	return p.write(ctx, []byte{0x1D, 'a', 0}, p.config.Answer)
}

// motorEvery is how often the paper motor is asked for.
const motorEvery = 25 * time.Millisecond

// byMotor asks until the motor stands still and nothing is left to print, twice in a row. After a job it has to have been seen at work; where there is a
// presenter, a ticket has to have come to its mouth since.
func (p *Printer) byMotor(ctx context.Context, job bool, within time.Duration) error {
	end := time.Now().Add(within)
	worked, came := !job, !job || p.config.Profile.Presenter == nil
	for still := 0; ; {
		s, err := p.status(ctx)
		if err != nil {
			return err
		}
		if !s.Ready() {
			return NotReadyError{s}
		}
		still++
		if s&(escpos.Moving|escpos.Busy) != 0 {
			worked, still = true, 0
		}
		came = came || worked && s.Has(escpos.AtMouth)
		if worked && came && still >= 2 {
			return nil
		}
		if time.Now().After(end) {
			return ErrSilent
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(motorEvery):
		}
	}
}

// drained waits until the system has put everything on the line: the most that can be known of a printer that tells nothing.
func (p *Printer) drained(ctx context.Context, within time.Duration) error {
	end := time.Now().Add(within)
	for time.Now().Before(end) && ctx.Err() == nil {
		if n, err := p.port.Waiting(); err != nil || n == 0 {
			return p.gone(err)
		}
		time.Sleep(motorEvery)
	}
	return ErrStalled
}
