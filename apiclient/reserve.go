package apiclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/go-resty/resty/v2"
	"github.com/google/uuid"
)

// ReserveRequest is a request for a cell.
type ReserveRequest struct {
	Operation      uuid.UUID // sent as X-Request-ID and Idempotency-Key
	TimeTable      uuid.UUID // the cell
	AgeCategory    AgeCategory
	ReserveMinutes int // for how many minutes the cell is held: at least 1

	// BeforeSend is called once, before the first byte of the request is written. If it fails, nothing is
	// sent, and it is not called again. It may be nil.
	BeforeSend func() error
}

// check returns a *RequestError for a request that names no cell, no operation, or no time. The answer to such a
// request would say nothing about a cell.
func (q *ReserveRequest) check() error {
	switch {
	case q.Operation == uuid.Nil:
		return &RequestError{"Operation", "is the nil UUID: want one of its own for each reservation"}
	case q.TimeTable == uuid.Nil:
		return &RequestError{"TimeTable", "is the nil UUID: want that of a cell"}
	case !slices.Contains([]AgeCategory{Child, Teen, Adult}, q.AgeCategory):
		return &RequestError{"AgeCategory", fmt.Sprintf("is %q: want %s, %s or %s", q.AgeCategory, Child, Teen, Adult)}
	case q.ReserveMinutes <= 0:
		return &RequestError{"ReserveMinutes", fmt.Sprintf("is %d: want minutes, at least 1", q.ReserveMinutes)}
	}
	return nil
}

// reserveBody is the body of a reservation (reservation page, "Тело запроса").
type reserveBody struct {
	TimeTable   uuid.UUID   `json:"timeTable"`
	AgeCategory AgeCategory `json:"ageCategory"`
	ReserveTime int         `json:"reserveTime"`
}

// Reserve asks for a cell: POST {{url}}/visit/{{lpuGuid}}/reservation (reservation page). Each attempt has a
// connection of its own. An attempt of which no byte was written is repeated with backoff within
// Config.Timeout. From the first byte on there is one attempt, which is answered within Config.Timeout or not
// at all. Its errors are *RefusalError, *BusyError, *NotSentError and *UnknownError: see OutcomeOf. A request
// with an invalid field is a *NotSentError that wraps a *RequestError.
func (c *Client) Reserve(ctx context.Context, q ReserveRequest) (*TicketVisitWithLPU, error) {
	if err := q.check(); err != nil {
		return nil, &NotSentError{Err: err}
	}
	return c.persist(ctx, q.BeforeSend, func(before func() error) (*TicketVisitWithLPU, error) {
		return c.reserveOnce(ctx, q, before)
	})
}

// persist repeats an attempt of which no byte was written, with backoff within Config.Timeout.
func (c *Client) persist(
	ctx context.Context, hook func() error, try func(before func() error) (*TicketVisitWithLPU, error),
) (*TicketVisitWithLPU, error) {
	before := once(hook)
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = 250*time.Millisecond, 3*time.Second
	t, err := backoff.Retry(ctx, func() (*TicketVisitWithLPU, error) {
		t, err := try(before)
		if err != nil && (ctx.Err() != nil || !repeatable(err)) {
			return nil, backoff.Permanent(err)
		}
		return t, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(c.config.Timeout))
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) &&
		OutcomeOf(err) == Unknown && !errors.As(err, new(*UnknownError)) {
		return nil, &NotSentError{Err: err} // canceled in a pause between two attempts
	}
	return t, err
}

// repeatable reports whether another attempt may follow an error, and may succeed.
func repeatable(err error) bool {
	var notSent *NotSentError
	var before *beforeSendError
	return errors.As(err, &notSent) && !errors.As(err, &before) &&
		!errors.Is(err, errForeignConnection) && !errors.Is(err, errNotMade) && !errors.Is(err, errTokenGone)
}

// beforeSendError is an error of ReserveRequest.BeforeSend or of the signer. Their texts are the caller's.
type beforeSendError struct{ err error }

func (e *beforeSendError) Error() string { return "before sending: " + e.err.Error() }

func (e *beforeSendError) Unwrap() error { return e.err }

// once returns a hook that succeeds only once, on whatever connections it is called.
func once(hook func() error) func() error {
	done := hook == nil
	return func() error {
		if done {
			return nil
		}
		if err := hook(); err != nil {
			return &beforeSendError{err}
		}
		done = true
		return nil
	}
}

// reserveOnce makes one attempt.
func (c *Client) reserveOnce(ctx context.Context, q ReserveRequest, before func() error) (*TicketVisitWithLPU, error) {
	return c.post(ctx, q.Operation, "/reservation", before, func(r *resty.Request) {
		r.SetBody(reserveBody{q.TimeTable, q.AgeCategory, q.ReserveMinutes})
	})
}

