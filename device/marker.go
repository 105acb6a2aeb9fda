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

// marking says what is known of the printer's marker: a macro that is defined before a job, holds a question, and is
// executed behind the job. A printer that has lost its power in between has lost the macro, and answers nothing.
type marking int

const (
	unmarked  marking = iota // not tried yet, or the printer keeps none
	quiet                    // it works
	answering                // it works, and the definition is answered too: the commands are executed within it
)

// times is how many times the macro is executed, and so answered, behind a job: one answer could be noise.
const times = 3

// markerTries is how many times in a row the marker is tried in vain before the printer is taken for one that keeps
// none. An answer may be late.
const markerTries = 3

// markerLosses is how many times in a row the marker is lost behind something that was printed before the printer is
// taken for one that keeps none: some imitations lose macros by what the trial does not contain.
const markerLosses = 3

// surplus is how long an answer more than was asked for is listened for.
const surplus = 100 * time.Millisecond

// unsure reports whether the marker has not worked yet, and has to be tried again.
func (p *Printer) unsure() bool {
	return p.profile().Marker != nil && !p.lacks && p.marking == unmarked && p.tries < markerTries
}

// tryMarker finds out whether the printer keeps a marker over what each job contains, and whether it answers twice. A
// late answer looks like the second one of two: then it is tried once more.
func (p *Printer) tryMarker(ctx context.Context) error {
	if p.marking = unmarked; !p.unsure() {
		return nil
	}
	p.tries++
	err := p.trial(ctx)
	if err == nil && p.twice {
		err = p.trial(ctx)
	}
	return err
}

// trial tries the marker out. Neither a definition that an earlier job has left open nor the marker of the trial stays.
func (p *Printer) trial(ctx context.Context) error {
	p.marking, p.twice = unmarked, false
	profile := p.profile()
	if err := p.write(ctx, escpos.ForgetMacro, p.config.Answer); err != nil {
		return err
	}
	answered, err := p.answeredTimes(ctx, profile.DefineMarker(), 1)
	if err != nil {
		return err
	}
	if err := p.write(ctx, escpos.TryMacro, p.config.Answer); err != nil {
		return err
	}
	works, err := p.answeredTimes(ctx, profile.ExecuteMarker(times), times)
	if err != nil || !works {
		return err
	}
	if err := p.bound(ctx, surplus); err != nil {
		return err
	}
	_, err = p.answer(profile.InOrder().Shape)
	p.twice = err == nil
	p.tries, p.marking = 0, quiet
	if answered {
		p.marking = answering
	}
	return p.write(ctx, escpos.ForgetMacro, p.config.Answer)
}

// answeredTimes asks a question and reports whether it was answered n times. An error is one of the line, or a state of
// the printer in which it answers nothing.
func (p *Printer) answeredTimes(ctx context.Context, q escpos.Question, n int) (bool, error) {
	if err := p.port.Flush(); err != nil {
		return false, p.gone(err)
	}
	if err := p.write(ctx, q.Ask, p.config.Answer); err != nil {
		return false, err
	}
	err := p.counted(q, n)
	var other *escpos.BadStatusError
	if errors.Is(err, ErrSilent) || errors.As(err, &other) {
		return false, nil
	}
	return err == nil, err
}

// counted waits for a number of answers to a question, each of which tells that the printer is ready, until the
// deadline of the port. An automatic status may come between them.
func (p *Printer) counted(q escpos.Question, n int) error {
	answers := p.profile().Answers(q.Shape)
	for range n {
		answer, err := p.next(answers)
		if err != nil {
			return err
		}
		if s, err := q.Read(answer); err != nil || !s.Ready() {
			return cmp.Or(err, error(NotReadyError{s}))
		}
	}
	return nil
}

// heeding is how long more is listened for behind the last byte of a job.
const heeding = 5 * time.Millisecond

// withMarker returns the bytes of a job behind those that set the marker, with questions between its parts on a line
// that may lose bytes, and where the job begins in them. Nothing stands before the marker: a restart within that
// would go unseen.
func (p *Printer) withMarker(data []byte) (all []byte, start int) {
	p.asked = 0
	if p.marking == unmarked {
		return data, 0
	}
	if p.port.Time(1) > 0 && !p.twice {
		data, p.asked = p.profile().WithQuestions(data, p.profile().InOrder())
	}
	// where the motor confirms the job, it is asked for at once if it can be: it may run for a moment only
	if p.marking == answering && (p.asked > 0 || p.profile().Confirm != escpos.ConfirmMotor) {
		p.asked++
	}
	marker := p.profile().DefineMarker().Ask
	return slices.Concat(marker, data), len(marker)
}

