package apiclient

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// redactedError is an error of the connection whose text may be logged. The error that it wraps may quote
// what the server sent: net/http quotes a status line or a header that it cannot parse, and the address of
// a redirect.
type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }

// Unwrap returns the original error. Its text must not be logged.
func (e *redactedError) Unwrap() error { return e.err }

// redact returns an error that wraps err and whose text quotes nothing that the server sent. It keeps the
// text of errors that are known to quote nothing, and replaces the others.
func redact(err error) error {
	if err == nil {
		return nil
	}
	inner := err
	var address *url.Error
	if errors.As(err, &address) {
		inner = address.Err
	}
	if quotesNothing(inner) {
		return &redactedError{inner.Error(), err}
	}
	return &redactedError{"the answer is invalid", err}
}

// constantTexts are texts of net/http that do not depend on what was sent.
var constantTexts = []string{
	"http: server closed idle connection", "net/http: TLS handshake timeout", "net/http: request canceled",
	"net/http: request canceled while waiting for connection", http.ErrSchemeMismatch.Error(),
}

// quotesNothing reports whether the text of an error never quotes what the server sent.
func quotesNothing(err error) bool {
	for _, known := range []error{
		context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed,
		errBeforeSend, errAttemptOver, errTooLong,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	var (
		operation   *net.OpError
		errno       syscall.Errno
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
	)
	if slices.Contains(constantTexts, err.Error()) {
		return true
	}
	return errors.As(err, &operation) || errors.As(err, &errno) || errors.As(err, &certificate) ||
		errors.As(err, &record) || errors.As(err, &alert)
}

// Unreadable returns an error for an error of encoding/json, with a text that quotes nothing of the data:
// it names the property of an unexpected type, or the offset of the syntax error.
func Unreadable(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		value, _, _ := strings.Cut(kind.Value, " ") // a number is quoted behind its kind
		name := cmp.Or(kind.Field, "the whole")
		return &redactedError{fmt.Sprintf("it cannot be read: %s has the type %s", name, value), err}
	case errors.As(err, &syntax):
		return &redactedError{fmt.Sprintf("it is invalid JSON at byte %d", syntax.Offset), err}
	}
	return &redactedError{"it cannot be read", err}
}
