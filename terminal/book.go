package terminal

import (
	"context"

	"infomat/kiosk"
)

// Book makes one booking with no screen, through the same state machine as a tap, and prints its ticket where print is
// set. It returns the state in which the booking is settled, or in which what had begun has ended after ctx is done.
func (t *Terminal) Book(ctx context.Context, order kiosk.ReserveCell, print bool) (kiosk.State, error) {
	if err := t.journal.Err(); err != nil {
		return kiosk.State{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	first := kiosk.Begin(t.visitSettings(print))
	last := first
	r := t.Runner(func(s kiosk.State) {
		last = s
		if s.Settled() {
			cancel()
		}
	})
	r.Send(kiosk.ServiceChanged{})
	r.Send(order)
	r.Run(ctx, first) // ends when what has begun is on disk
	return last, nil
}
