package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/terminal"
)

// Reserve makes one booking with no screen, through the same state machine as a tap.
type Reserve struct {
	Config  string `required:"" placeholder:"F" help:"Configuration file."`
	Cell    string `required:"" placeholder:"GUID" help:"GUID of the cell."`
	Age     string `required:"" enum:"CHILD,TEEN,ADULT" help:"Age category of the patient: CHILD, TEEN or ADULT."`
	NoPrint bool   `help:"Do not print the ticket."`
}

// reserveResult is the one object on standard output; fixed.
type reserveResult struct {
	Operation  string             `json:"operation"`
	Outcome    kiosk.Outcome      `json:"outcome"`
	Num        string             `json:"num"`
	Room       string             `json:"room"`
	TicketGUID string             `json:"ticketGuid"`
	HoldUntil  string             `json:"holdUntil"` // RFC 3339
	Code       string             `json:"code"`
	Message    string             `json:"message"`
	Print      kiosk.PrintOutcome `json:"print"`
}

// Run books and tells what came of it.
func (c *Reserve) Run(ctx context.Context) error {
	cell, err := uuid.Parse(c.Cell)
	if err != nil || cell == uuid.Nil || len(c.Cell) != 36 {
		return Usage(fmt.Errorf("--cell: %q is not a GUID: write 8-4-4-4-12 hexadecimal digits", c.Cell))
	}
	conf, err := Load(c.Config)
	if err != nil {
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
	out, err := json.Marshal(resultOf(state))
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(os.Stdout, string(out)); err != nil {
		return err
	}
	return exitOfBooking(state)
}

func resultOf(s kiosk.State) reserveResult {
	b := s.Booking
	r := reserveResult{
		Operation: b.Operation.String(), Outcome: outcomeOf(s), Code: b.Refusal.Code, Message: b.Refusal.Message,
		Print: s.PrintOutcome(),
	}
	if r.Outcome == kiosk.OutcomeReserved {
		r.Num, r.Room, r.TicketGUID = b.Ticket.Num, b.Ticket.Room, b.Ticket.GUID.String()
		r.HoldUntil = b.Hold.Shown.Format(time.RFC3339)
	}
	return r
}

// outcomeOf returns what became of a booking whose runner has ended. Nothing is sent any more: what was not sent by
// then reserved nothing, and what was sent without an answer is unknown.
func outcomeOf(s kiosk.State) kiosk.Outcome {
	switch outcome := s.Outcome(); {
	case outcome != kiosk.OutcomeNone:
		return outcome
	case s.Booking.Stage == kiosk.StageSent:
		return kiosk.OutcomeUnknown
	}
	return kiosk.OutcomeUnreachable
}

// exitOfBooking returns the exit code of a booking; fixed.
func exitOfBooking(s kiosk.State) error {
	switch outcomeOf(s) {
	case kiosk.OutcomeReserved:
		if p := s.PrintOutcome(); p == kiosk.PrintOutcomeFailed || p == kiosk.PrintOutcomeUnknown {
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
