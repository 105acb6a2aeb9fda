package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/terminal"
	"infomat/terminal/checks"
	"infomat/terminal/console"
)

// Reserve makes one booking with no screen, through the same state machine as a tap.
type Reserve struct {
	Config  string `required:"" placeholder:"F" help:"Configuration file."`
	Cell    string `required:"" placeholder:"GUID" help:"GUID of the cell."`
	Age     string `required:"" enum:"CHILD,TEEN,ADULT" help:"Age category of the patient: CHILD, TEEN or ADULT."`
	NoPrint bool   `help:"Do not print the ticket."`
}

// Run books, and writes the result.
func (c *Reserve) Run(ctx context.Context) error {
	cell, err := uuid.Parse(c.Cell)
	if err != nil || cell == uuid.Nil || len(c.Cell) != 36 {
		return Usage(fmt.Errorf("--cell: %q is not a GUID: write 8-4-4-4-12 hexadecimal digits", c.Cell))
	}
	conf, err := Load(c.Config)
	if err != nil {
		return err
	}
	if err := c.checkFiles(ctx, conf); err != nil {
		return err
	}
	log, file, err := terminal.OpenLog(conf.Log)
	if err != nil {
		return err
	}
	defer file.Close()
	t, err := terminal.New(terminal.Options{Config: conf, Log: log})
	if err != nil {
		return err
	}
	order := kiosk.ReserveCell{Operation: uuid.New(), Cell: cell, Age: kiosk.Age(c.Age)}
	state, err := t.Book(ctx, order, !c.NoPrint)
	if err != nil {
		return errors.Join(err, t.Close())
	}
	if err := t.Close(); err != nil {
		log.Warn("close", "error", err)
	}
	r := terminal.ResultOf(state)
	out, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(console.Plain(os.Stdout), string(out)); err != nil {
		return err
	}
	return exitOfBooking(r)
}

// exitOfBooking returns the exit code of a booking; fixed.
func exitOfBooking(r terminal.Result) error {
	switch r.Outcome {
	case kiosk.OutcomeReserved, kiosk.OutcomeVisited:
		if r.Print == kiosk.PrintOutcomeFailed || r.Print == kiosk.PrintOutcomeUnknown {
			return exit{code: ExitNoPaper}
		}
		return nil
	case kiosk.OutcomeRefused:
		return exit{code: ExitRefused}
	case kiosk.OutcomeUnreachable:
		return exit{code: ExitUnreachable}
	case kiosk.OutcomeUnknown, kiosk.OutcomeNone:
	}
	return exit{code: ExitUnknown}
}

// checkFiles returns the files that the settings name and without which no booking, or no ticket, can be made. Nobody
// is there who would wait until they are mended.
func (c *Reserve) checkFiles(ctx context.Context, conf config.Config) error {
	bearable := func(f health.Finding) bool { return f.Level != health.Failure || f.NoPaper && c.NoPrint }
	return unusable(c.Config, slices.DeleteFunc(checks.Settings(ctx, conf), bearable))
}
