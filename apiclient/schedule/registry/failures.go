package registry

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// maxFailures is after how many failures of the connection in a row the rest of a reading is not asked for.
const maxFailures = 5

// maxUnwilling is after how many answers in a row that are busy or deny access the rest of a reading is not asked
// for. One page that is always so costs itself.
const maxUnwilling = 3

// breaker decides after each failed page whether more pages are asked for. It is safe for concurrent use.
type breaker struct {
	mu        sync.Mutex
	inARow    int   // failures of the connection
	unwilling int   // answers in a row that are busy or deny access
	first     error // the first failure
	stopped   error // why the rest is not asked for; nil: it is
	fatal     error // why the reading ends without a timetable; nil: it does not
}

// judge takes the result of a request.
func (b *breaker) judge(ctx context.Context, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.first == nil {
		b.first = err
	}
	switch {
	case err == nil:
		b.inARow, b.unwilling = 0, 0
	case ctx.Err() != nil:
		b.end(context.Cause(ctx))
	case endsAll(err):
		b.end(err)
	case unwilling(err):
		if b.unwilling++; b.unwilling >= maxUnwilling {
			b.stop(err)
		}
	case !lineDown(err):
		b.inARow, b.unwilling = 0, 0
	default:
		if b.inARow++; b.inARow >= maxFailures {
			b.stop(err)
		}
	}
}

func (b *breaker) end(err error) {
	if b.fatal == nil {
		b.fatal = err
	}
	b.stop(err)
}

func (b *breaker) stop(err error) {
	if b.stopped == nil {
		b.stopped = err
	}
}

// state returns why nothing more is asked for, and why the reading ends without a timetable.
func (b *breaker) state() (stopped, fatal error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stopped, b.fatal
}

// endsAll reports whether an error of one page concerns the whole timetable.
func endsAll(err error) bool {
	var limit *schedule.LimitError
	return errors.As(err, &limit) || errors.Is(err, apiclient.ErrCredentials)
}

// unwilling reports whether the registry has answered "later", or that it does not accept the terminal.
func unwilling(err error) bool {
	var busy *apiclient.BusyError
	return errors.As(err, &busy) || errors.Is(err, apiclient.AccessDenied)
}

// lineDown reports whether no answer came, or not a whole one.
func lineDown(err error) bool {
	for _, known := range []error{context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, known) {
			return true
		}
	}
	var (
		notSent     *apiclient.NotSentError
		network     net.Error
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
	)
	return errors.As(err, &notSent) || errors.As(err, &network) || errors.As(err, &certificate) ||
		errors.As(err, &record) || errors.As(err, &alert)
}
