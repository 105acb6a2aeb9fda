package device

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// silences is the number of rounds of status questions without an answer after which a line on which nothing was ever
// heard is taken for one that carries nothing back. The terminal's watch asks every few seconds.
const silences = 3

// findOneWay counts the rounds of questions that were not answered on a line on which nothing was ever heard: err is
// the error of the last one. That is a cable of two wires, a printer that answers nothing, or one that is switched off:
// they cannot be told apart. A printer that has answered before and is silent now is off.
func (p *Printer) findOneWay(err error) {
	if p.port == nil || p.heard || !errors.Is(err, ErrSilent) {
		return
	}
	p.silent++
	p.oneWay = p.silent >= silences
}

// printUnheard prints a job on a line on which nothing was ever heard. What becomes of it is unknown. The printer's
// buffer is not cleared: the printer may still be printing the job before.
func (p *Printer) printUnheard(ctx context.Context, j Job) Result {
	if r, ok := p.sendJob(ctx, j.Data); !ok {
		return r
	}
	sent := time.Now()
	err := p.drained(ctx, p.config.Timeout)
	return Result{Outcome: Unknown, Err: fmt.Errorf("device: not confirmed: %w", errors.Join(ErrOneWay, err)), Sent: sent}
}
