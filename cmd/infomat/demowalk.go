package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"infomat/kiosk"
	"infomat/terminal"
	"infomat/ui"
	"infomat/ui/walk"
	"infomat/ui/xwalk"
)

// technicianWithin bounds the technician's whole walk.
const technicianWithin = 2 * time.Minute

// playTechnician lets a technician walk through the diagnostics mode.
func (c *demoCommand) playTechnician(ctx context.Context, s *screen, o screenOptions) error {
	ctx, cancel := context.WithTimeout(ctx, technicianWithin)
	defer cancel()
	hand, err := xwalk.Open(ctx, o.width, o.height)
	if err != nil {
		return err
	}
	defer hand.Close()
	return (&walk.Technician{Mode: s.mode, Hand: hand, Dir: c.Technician, PIN: demoPIN}).Play(ctx)
}

// watched returns the frames that are painted, and the function that hands them over. It never blocks.
func watched() (<-chan ui.Frame, func(ui.Frame)) {
	frames := make(chan ui.Frame, 256)
	return frames, func(f ui.Frame) {
		select {
		case frames <- f:
		default: // nobody looks any more
		}
	}
}

// play walks, and writes the report and the ticket.
func (c *demoCommand) play(
	ctx context.Context, t *terminal.Terminal, shell *ui.Shell, frames <-chan ui.Frame, o screenOptions,
) error {
	bounded, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	hand, err := xwalk.Open(bounded, o.width, o.height)
	if err != nil {
		return err
	}
	defer hand.Close()
	player := &walk.Player{Shell: shell, Hand: hand, Dir: c.Walk, Frames: frames, Started: terminal.Started, Rest: c.Rest}
	report, err := player.Play(ctx)
	report.Size, report.Language = fmt.Sprintf("%dx%d", o.width, o.height), c.Lang
	n, keepErr := t.KeepTicket(c.Walk)
	if n > 0 {
		report.Line = c.line(n, t.VirtualPrinter().LastByte().Sub(report.Reserved))
	}
	if err := errors.Join(err, keepErr, report.Write(c.Walk)); err != nil {
		return err
	}
	if report.Outcome != kiosk.OutcomeReserved || report.Print != kiosk.PrintOutcomePrinted {
		return fmt.Errorf("the walk ended with outcome=%s, print=%s", report.Outcome, report.Print)
	}
	return nil
}

// line returns how long a ticket took to the wire's end, and how long it had to take.
func (c *demoCommand) line(ticket int, took time.Duration) walk.Line {
	wire := time.Duration(ticket) * 10 * time.Second / time.Duration(c.Baud)
	return walk.Line{
		ReserveToLastByteMS: walk.MS(took), RegistryMS: walk.MS(c.Latency), WireMS: walk.MS(wire),
		TicketBytes: ticket, Baud: c.Baud,
	}
}
