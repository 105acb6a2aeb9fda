package walk

import (
	"context"
	"fmt"
	"time"

	"infomat/kiosk"
)

// Visit plays one more patient, from the welcome screen to the ticket and back, without pictures. It returns for each
// screen the time from the tap to the frame. A visit that does not end with a printed ticket is an error.
func (p *Player) Visit(ctx context.Context) (paints []time.Duration, err error) {
	if _, err = p.wait(ctx, "the welcome screen", open); err != nil {
		return nil, err
	}
	if paints, err = p.onward(ctx, paints, 0); err != nil {
		return paints, err
	}
	f, err := p.wait(ctx, "the end of the booking", kiosk.State.Settled)
	for err == nil && taken(f.State) {
		if _, err = p.wait(ctx, "a fresh list", loaded); err != nil {
			return paints, err
		}
		if paints, err = p.onward(ctx, paints, len(way)-2); err != nil {
			return paints, err
		}
		f, err = p.wait(ctx, "the end of the booking", kiosk.State.Settled)
	}
	if err != nil {
		return paints, err
	}
	if outcome, print := f.State.Outcome(), f.State.PrintOutcome(); outcome != kiosk.OutcomeReserved ||
		print != kiosk.PrintOutcomePrinted {
		return paints, fmt.Errorf("walk: the visit ended with outcome=%s, print=%s", outcome, print)
	}
	released, err := p.tap(ctx, "nav.home", nil)
	if err != nil {
		return paints, err
	}
	f, err = p.wait(ctx, "the welcome screen", func(s kiosk.State) bool { return s.Step == kiosk.StepWelcome })
	return append(paints, f.At.Sub(released)), err
}

// taken reports whether the cell was taken by someone else since the timetable was read.
func taken(s kiosk.State) bool { return s.Step == kiosk.StepTime && s.Notice == kiosk.NoticeCellTaken }

// onward taps the way from the step with index from to its end and appends the times from tap to frame to paints.
func (p *Player) onward(ctx context.Context, paints []time.Duration, from int) ([]time.Duration, error) {
	for _, w := range way[from:] {
		released, err := p.tap(ctx, w.target, w.free(p.Shell.State()))
		if err != nil {
			return paints, err
		}
		f, err := p.wait(ctx, "the screen "+w.step.String(), func(s kiosk.State) bool {
			return s.Step >= w.step && w.ready(s) || w.step == kiosk.StepReserving && taken(s)
		})
		if err != nil {
			return paints, err
		}
		paints = append(paints, f.At.Sub(released))
	}
	return paints, nil
}
