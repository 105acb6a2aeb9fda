package apiclient

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// ProxyError means that the proxy did not connect the terminal to the registry. Nothing of the request was
// sent. An answer of a proxy to a request with an http:// address is no ProxyError: it cannot be told from
// the registry's.
type ProxyError struct {
	Status int   // the proxy's answer to CONNECT; 0: it could not be reached, or its TLS handshake failed
	Err    error // the cause, if Status is 0; its text must not be logged
}

func (e *ProxyError) Error() string {
	switch {
	case e.Status == 0 && e.Err == nil:
		return "the proxy does not connect"
	case e.Status == 0:
		return "the proxy: " + words(e.Err)
	case e.Status == http.StatusProxyAuthRequired:
		return "the proxy wants credentials: HTTP 407"
	}
	return fmt.Sprintf("the proxy does not connect to the registry: HTTP %d", e.Status)
}

// Unwrap returns the cause; nil if the proxy answered.
func (e *ProxyError) Unwrap() error { return e.Err }

// proxyAnswer returns *ProxyError if the proxy refused. net/http alone would return the proxy's text.
func proxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return &ProxyError{Status: answer.StatusCode}
	}
	return nil
}
