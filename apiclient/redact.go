package apiclient

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
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
	"time"
)

// redactedError is an error whose text may be logged. The error that it wraps may quote what a server sent:
// net/http quotes a status line or a header that it cannot parse and the address of a redirect, crypto/x509
// the names in a certificate.
type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }

// Unwrap returns the original error. Its text must not be logged.
func (e *redactedError) Unwrap() error { return e.err }

// redact returns an error that wraps err and whose text is made of words. A proxy that could not be reached
// becomes a *ProxyError.
func redact(err error) error {
	if err == nil {
		return nil
	}
	var operation *net.OpError
	if errors.As(err, &operation) && operation.Op == "proxyconnect" { // net/http, Transport.dialConn
		err = &ProxyError{Err: operation.Err}
	}
	return &redactedError{words(err), err}
}

// constantTexts are texts of net/http that do not depend on what was sent.
var constantTexts = []string{
	"http: server closed idle connection", "net/http: TLS handshake timeout", "net/http: request canceled",
	"net/http: request canceled while waiting for connection", http.ErrSchemeMismatch.Error(),
}

// words describes an error of the connection, and quotes nothing that a server sent. It knows the kinds by
// their types. Of an error of another kind it says nothing.
func words(err error) string {
	var (
		own       *redactedError
		before    *beforeSendError
		tooLong   *TooLongError
		proxy     *ProxyError
		operation *net.OpError
		name      *net.DNSError
		errno     syscall.Errno
		slow      net.Error
	)
	switch {
	case errors.As(err, &before):
		return before.Error()
	case errors.As(err, &tooLong):
		return tooLong.Error()
	case errors.As(err, &proxy):
		return proxy.Error()
	case errors.As(err, &own):
		return own.text
	}
	if text := certificateWords(err); text != "" {
		return text
	}
	switch {
	case errors.As(err, &operation):
		return operationWords(operation)
	case errors.As(err, &name):
		return nameWords(name)
	case errors.As(err, &errno):
		return errno.Error()
	}
	if text := constantWords(err); text != "" {
		return text
	}
	if errors.As(err, &slow) && slow.Timeout() {
		return "timeout"
	}
	return "the answer is invalid"
}

// constantWords returns the text of an error that is always the same, or "".
func constantWords(err error) string {
	for _, known := range []error{
		context.Canceled, context.DeadlineExceeded, io.ErrUnexpectedEOF, io.EOF, net.ErrClosed, errAttemptOver,
		errForeignConnection, ErrOtherOrigin,
	} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	if text := err.Error(); slices.Contains(constantTexts, text) {
		return text
	}
	return ""
}

// certificateWords describes an error of TLS or of a certificate, and returns "" for any other error. It has
// the host that was asked for, and dates, but no name of the certificate: a stranger may have written it.
func certificateWords(err error) string {
	var (
		host      x509.HostnameError
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		other     *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		alert     tls.AlertError
	)
	switch {
	case errors.As(err, &host):
		return "the certificate is not for " + host.Host
	case errors.As(err, &authority):
		return "the certificate is signed by an unknown authority"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		from, to := day(invalid.Cert.NotBefore), day(invalid.Cert.NotAfter)
		return fmt.Sprintf("a certificate is valid from %s to %s only", from, to)
	case errors.As(err, &invalid):
		return fmt.Sprintf("a certificate is invalid: reason %d of crypto/x509", invalid.Reason)
	case errors.As(err, &other):
		return "a certificate cannot be verified"
	case errors.As(err, &record):
		return "the answer is not TLS"
	case errors.As(err, &alert):
		return alert.Error() // a constant for each number
	}
	return ""
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// operationWords describes an error of the network with its operation and address.
func operationWords(o *net.OpError) string {
	if o.Op == "remote error" || o.Op == "local error" { // crypto/tls: an alert, a constant for each number
		return o.Op + ": " + o.Err.Error()
	}
	text := o.Op + " " + o.Net
	if o.Addr != nil {
		text += " " + o.Addr.String()
	}
	return text + ": " + words(o.Err)
}

// nameWords describes an error of DNS. The name is the one that was asked for.
func nameWords(e *net.DNSError) string {
	switch {
	case e.IsNotFound:
		return "lookup " + e.Name + ": no such host"
	case e.IsTimeout:
		return "lookup " + e.Name + ": timeout"
	}
	return "lookup " + e.Name + ": the name server failed"
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