// post makes one attempt of a request that may change something in the registry: POST {{url}}/visit/{{lpuGuid}}, with
// what is added to the path and to the request. before runs before its first byte.
func (c *Client) post(
	ctx context.Context, operation uuid.UUID, path string, before func() error, add func(*resty.Request),
) (*TicketVisitWithLPU, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(c.config.Timeout, func() { cancel(context.DeadlineExceeded) })
	defer timer.Stop()
	a := &attempt{before: func() error {
		timer.Reset(c.config.Timeout) // connected: the answer has the whole timeout
		return before()
	}}
	r, err := c.request(a.in(ctx))
	if err != nil {
		return nil, &NotSentError{Err: err}
	}
	r.SetHeader("X-Request-ID", operation.String()).
		SetHeader("Idempotency-Key", operation.String()).
		SetHeader("Content-Type", "application/json").
		SetQueryParam("fullResponse", strconv.FormatBool(!c.config.ShortAnswer)) // its default is not documented
	add(r)
	asked := time.Now()
	resp, err := r.Post("/visit/" + c.config.LPU.String() + path)
	if resp != nil && resp.RawResponse != nil {
		c.observer.answer(resp.RawResponse, asked)
	}
	if resp != nil && resp.RawResponse != nil && isRedirect(resp.StatusCode()) {
		_ = resp.RawBody().Close()
		return nil, &UnknownError{HTTPStatus: resp.StatusCode(), Err: errors.New("an undocumented redirect")}
	}
	if err != nil {
		return nil, unanswered(a, err)
	}
	data, err := textBody(resp, c.config.MaxBody)
	if err != nil && isSuccess(resp.StatusCode()) {
		return nil, &UnknownError{HTTPStatus: resp.StatusCode(), Err: err}
	}
	t, err := decodeAnswer(resp.StatusCode(), resp.Header(), data)
	return t, ofPatient(ctx, err)
}

func isRedirect(status int) bool { return status >= 300 && status < 400 }

// unanswered returns the error of an attempt without an answer: *UnknownError if a byte may have been
// written, and else *NotSentError.
func unanswered(a *attempt, err error) error {
	if a.end() {
		return &UnknownError{Err: redact(err)}
	}
	if reason := a.blockedBy(); errors.Is(reason, errForeignConnection) {
		err = reason // net/http knows only that the connection is closed
	}
	return &NotSentError{Err: redact(err)}
}

// Admitted reports whether the registry would take this terminal's reservations. It is called after the
// registry has refused one with AccessDenied. It probes, because a read of the timetable would prove
// nothing: the access headers are optional there (page C70287363), and no signature is checked. Only an
// answer with a code of the registry proves that the terminal is admitted, also one with HTTP status 500.
// Admitted returns an error if nobody answered, if the registry is busy, or if the answer is not the
// registry's.
func (c *Client) Admitted(ctx context.Context) (bool, error) {
	err := c.Probe(ctx)
	var (
		foreign *ForeignAnswerError
		refusal *RefusalError
		unknown *UnknownError
	)
	switch {
	case errors.As(err, &foreign):
		return false, err
	case errors.As(err, &refusal):
		return refusal.Meaning != AccessDenied, nil
	case err == nil:
		return true, nil
	case errors.As(err, &unknown) && unknown.HTTPStatus == http.StatusInternalServerError &&
		isRegistryCode(unknown.Code):
		return true, nil
	}
	return false, err
}

// Probe asks once for the cell with the nil UUID, in the same way as a reservation, and books nothing. The
// registry answers 400/4036 (reservation page, "Возможные ошибки") to a terminal that it admits. That it
// checks who asks before it checks what is asked for is a GUESS. Where the guess is wrong, the next
// patient's reservation is refused with AccessDenied.
//
// Probe returns the errors of Reserve, except that a refusal without a code of the registry is a
// *ForeignAnswerError. HTTP 401 is a *RefusalError with AccessDenied even without a code. A *RefusalError of any
// other meaning proves that the registry admits the terminal.
func (c *Client) Probe(ctx context.Context) error {
	q := ReserveRequest{Operation: uuid.New(), AgeCategory: Adult, ReserveMinutes: 1}
	_, err := c.reserveOnce(ctx, q, func() error { return nil })
	var refusal *RefusalError
	if errors.As(err, &refusal) && !refusal.fromRegistry() {
		return &ForeignAnswerError{Refusal: refusal}
	}
	return err
}
