package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"infomat/kiosk"
	"infomat/terminal"
	"infomat/terminal/demo"
	"infomat/ui"
	"infomat/ui/walk"
	"infomat/ui/xwalk"
)

// technicianWithin is the deadline of the technician's walk.
const technicianWithin = 5 * time.Minute

// playTechnician plays a technician who goes through the diagnostics mode.
func (c *demoCommand) playTechnician(ctx context.Context, s *screen, o screenOptions) error {
	ctx, cancel := context.WithTimeout(ctx, technicianWithin)
	defer cancel()
	hand, err := xwalk.Open(ctx, o.width, o.height)
	if err != nil {
		return err
	}
	defer hand.Close()
	return (&walk.Technician{Mode: s.mode, Hand: hand, Dir: c.Technician, PIN: c.pin}).Play(ctx)
}

// frameQueue returns a channel of painted frames, and the function that adds a frame to it. The function never
// blocks: it drops frames if the channel is full.
func frameQueue() (<-chan ui.Frame, func(ui.Frame)) {
	frames := make(chan ui.Frame, 256)
	return frames, func(f ui.Frame) {
		select {
		case frames <- f:
		default: // the player has stopped reading
		}
	}
}

// play plays a patient and writes the report and the ticket.
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
	player := &walk.Player{
		Shell: shell, Hand: hand, Dir: c.Walk, Frames: frames, Started: terminal.Started, Rest: c.Rest,
		Text: textSizes[c.Text],
	}
	wanted := kiosk.OutcomeReserved
	if c.Patient {
		player.Who = &walk.Identity{Policy: demo.PatientPolicy, Birthday: demo.PatientBirthday}
		wanted = kiosk.OutcomeVisited
	}
	report, err := player.Play(ctx)
	report.Size, report.Language = fmt.Sprintf("%dx%d", o.width, o.height), c.Lang
	n, keepErr := keepTicket(c.Walk, t)
	if n > 0 {
		report.Line = c.line(n, t.VirtualPrinter().LastByte().Sub(report.Reserved))
	}
	if err := errors.Join(err, keepErr, report.Write(c.Walk)); err != nil {
		return err
	}
	if report.Outcome != wanted || report.Print != kiosk.PrintOutcomePrinted {
		return fmt.Errorf("the walk ended with outcome=%s, print=%s", report.Outcome, report.Print)
	}
	return nil
}

// textSizes holds the values of --text.
var textSizes = map[string]kiosk.TextSize{
	"normal": kiosk.TextNormal, "large": kiosk.TextLarge, "extra": kiosk.TextExtra,
	"double": kiosk.TextDouble,
}

// line returns the measurement of a ticket of the given size in bytes, and its minimum.
func (c *demoCommand) line(ticket int, took time.Duration) walk.Line {
	wire := time.Duration(ticket) * 10 * time.Second / time.Duration(c.Baud)
	return walk.Line{
		ReserveToLastByteMS: walk.MS(took), RegistryMS: walk.MS(c.Latency), WireMS: walk.MS(wire),
		TicketBytes: ticket, Baud: c.Baud,
	}
}

// keepTicket writes the bytes of the first printed job to ticket.bin and its paper to ticket.png in dir. It returns the
// number of bytes, or 0 if nothing was printed.
func keepTicket(dir string, t *terminal.Terminal) (int, error) {
	jobs := t.VirtualPrinter().Jobs()
	if len(jobs) == 0 {
		return 0, nil
	}
	data := jobs[0]
	picture, err := terminal.PaperPNG(data, t.Profile())
	if err != nil {
		return 0, err
	}
	return len(data), errors.Join(
		os.WriteFile(filepath.Join(dir, "ticket.bin"), data, 0o644),
		os.WriteFile(filepath.Join(dir, "ticket.png"), picture, 0o644))
}
