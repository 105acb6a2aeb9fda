package apiclient

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// conn counts what is written beneath TLS and calls a hook before the first byte of a request. It is how "nothing was sent" is known and not guessed.
type conn struct {
	net.Conn
	mu      sync.Mutex
	written int64
	before  func() error // armed for one request; nil: none
}

// Write calls the hook, and writes nothing where the hook fails.
func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	before := c.before
	c.before = nil
	c.mu.Unlock()
	if before != nil {
		if err := before(); err != nil {
			return 0, err
		}
	}
	n, err := c.Conn.Write(p)
	c.mu.Lock()
	c.written += int64(n)
	c.mu.Unlock()
	return n, err
}

func (c *conn) arm(before func() error) (written int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.before = before
	return c.written
}

func (c *conn) count() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written
}

// watch follows one attempt: on which connection it went, and whether a byte of it was written.
type watch struct {
	before func() error

	mu      sync.Mutex
	conn    *conn
	start   int64
	unknown bool // a connection that is not ours: nothing can be said of it
}

func (w *watch) context(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: w.gotConn})
}

func (w *watch) gotConn(info httptrace.GotConnInfo) {
	w.mu.Lock()
	defer w.mu.Unlock()
	inner := info.Conn
	if t, ok := inner.(*tls.Conn); ok {
		inner = t.NetConn()
	}
	c, ok := inner.(*conn)
	if !ok {
		w.unknown = true
		return
	}
	w.conn, w.start = c, c.arm(w.before)
}

// sent tells whether a byte of the request may be on the wire.
func (w *watch) sent() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		return w.unknown
	}
	return w.conn.count() > w.start
}

// newTransport makes the one pool of connections: HTTP/1.1, proxy by environment, TLS 1.2 or newer, a bound on each phase.
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
		TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{}, // no HTTP/2: its frames are written by others than the request
	}
}
