package device

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// findOneWay records that nothing was ever heard on the line, if err says that no answer came. That is a cable of two
// wires, a printer that answers nothing, or one that is switched off: they cannot be told apart. A printer that has
// answered before and is silent now is off.
func (p *Printer) findOneWay(err error) {
	p.oneWay = p.port != nil && !p.heard && errors.Is(err, ErrSilent)
}

// printUnheard prints a job on a line on which nothing was ever heard. What becomes of it is unknown. The printer's
// buffer is not cleared: the printer may still be printing the job before.
func (p *Printer) printUnheard(ctx context.Context, j Job) Result {
	if r, ok := p.sendJob(ctx, nil, j); !ok {
		return r
	}
	sent := time.Now()
	err := p.drained(ctx, p.config.Timeout)
	return Result{Outcome: Unknown, Err: fmt.Errorf("device: not confirmed: %w", errors.Join(ErrOneWay, err)), Sent: sent}
}
