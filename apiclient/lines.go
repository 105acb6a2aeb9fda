package apiclient

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"
)

// maxHeader bounds the header of an answer in bytes.
const maxHeader = 1 << 20

// lines sends the requests of a client. A reservation has a connection of its own, because a gateway may
// reset a kept-alive one at the next request, which makes that request unknown. Reading repeats what a reset
// has cut, and keeps its connections.
type lines struct {
	reading, booking http.RoundTripper
}

// newLines returns the transports, and the terminal's certificate if one is configured.
func newLines(c Config) (lines, *ownCertificate, error) {
	if c.RoundTripper != nil {
		return lines{c.RoundTripper, unwatched{c.RoundTripper}}, nil, nil
	}
	tlsConfig, own, err := newTLS(c)
	if err != nil {
		return lines{}, nil, err
	}
	reading, booking := newTransport(c, tlsConfig), newTransport(c, tlsConfig.Clone())
	booking.DisableKeepAlives = true
	return lines{reading, watched{booking}}, own, nil
}

// RoundTrip sends a GET over a kept connection, and any other request, and what concerns a patient, over a connection
// of its own.
func (l lines) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet && !wantsOwnLine(r.Context()) {
		return l.reading.RoundTrip(r)
	}
	return l.booking.RoundTrip(r)
}

// ownLineKey is the key of a request's context that asks for a connection of its own.
type ownLineKey struct{}

func withOwnLine(ctx context.Context) context.Context {
	return context.WithValue(ctx, ownLineKey{}, true)
}

// wantsOwnLine reports whether a request is not to leave anything in the buffers of a kept connection: it asks so, or
// has a patient's token.
func wantsOwnLine(ctx context.Context) bool {
	return ctx.Value(ownLineKey{}) != nil || patientOf(ctx) != nil
}

// CloseIdleConnections closes the connections that are kept. http.Client looks for this method.
func (l lines) CloseIdleConnections() {
	if t, ok := l.reading.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// watched lets the request's attempt watch the connection.
type watched struct{ transport *http.Transport }

func (w watched) RoundTrip(r *http.Request) (*http.Response, error) {
	if a := attemptOf(r.Context()); a != nil {
		r = r.WithContext(a.withTrace(r.Context()))
	}
	return w.transport.RoundTrip(r)
}

// unwatched is a transport of which nothing is known: a request counts as sent when it is handed over.
type unwatched struct{ transport http.RoundTripper }

func (u unwatched) RoundTrip(r *http.Request) (*http.Response, error) {
	if a := attemptOf(r.Context()); a != nil {
		if err := a.handOver(); err != nil {
			_ = r.Body.Close()
			return nil, err
		}
	}
	return u.transport.RoundTrip(r)
}

// newTransport returns a pool of connections: HTTP/1.1, TLS 1.2 or newer, a timeout for each phase.
func newTransport(c Config, tlsConfig *tls.Config) *http.Transport {
	dialer := &net.Dialer{Timeout: c.Timeout, KeepAlive: 30 * time.Second}
	proxy := c.Proxy
	if proxy == nil {
		proxy = environmentProxy
	}
	return &http.Transport{
		Proxy:                  namedProxy(proxy),
		OnProxyConnectResponse: proxyAnswer,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &conn{Conn: c}, nil
		},
		TLSClientConfig:        tlsConfig,
		TLSHandshakeTimeout:    c.Timeout,
		IdleConnTimeout:        60 * time.Second,
		MaxIdleConnsPerHost:    4,
		MaxResponseHeaderBytes: maxHeader,
		// No HTTP/2: its frames are not written by the attempt.
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
}

// environmentProxy returns the proxy that the environment names. The loopback has none: net/http makes this
// exception for localhost and addresses, and not for the names below localhost.
func environmentProxy(r *http.Request) (*url.URL, error) {
	if isLoopback(r.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}

// namedProxy returns a function whose errors say that the proxy is at fault. What the other function says may
// quote the proxy's password.
func namedProxy(
	proxy func(*http.Request) (*url.URL, error),
) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		u, err := proxy(r)
		if err != nil {
			return nil, &ProxyError{Err: &redactedError{"its address cannot be found out", err}}
		}
		return u, nil
	}
}
