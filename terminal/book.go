package terminal

import (
	"context"
	"time"

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

// Result is what became of a booking, as `infomat reserve` writes it. Its form is fixed: other programs read it.
type Result struct {
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

// ResultOf returns the result of a state that Book has returned.
func ResultOf(s kiosk.State) Result {
	b := s.Booking
	r := Result{
		Operation: b.Operation.String(), Outcome: outcomeOf(s), Code: b.Refusal.Code, Message: b.Refusal.Message,
		Print: s.PrintOutcome(),
	}
	if r.Outcome == kiosk.OutcomeReserved || r.Outcome == kiosk.OutcomeVisited {
		r.Num, r.Room, r.TicketGUID = b.Ticket.Num, b.Ticket.Room, b.Ticket.GUID.String()
		r.HoldUntil = b.Hold.Shown.Format(time.RFC3339)
	}
	return r
}

// outcomeOf returns the outcome of a booking whose runner has ended. Nothing is sent any more: what was not sent
// by then reserved nothing, and what was sent without an answer is unknown.
func outcomeOf(s kiosk.State) kiosk.Outcome {
	switch outcome := s.Outcome(); {
	case outcome != kiosk.OutcomeNone:
		return outcome
	case s.Booking.Stage == kiosk.StageSent:
		return kiosk.OutcomeUnknown
	}
	return kiosk.OutcomeUnreachable
}
