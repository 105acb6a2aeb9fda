package device

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"infomat/device/escpos"
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

// unsure reports whether the marker has not worked yet, and has to be tried again.
func (p *Printer) unsure() bool {
	return p.profile().Marker != nil && !p.lacks && p.marking == unmarked && p.tries < markerTries
}

// tryMarker finds out what the printer makes of a marker. What an earlier job has left of a definition is ended first.
func (p *Printer) tryMarker(ctx context.Context) error {
	if p.marking = unmarked; !p.unsure() {
		return nil
	}
	p.tries++
	profile := p.profile()
	if err := p.write(ctx, escpos.NoMacro, p.config.Answer); err != nil {
		return err
	}
	answered, err := p.answers(ctx, profile.DefineMarker())
	if err != nil {
		return err
	}
	works, err := p.answers(ctx, profile.ExecuteMarker(times))
	if err != nil || !works {
		return err
	}
	p.tries, p.marking = 0, quiet
	if answered {
		p.marking = answering
	}
	return nil
}

// answers asks a question and reports whether it was answered as expected. An error is one of the line.
func (p *Printer) answers(ctx context.Context, q escpos.Question) (bool, error) {
	if err := p.port.Flush(); err != nil {
		return false, p.gone(err)
	}
	if err := p.write(ctx, q.Ask, p.config.Answer); err != nil {
		return false, err
	}
	_, err := p.answer(q.Shape)
	var other *escpos.BadStatusError
	if errors.Is(err, ErrSilent) || errors.As(err, &other) {
		return false, nil
	}
	return err == nil, err
}

// withMarker returns the bytes of a job behind those that set the marker. Nothing stands before it: a restart within
// that would go unseen.
func (p *Printer) withMarker(data []byte) []byte {
	if p.marking == unmarked {
		return data
	}
	return slices.Concat(p.profile().DefineMarker().Ask, data)
}

// markerSet waits for the answer to the definition of the marker, so that it is not taken for a later one.
func (p *Printer) markerSet(ctx context.Context, within time.Duration) error {
	if p.marking != answering {
		return nil
	}
	if err := p.bound(ctx, within); err != nil {
		return err
	}
	if _, err := p.answer(p.profile().DefineMarker().Shape); err != nil {
		return err
	}
	if err := p.port.Flush(); err != nil { // the same answer once more
		return p.gone(err)
	}
	return nil
}

// uninterrupted executes the marker. It returns ErrRestarted if the printer has lost it since the job began, and
// ErrUnmarked if it keeps none.
func (p *Printer) uninterrupted(ctx context.Context) error {
	if p.marking == unmarked {
		return ErrUnmarked
	}
	kept, err := p.answers(ctx, p.profile().ExecuteMarker(times))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRestarted, err)
	}
	if !kept {
		return ErrRestarted
	}
	return nil
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
