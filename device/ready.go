package device

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"infomat/device/escpos"
)

// header is the length of the longest command header before its data (GS v 0). So many NUL bytes complete a
// header that was cut off, with a size of zero. Without them the printer would read the next question as
// the size.
const header = 8

// ready returns nil if a job of so many bytes can be sent. It asks for the status, unless the line has no way back, and
// clears what a broken job may have left in the printer. The length of a job of an earlier run of the program is
// unknown; it is taken to be as long as this one.
func (p *Printer) ready(ctx context.Context, bytes int) error {
	if err := p.open(); err != nil {
		p.observe(ctx, 0, err)
		return err
	}
	p.mute = p.oneWay || oneWay(p.port)
	if p.dirty {
		if err := p.clear(ctx); err != nil {
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
	switch {
	case err != nil:
		return err
	case !s.Ready():
		return NotReadyError{s}
	case p.dirty:
		return p.settle(ctx)
	case p.unsure():
		return p.tryMarker(ctx)
	}
	return nil
}

// clear ends a command and a macro that were cut off, and clears the printer's buffer. If the printer takes nothing, it
// returns the reason that the line reports.
func (p *Printer) clear(ctx context.Context) error {
	end := slices.Concat(make([]byte, header), p.profile().Clear)
	if p.inBand() { // an open macro would swallow the questions
		end = append(end, p.forget()...)
	}
	err := p.write(ctx, end, p.config.Answer)
	if err == nil {
		return nil
	}
	s, why := p.reported(0, err)
	p.observe(ctx, s, why)
	if why == nil {
		return NotReadyError{s}
	}
	return why
}

// settle waits until the printer has carried out everything that it was sent before, and marks what a
// broken job may have left on the paper. Otherwise the answer to an old question could be taken for the
// confirmation of the new job, and half a ticket for a whole one.
func (p *Printer) settle(ctx context.Context) error {
	if p.half {
		p.endPicture(ctx)
	}
	if p.profile().Confirm != escpos.ConfirmMotor { // an open macro would swallow the question
		if err := p.write(ctx, p.forget(), p.config.Answer); err != nil {
			return err
		}
	}
	within := p.config.Timeout
	err := p.confirm(ctx, "SYNC", false, within)
	if !p.confirms {
		within = min(within, p.config.Answer) // it has had the full time once, and may not be able to answer at all
	}
	for !p.lacks && errors.Is(err, ErrSilent) && p.endPicture(ctx) {
		p.half = true // perhaps begun by an earlier run of the program
		err = p.confirm(ctx, "SYNC", false, within)
	}
	byMotor := p.profile().Confirm == escpos.ConfirmMotor // there an answer came: the motor does not stop
	if errors.Is(err, ErrUnanswered) && !p.confirms && !byMotor {
		p.lacks = true // print without confirmation rather than not at all
	}
	if err != nil && !p.unconfirmable(err) {
		return fmt.Errorf("device: %w", err)
	}
	if p.profile().ASB != nil { // it may be on by a switch, or from an earlier run of the program
		if err := p.write(ctx, escpos.ASBOff, p.config.Answer); err != nil {
			return err
		}
	}
	if err := p.tryMarker(ctx); err != nil {
		return err
	}
	if p.half && p.config.Void != nil {
		err := p.voidSlip(ctx)
		for n := 1; n < markerLosses && errors.Is(err, ErrRestarted); n++ {
			err = p.voidSlip(ctx)
		}
		if err != nil {
			return err
		}
	}
	p.settled()
	return nil
}

// voidSlip prints below half a ticket that it is none. It is printed behind a marker, as a restart may leave half of it
// too, or the paper uncut.
func (p *Printer) voidSlip(ctx context.Context) error {
	data, _ := p.withMarker(p.config.Void)
	p.begin(len(data))
	if _, err := p.send(ctx, data); err != nil {
		return err
	}
	err := p.confirm(ctx, "VOID", true, p.config.Timeout)
	if p.unconfirmable(err) || errors.Is(err, ErrUnmarked) {
		return nil
	}
	return err
}

// settled records that the printer has carried out everything that it was sent.
func (p *Printer) settled() { p.dirty, p.half, p.rest, p.pads = false, false, 0, 0 }

// endPicture sends NUL bytes as the missing rest of a picture that was cut off. They are blank dots there;
// a printer that waits for no picture ignores them. What was to end a macro may have become dots, and is sent once
// more. It returns false if there is no picture to complete, after too many tries, or if the bytes could not be sent.
func (p *Printer) endPicture(ctx context.Context) bool {
	if p.rest == 0 || p.pads == 0 {
		return false
	}
	p.pads--
	_, err := p.send(ctx, append(make([]byte, p.rest), p.forget()...))
	return err == nil
}

// begin records that up to so many bytes are about to be sent, and may be left in the printer half done.
func (p *Printer) begin(bytes int) {
	const enough = 4 // a question in the place of a picture's size makes the picture larger
	p.dirty, p.rest, p.pads = true, max(p.rest, bytes), enough
}

// inBand reports whether the status questions are answered in the order of the buffer, so that an
// incomplete picture may swallow them.
func (p *Printer) inBand() bool {
	ask := p.profile().Ask
	return len(ask) > 0 && ask[0].Ask[0] != 0x10
}

// void drops what is left of a broken job in the system's queue and in the printer's buffer, so that no
// half ticket comes out when paper is loaded. If the line is dead, that is done before the next job.
func (p *Printer) void(ctx context.Context) {
	if p.port == nil {
		return
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.config.Answer)
	defer cancel()
	err := p.gone(p.port.Discard())
	if err == nil {
		err = p.write(bounded, slices.Concat(p.profile().Clear, p.forget()), p.config.Answer)
	}
	if err != nil {
		p.log.Warn("cannot clear the printer's buffer yet", "error", err)
	}
}
