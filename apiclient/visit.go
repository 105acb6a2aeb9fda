package apiclient

import (
	"context"
	"errors"

	"github.com/go-resty/resty/v2"
	"github.com/google/uuid"
)

// VisitRequest is a request that makes a patient's visit of a cell that is reserved for him.
type VisitRequest struct {
	Operation uuid.UUID // sent as X-Request-ID and Idempotency-Key: another one than the reservation's
	TimeTable uuid.UUID // the cell

	// BeforeSend is called once, before the first byte of the request is written. If it fails, nothing is sent, and it
	// is not called again. It may be nil.
	BeforeSend func() error
}

func (q *VisitRequest) check(patient *PatientToken) error {
	switch {
	case patient == nil:
		return errors.New("VisitRequest has no patient: want a context of AsPatient")
	case q.Operation == uuid.Nil:
		return errors.New("VisitRequest.Operation is the nil UUID: want one of its own for each visit")
	case q.TimeTable == uuid.Nil:
		return errors.New("VisitRequest.TimeTable is the nil UUID: want that of a cell")
	}
	return nil
}

// MakeVisit makes the visit of the context's patient (AsPatient): POST {{url}}/visit/{{lpuGuid}}?timeTable=… (page
// C6586708). It is sent, retried and answered like Reserve, with the same errors: see OutcomeOf, where Reserved means
// that the visit is made.
//
// Of this step the following is a GUESS, and stands nowhere else: that the cell which this client holds by its
// reservation is named by timeTable and becomes the visit, so that ticketGuid of the reservation is not sent; that the
// parameters stand in the address (the page has one table of them); that the patient's token of the clinic is the
// access, as with the methods of the same generation; that the answer is the reservation's TicketVisitWithLpu, and
// that the refusals are those of the reservation's table.
func (c *Client) MakeVisit(ctx context.Context, q VisitRequest) (*TicketVisitWithLPU, error) {
	if err := q.check(patientOf(ctx)); err != nil {
		return nil, &NotSentError{Err: err}
	}
	return c.persist(ctx, q.BeforeSend, func(before func() error) (*TicketVisitWithLPU, error) {
		return c.post(ctx, q.Operation, "", before, func(r *resty.Request) {
			r.SetQueryParam("timeTable", q.TimeTable.String())
		})
	})
}
