package apiclient

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"
)

// ReserveRequest asks for a cell.
type ReserveRequest struct {
	Operation      uuid.UUID // sent as X-Request-ID and Idempotency-Key, so that the registry's people can find it
	TimeTable      uuid.UUID // the cell
	AgeCategory    AgeCategory
	ReserveMinutes int

	// BeforeSend is called once, right before the first byte of the request can be on the wire; where it fails nothing is sent. Nil: none.
	BeforeSend func() error
}

// reserveBody is the body of the reservation page.
type reserveBody struct {
	TimeTable   uuid.UUID   `json:"timeTable"`
	AgeCategory AgeCategory `json:"ageCategory"`
	ReserveTime int         `json:"reserveTime"`
}

// Reserve asks once for a cell: POST {{url}}/visit/{{lpuGuid}}/reservation (reservation page). What certainly was not sent is tried again, with pauses
// that grow, for as long as Config.Timeout; from the first byte on there is one answer, or none within Config.Timeout. Its errors are
// *Refusal, *BusyError, *NotSentError and *UnknownError: see OutcomeOf.
func (c *Client) Reserve(ctx context.Context, q ReserveRequest) (*TicketVisitWithLpu, error) {
	before := once(q.BeforeSend)
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = 250*time.Millisecond, 3*time.Second
	var notSent *NotSentError
	t, err := backoff.Retry(ctx, func() (*TicketVisitWithLpu, error) {
		t, err := c.reserveOnce(ctx, q, before)
		if err != nil && (!errors.As(err, &notSent) || ctx.Err() != nil || errors.Is(err, errBeforeSend)) {
			return nil, backoff.Permanent(err)
		}
		return t, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(c.config.Timeout))
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) && OutcomeOf(err) == Unknown && !errors.As(err, new(*UnknownError)) {
		return nil, &NotSentError{Err: err} // given up in a pause between two attempts
	}
	return t, err
}

// errBeforeSend marks what the caller's own hook said.
var errBeforeSend = errors.New("before sending")

// once lets a hook succeed only once, whatever connections are tried.
func once(hook func() error) func() error {
	done := hook == nil
	return func() error {
		if done {
			return nil
		}
		if err := hook(); err != nil {
			return errors.Join(errBeforeSend, err)
		}
		done = true
		return nil
	}
}

func (c *Client) reserveOnce(ctx context.Context, q ReserveRequest, before func() error) (*TicketVisitWithLpu, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(c.config.Timeout, func() { cancel(context.DeadlineExceeded) })
	defer timer.Stop()
	w := &watch{before: func() error {
		timer.Reset(c.config.Timeout) // the connection stands: the answer has the whole time again
		return before()
	}}
	r, err := c.request(w.context(ctx))
	if err != nil {
		return nil, &NotSentError{Err: err}
	}
	r.SetHeader("X-Request-ID", q.Operation.String()).
		SetHeader("Idempotency-Key", q.Operation.String()).
		SetHeader("Content-Type", "application/json").
		SetBody(reserveBody{q.TimeTable, q.AgeCategory, q.ReserveMinutes})
	if c.config.ShortAnswer {
		r.SetQueryParam("fullResponse", "false") // that it is a query parameter is read, its default is not documented
	}
	asked := time.Now()
	resp, err := r.Post("/visit/" + c.config.LPU.String() + "/reservation")
	if resp != nil && resp.RawResponse != nil {
		c.observer.answer(resp.RawResponse, asked)
	}
	if resp != nil && resp.RawResponse != nil && isRedirect(resp.StatusCode()) {
		_ = resp.RawBody().Close()
		return nil, &UnknownError{HTTPStatus: resp.StatusCode(), Err: errors.New("a redirect, which the registry does not document")}
	}
	if err != nil {
		return nil, unanswered(w, err)
	}
	data, err := body(resp)
	if err != nil && resp.StatusCode() == http.StatusOK {
		return nil, &UnknownError{HTTPStatus: resp.StatusCode(), Err: err}
	}
	return judge(resp.StatusCode(), resp.Header(), data)
}

func isRedirect(status int) bool { return status >= 300 && status < 400 }

// unanswered tells what a request that got no answer means: nothing was written, or nobody knows.
func unanswered(w *watch, err error) error {
	if w.end() {
		return &UnknownError{Err: plain(err)}
	}
	return &NotSentError{Err: plain(err)}
}

// Admitted reports whether the registry would take this terminal's reservations. It is asked after the registry has refused one of them with
// AccessDenied. It probes (see Probe), because a read of the timetable would not do: the access headers are optional there (page C70287363),
// and nothing is signed. Only an answer with a code of the registry proves that the terminal is admitted, also one with HTTP status 500.
// Admitted returns an error if nobody answered, if the registry is busy, or if the answer is not the registry's.
func (c *Client) Admitted(ctx context.Context) (bool, error) {
	err := c.Probe(ctx)
	var (
		foreign *ForeignAnswerError
		refusal *Refusal
		unknown *UnknownError
	)
	switch {
	case errors.As(err, &foreign):
		return false, err
	case errors.As(err, &refusal):
		return refusal.Meaning != AccessDenied, nil
	case err == nil, errors.As(err, &unknown) && unknown.HTTPStatus == http.StatusInternalServerError && isRegistryCode(unknown.Code):
		return true, nil
	}
	return false, err
}

// Probe asks once for the cell with the nil UUID, in the same way as a reservation, and books nothing. The registry answers 400/4036
// (reservation page, "Возможные ошибки") to a terminal that it admits. That it checks who asks before it checks what is asked
// for is a GUESS; where the guess is wrong, the next patient's reservation is refused with AccessDenied.
//
// Probe returns the errors of Reserve, except that a refusal without a code of the registry is a *ForeignAnswerError. HTTP 401 is a *Refusal
// with AccessDenied even without a code. A *Refusal with any other meaning proves that the registry admits the terminal.
func (c *Client) Probe(ctx context.Context) error {
	q := ReserveRequest{Operation: uuid.New(), AgeCategory: Adult, ReserveMinutes: 1}
	_, err := c.reserveOnce(ctx, q, func() error { return nil })
	var refusal *Refusal
	if errors.As(err, &refusal) && !refusal.fromRegistry() {
		return &ForeignAnswerError{Refusal: refusal}
	}
	return err
}
