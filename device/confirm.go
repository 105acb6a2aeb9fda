package device

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"infomat/device/escpos"
)

// idOf returns the four characters that identify a job in GS ( H.
func idOf(id uuid.UUID) string { return hex.EncodeToString(id[:2]) }

// confirm waits until the printer has carried out everything that it was sent. The answer alone is not enough:
// afterwards the printer has to answer all status questions, as noise on the line may look like one answer, but hardly
// like all of them. printed says that paper has moved behind a marker: then the marker has to be there still.
func (p *Printer) confirm(ctx context.Context, id string, printed bool, within time.Duration) error {
	err := p.carriedOut(ctx, id, printed, within)
	if err != nil && !slices.ContainsFunc([]error{ErrSilent, ErrLost, ErrUnconfirmed, ErrOneWay}, func(known error) bool {
		return errors.Is(err, known)
	}) {
		return err
	}
	s, bad := p.askState(ctx)
	told, why := p.reported(s, bad)
	p.observe(ctx, told, why)
	switch {
	case why == nil && err != nil && !told.Ready():
		return NotReadyError{told} // the reason why no answer came
	case bad != nil:
		return bad // what the line reports confirms nothing
	case errors.Is(err, ErrSilent):
		return fmt.Errorf("%w (%s): %w", ErrUnanswered, p.profile().Confirm, err)
	}
	p.confirms = p.confirms || err == nil
	if err == nil && printed {
		return p.uninterrupted(ctx)
	}
	return err
}

// carriedOut waits for the answers to the questions within what was sent, and for its end.
func (p *Printer) carriedOut(ctx context.Context, id string, printed bool, within time.Duration) error {
	if printed {
		if err := p.allAnswered(ctx, within); err != nil {
			return err
		}
	}
	return p.atEnd(ctx, id, printed, within)
}

// atEnd waits for the end of what was sent by the profile's method; moved says that the paper has to have moved. A
// printer that has never answered is not asked: a late answer could be taken for the one to a later question.
func (p *Printer) atEnd(ctx context.Context, id string, moved bool, within time.Duration) error {
	if p.lacks {
		return cmp.Or(p.drained(ctx, within), ErrSilent)
	}
	switch p.profile().Confirm {
	case escpos.ConfirmGSr:
		return p.inOrder(ctx, escpos.PaperSensor, within)
	case escpos.ConfirmESCv:
		return p.inOrder(ctx, p.profile().Ask[0], within)
	case escpos.ConfirmGSH:
		return p.inOrder(ctx, escpos.ProcessID(id), within)
	case escpos.ConfirmASB:
		return p.byASB(ctx, within)
	case escpos.ConfirmMotor:
		return p.byMotor(ctx, moved, within)
	case escpos.ConfirmNone:
	}
	if p.mute {
		return cmp.Or(p.drained(ctx, within), ErrOneWay)
	}
	return cmp.Or(p.drained(ctx, within), ErrUnconfirmed)
}

// inOrder asks a question that the printer carries out in the order of its buffer: the answer comes when
// everything before it has been carried out. If paper has run out, the answer reports it or does not come.
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

// byASB switches the automatic status on behind the job. The printer sends the status when it carries that
// command out. Then byASB switches it off again.
func (p *Printer) byASB(ctx context.Context, within time.Duration) error {
	if err := p.inOrder(ctx, *p.profile().ASB, within); err != nil {
		return err
	}
	return p.write(ctx, []byte{0x1D, 'a', 0}, p.config.Answer)
}

// motorEvery is the interval of the questions for the paper motor.
const motorEvery = 25 * time.Millisecond

// byMotor asks until the motor has stopped and nothing is left to print, twice in a row. If the paper has moved, the
// motor has to have been observed running, and, with a presenter, a ticket has to have come to its mouth since. Without
// a presenter the marker proves more than the motor does.
func (p *Printer) byMotor(ctx context.Context, moved bool, within time.Duration) error {
	end := time.Now().Add(within)
	presents := p.profile().Presenter != nil
	worked, came := !moved || !presents && p.marking != unmarked, !moved || !presents
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

// drained waits until the system has put everything on the line. More cannot be known of a printer that
// does not answer.
func (p *Printer) drained(ctx context.Context, within time.Duration) error {
	if err := p.bound(ctx, within); err != nil {
		return err
	}
	end := time.Now().Add(within)
	for time.Now().Before(end) && ctx.Err() == nil {
		if n, err := p.port.Waiting(); err != nil || n == 0 {
			return p.gone(err)
		}
		time.Sleep(motorEvery)
	}
	return ErrStalled
}
