package registry

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// An answer of whatever kind says that the line works; a busy registry and a line that is down are not asked
// further; what concerns all ends the reading.
func TestWhatAFailureMeansToTheRest(t *testing.T) {
	down := fmt.Errorf("read: %w", &net.OpError{Op: "dial", Err: io.ErrNoProgress})
	answer := errors.New("HTTP 500")
	denied := &apiclient.RefusalError{HTTPStatus: 403, Meaning: apiclient.AccessDenied}
	busy := &apiclient.BusyError{HTTPStatus: 429, RetryAfter: time.Second}
	five := func(err error) []error { return []error{err, err, err, err, err} }
	for name, c := range map[string]struct {
		errs           []error
		stopped, fatal bool
	}{
		"nothing":                  {nil, false, false},
		"four failures":            {five(down)[:4], false, false},
		"five failures":            {five(down), true, false},
		"an answer between them":   {append(five(down)[:4], answer, down), false, false},
		"a page between them":      {append(five(down)[:4], nil, down), false, false},
		"no answers in time":       {five(context.DeadlineExceeded), true, false},
		"no name":                  {five(&net.DNSError{}), true, false},
		"cut answers":              {five(io.ErrUnexpectedEOF), true, false},
		"a stranger's certificate": {five(&apiclient.NotSentError{Err: x509.UnknownAuthorityError{}}), true, false},
		"many answers":             {append(five(answer), five(answer)...), false, false},
		"many refusals":            {five(&apiclient.RefusalError{HTTPStatus: 404}), false, false},
		"a busy page":              {[]error{busy, busy}, false, false},
		"busy":                     {[]error{busy, busy, busy}, true, false},
		"busy, then a page":        {[]error{busy, busy, busy, nil}, true, false},
		"a page between busy ones": {[]error{busy, busy, nil, busy, busy}, false, false},
		"one page without access":  {[]error{denied, denied, nil, denied}, false, false},
		"no access":                {[]error{denied, denied, denied}, true, false},
		"no token":                 {[]error{fmt.Errorf("%w: x", apiclient.ErrCredentials)}, true, true},
		"a limit":                  {[]error{errors.Join(nil, &schedule.LimitError{What: "cells", Limit: 1})}, true, true},
		"another refusal":          {[]error{&apiclient.RefusalError{HTTPStatus: 403, Code: "1"}}, false, false},
	} {
		var b breaker
		for _, err := range c.errs {
			b.judge(t.Context(), err)
		}
		if stopped, fatal := b.state(); stopped != nil != c.stopped || fatal != nil != c.fatal {
			t.Errorf("%s: stopped %v, fatal %v", name, stopped, fatal)
		}
	}
}

// A reading whose time is over has no timetable.
func TestAReadingWhoseTimeIsOver(t *testing.T) {
	over := errors.New("over")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(over)
	var b breaker
	b.judge(ctx, context.Canceled)
	if _, fatal := b.state(); !errors.Is(fatal, over) {
		t.Errorf("%v", fatal)
	}
}
