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

// plainError is an error of the wire whose words may stand in a log. What it wraps may quote what the other side sent: net/http does so with a status line
// or a header that it cannot read, and with the address of a redirect.
type plainError struct {
	words string
	err   error
}

func (e *plainError) Error() string { return e.words }

// Unwrap gives the error with all its words, to decide by and not to log.
func (e *plainError) Unwrap() error { return e.err }

// plain keeps the words of errors that are known to quote nothing, and gives the others words of their own.
func plain(err error) error {
	if err == nil {
		return nil
	}
	inner := err
	var address *url.Error
	if errors.As(err, &address) {
		inner = address.Err
	}
	if quotesNothing(inner) {
		return &plainError{inner.Error(), err}
	}
	return &plainError{"what the other side said cannot be used", err}
}

// constant are words of net/http that are the same whatever was sent.
var constant = []string{
	"http: server closed idle connection", "net/http: TLS handshake timeout", "net/http: request canceled", "net/http: request canceled while waiting for connection",
	http.ErrSchemeMismatch.Error(),
}

func quotesNothing(err error) bool {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, errBeforeSend, errOver, errTooLong} {
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
	if slices.Contains(constant, err.Error()) {
		return true
	}
	return errors.As(err, &operation) || errors.As(err, &errno) || errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert)
}

// Unreadable gives an error of encoding/json words that quote nothing of what was read: which property is of another kind, or where the JSON ends to be any.
func Unreadable(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		value, _, _ := strings.Cut(kind.Value, " ") // a number is quoted behind its kind
		return &plainError{fmt.Sprintf("it cannot be read: %s is of kind %s", cmp.Or(kind.Field, "the whole"), value), err}
	case errors.As(err, &syntax):
		return &plainError{fmt.Sprintf("it is no JSON from byte %d on", syntax.Offset), err}
	}
	return &plainError{"it cannot be read", err}
}