// allAnswered waits for the answers to the questions within a job, so that none is taken for a later one. It returns
// ErrLost if one is missing.
func (p *Printer) allAnswered(ctx context.Context, within time.Duration) error {
	if p.marking == unmarked {
		return nil
	}
	if p.asked > 0 {
		if err := p.bound(ctx, within); err != nil {
			return err
		}
		err := p.counted(p.profile().InOrder(), p.asked)
		if errors.Is(err, ErrSilent) {
			return ErrLost
		}
		if err != nil {
			return err
		}
	}
	return p.heed(ctx)
}

// heed takes what has come behind the answers: the same answers once more, and whether the printer has told the
// terminal to stop. Here it is heard, and anywhere else dropped with what came late. A motor does not wait for that: it
// may run for a moment only.
func (p *Printer) heed(ctx context.Context) error {
	if p.port.Time(1) > 0 && p.profile().Confirm != escpos.ConfirmMotor {
		if err := p.bound(ctx, heeding); err != nil {
			return err
		}
		answers := p.profile().Answers(p.profile().InOrder().Shape)
		for more := true; more && p.port != nil; {
			_, err := p.next(answers)
			more = err == nil
		}
	}
	if p.port == nil {
		return fmt.Errorf("device: %w", line.ErrHangup)
	}
	return p.gone(p.port.Flush())
}

// uninterrupted executes the marker. It returns ErrRestarted if the printer has lost it since the job began, and
// ErrUnmarked if it keeps none.
func (p *Printer) uninterrupted(ctx context.Context) error {
	if p.marking == unmarked {
		return ErrUnmarked
	}
	kept, err := p.kept(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("asked whether it has restarted: %w", err)
	case kept:
		p.losses = 0
		return nil
	}
	p.losses++
	if p.losses >= markerLosses {
		p.marking, p.tries = unmarked, markerTries
		return ErrUnmarked
	}
	return ErrRestarted
}

// kept reports whether the marker is there. It is executed twice: answers to earlier questions that come once more may
// be taken for the first answers, and have passed when the second are waited for.
func (p *Printer) kept(ctx context.Context) (bool, error) {
	question := p.profile().ExecuteMarker(times)
	if kept, err := p.answeredTimes(ctx, question, times); !kept || err != nil {
		return false, err
	}
	if quiet, err := p.hush(ctx); !quiet || err != nil {
		return false, err
	}
	return p.answeredTimes(ctx, question, times)
}

// hush drops answers that nobody waits for, and reports whether they have ended. After the first one, another may be as
// late as an answer may be.
func (p *Printer) hush(ctx context.Context) (bool, error) {
	var b [64]byte
	wait := surplus
	for end := time.Now().Add(p.config.Timeout); time.Now().Before(end); wait = p.config.Answer {
		if err := p.bound(ctx, wait); err != nil {
			return false, err
		}
		_, err := p.port.Read(b[:])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return true, nil
		}
		if err != nil {
			return false, p.gone(err)
		}
	}
	return false, nil
}

// forget returns the bytes that leave the printer without a marker, whatever has become of the last one; none for a
// printer that knows no macros.
func (p *Printer) forget() []byte {
	if p.profile().Marker == nil || p.tries >= markerTries {
		return nil
	}
	return escpos.ForgetMacro
}

// endMarker takes the marker of a job away that was printed: another printer, put in the place of this one within a
// later job, has an old marker then or none, and this one may become that other printer.
func (p *Printer) endMarker(ctx context.Context) {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.config.Answer)
	defer cancel()
	if err := p.write(bounded, p.forget(), p.config.Answer); err != nil {
		p.dirty = true
		p.log.Debug("the marker could not be taken away", "error", err)
	}
}

// lack returns what jobs have found the printer to lack.
func (p *Printer) lack() Lack {
	switch {
	case p.lacks:
		return LackAnswer
	case p.tries > 0, p.profile().Marker == nil && p.profile().Confirm != escpos.ConfirmNone:
		return LackMarker
	}
	return LackNothing
}
