package apiclient

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
)

// conn reports each write, before and after it, to the attempt that uses the connection. It works below
// TLS, so it knows whether a byte was sent.
type conn struct {
	net.Conn
	attempt atomic.Pointer[attempt] // the attempt that uses the connection; nil: none
}

// Write writes nothing if the attempt blocks the write.
func (c *conn) Write(p []byte) (int, error) {
	user := c.attempt.Load()
	if user == nil {
		return c.Conn.Write(p)
	}
	if err := user.beforeWrite(c); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	user.afterWrite(c, n)
	return n, err
}

// errAttemptOver blocks writes of an attempt that was reported as not sent.
var errAttemptOver = errors.New("the attempt is over")

// attempt follows one attempt of a reservation: it knows whether a byte of the request was written, on any
// connection.
type attempt struct {
	before func() error

	mu      sync.Mutex
	conn    *conn // the connection in use
	started bool  // the request is being written to conn; writes of TLS itself before that are no part of it
	hookRan bool  // before has run for conn
	blocked error // why all further writes are blocked, also those of TLS itself; nil: they are not
	writing int   // writes in progress
	sent    bool  // a byte was sent, or may have been
}

// withTrace returns a context whose request reports its connection and its first header to the attempt.
func (a *attempt) withTrace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: a.gotConn, WroteHeaderField: a.wroteHeaderField})
}

func (a *attempt) gotConn(info httptrace.GotConnInfo) {
	a.mu.Lock()
	defer a.mu.Unlock()
	inner := info.Conn
	if t, ok := inner.(*tls.Conn); ok {
		inner = t.NetConn()
	}
	c, ok := inner.(*conn)
	if !ok {
		a.sent = true // not a connection of ours: it is not known what is written to it
		return
	}
	a.conn, a.started, a.hookRan = c, false, false
	c.attempt.Store(a)
}

// wroteHeaderField is called when a header is written into the connection's buffer, so before a byte of the
// request is written to the connection.
func (a *attempt) wroteHeaderField(string, []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.started = true
}

// beforeWrite runs the hook once for each connection, and returns its error.
func (a *attempt) beforeWrite(c *conn) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c != a.conn || !a.started {
		return nil
	}
	if a.blocked == nil && !a.hookRan {
		a.hookRan, a.blocked = true, a.before()
	}
	if a.blocked == nil {
		a.writing++
	}
	return a.blocked
}

func (a *attempt) afterWrite(c *conn, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c != a.conn || a.writing == 0 {
		return
	}
	a.writing--
	a.sent = a.sent || n > 0
}

// end ends the attempt and reports whether a byte of the request may have been sent. If not, no byte will
// be.
func (a *attempt) end() (sent bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sent || a.writing > 0 {
		return true
	}
	a.blocked = errAttemptOver
	return false
}

// newTransport returns the pool of connections: HTTP/1.1, the proxy of the environment, TLS 1.2 or newer, a
// timeout for each phase.
func newTransport(tlsConfig *tls.Config, timeout time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: timeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &conn{Conn: c}, nil
		},
		TLSClientConfig:     tlsConfig,
		TLSHandshakeTimeout: timeout,
		IdleConnTimeout:     60 * time.Second,
		MaxIdleConnsPerHost: 4,
		// No HTTP/2: its frames are not written by the attempt.
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
}
