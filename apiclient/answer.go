package apiclient

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// decodeAnswer returns the ticket or the error that a complete answer means. Any success that holds num and
// ticketGuid is a booking: the page names no status for it.
func decodeAnswer(status int, header http.Header, body []byte) (*TicketVisitWithLPU, error) {
	switch {
	case isSuccess(status):
		t, err := DecodeTicket(body)
		if err != nil {
			return nil, &UnknownError{HTTPStatus: status, Code: registryCode(status, body), Err: err}
		}
		return t, nil
	case isBusy(status, header):
		return nil, &BusyError{HTTPStatus: status, RetryAfter: retryAfter(header, time.Now())}
	case status == http.StatusRequestTimeout: // a part of it was read, and it is not known how much
		return nil, &UnknownError{HTTPStatus: status, Err: errors.New("the registry timed out")}
	case status >= 400 && status < 500:
		return nil, refusalOf(status, body)
	}
	return nil, &UnknownError{
		HTTPStatus: status, Code: refusalOf(status, body).Code, Err: errors.New("the answer is not documented"),
	}
}

// isSuccess reports whether a status is 2xx.
func isSuccess(status int) bool { return status >= 200 && status < 300 }

// registryCode returns the code of an error inside a success, or "". Only a code of the registry's form counts,
// because a ticket has properties named code too.
func registryCode(status int, body []byte) string {
	if code := refusalOf(status, body).Code; isRegistryCode(code) {
		return code
	}
	return ""
}

// isBusy reports whether an answer means "later".
func isBusy(status int, header http.Header) bool {
	return status == http.StatusTooManyRequests ||
		status == http.StatusServiceUnavailable && header.Get("Retry-After") != ""
}

// The bounds of a wait that an answer asks for, also of one in a reading, and the wait where the header cannot be
// parsed. A longer wait is cut to maxRetryAfter, because a wrong header would close a terminal for ever.
const (
	minRetryAfter     = time.Second
	defaultRetryAfter = 2 * time.Second
	maxRetryAfter     = 5 * time.Minute
)

// retryAfter returns how long to wait, from seconds or a date (RFC 9110 §10.2.3). A date is compared with the
// answer's own header Date, or with now if there is none, so that a wrong clock does not change the wait.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil || errors.Is(err, strconv.ErrRange) {
		seconds = max(0, min(seconds, int(maxRetryAfter/time.Second))) // else the multiplication overflows
		return max(minRetryAfter, time.Duration(seconds)*time.Second)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return defaultRetryAfter
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(minRetryAfter, min(maxRetryAfter, at.Sub(now)))
}
