package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
)

// reserveCommand does one booking with no screen, through the same machine as a tap.
type reserveCommand struct {
	Config  string `required:"" placeholder:"F" help:"Configuration file."`
	Cell    string `required:"" placeholder:"GUID" help:"GUID of the cell."`
	Age     string `required:"" enum:"CHILD,TEEN,ADULT" help:"Age category of the patient: CHILD, TEEN or ADULT."`
	NoPrint bool   `help:"Do not print the ticket."`
}

// reserveResult is the one object on standard output; fixed.
type reserveResult struct {
	Operation  string `json:"operation"`
	Outcome    string `json:"outcome"` // reserved, refused, unreachable, unknown
	Num        string `json:"num"`
	Room       string `json:"room"`
	TicketGUID string `json:"ticketGuid"`
	HoldUntil  string `json:"holdUntil"` // RFC 3339
	Code       string `json:"code"`
	Message    string `json:"message"`
	Print      string `json:"print"` // printed, failed, unknown, skipped
}

// Run books and tells what came of it.
func (c *reserveCommand) Run(ctx context.Context) error {
	cell, err := uuid.Parse(c.Cell)
	if err != nil || cell == uuid.Nil || len(c.Cell) != 36 {
		return usage(fmt.Errorf("--cell: %q is not a GUID: write 8-4-4-4-12 hexadecimal digits", c.Cell))
	}
	conf, err := load(c.Config)
	if err != nil {
		return err
	}
	log, file, err := newLog(conf.Log)
	if err != nil {
		return err
	}
	defer file.Close()
	p, err := build(conf, log)
	if err != nil {
		return err
	}
	if err := p.journal.Err(); err != nil {
		return errors.Join(err, p.close())
	}
	state := book(ctx, p, kiosk.ReserveCell{Operation: uuid.New(), Cell: cell, Age: kiosk.Age(c.Age)}, !c.NoPrint)
	if err := p.close(); err != nil {
		log.Warn("close", "error", err)
	}
	out, err := json.Marshal(resultOf(state))
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(os.Stdout, string(out)); err != nil {
		return err
	}
	return exitOf(state)
}

// book runs the state machine until the booking is settled, or until it was told to stop and what had begun has ended.
func book(ctx context.Context, p *parts, order kiosk.ReserveCell, print bool) kiosk.State {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	first := kiosk.Begin(p.settings(print))
	last := first
	r := p.runner(func(s kiosk.State) {
		last = s
		if s.Settled() {
			cancel()
		}
	})
	r.Send(kiosk.ServiceChanged{})
	r.Send(order)
	r.Run(ctx, first) // ends when what has begun is written down
	return last
}

func resultOf(s kiosk.State) reserveResult {
	b := s.Booking
	r := reserveResult{Operation: b.Operation.String(), Outcome: outcomeOf(s), Code: b.Refusal.Code, Message: b.Refusal.Message, Print: s.PrintOutcome()}
	if r.Outcome == "reserved" {
		r.Num, r.Room, r.TicketGUID = b.Ticket.Num, b.Ticket.Room, b.Ticket.GUID.String()
		r.HoldUntil = b.Hold.Shown.Format(time.RFC3339)
	}
	return r
}

// outcomeOf names what became of a booking whose runner has ended. Nothing is sent any more: what was not sent by then
// reserved nothing, and what was sent without an answer is unknown.
func outcomeOf(s kiosk.State) string {
	switch outcome := s.Outcome(); {
	case outcome != "":
		return outcome
	case s.Booking.Stage == kiosk.StageSent:
		return "unknown"
	}
	return "unreachable"
}

// exitOf is the exit code of a booking; fixed.
func exitOf(s kiosk.State) error {
	switch outcomeOf(s) {
	case "reserved":
		if p := s.PrintOutcome(); p == "failed" || p == "unknown" {
			return exit{code: exitNoPaper}
		}
		return nil
	case "refused":
		return exit{code: exitRefused}
	case "unreachable":
		return exit{code: exitUnreachable}
	}
	return exit{code: exitUnknown}
}
