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

// conn counts what is written beneath TLS, and tells the attempt that uses it before the first byte of a request. It is how "nothing was sent" is known
// and not guessed.
type conn struct {
	net.Conn
	mu      sync.Mutex
	written int64
	user    *watch // whose request is the next or the present one; nil: nobody's
}

// Write asks the attempt first, and writes nothing where that fails.
func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	user := c.user
	c.mu.Unlock()
	if user != nil {
		if err := user.beforeWrite(); err != nil {
			return 0, err
		}
	}
	n, err := c.Conn.Write(p)
	c.mu.Lock()
	c.written += int64(n)
	c.mu.Unlock()
	return n, err
}

func (c *conn) usedBy(w *watch) (written int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.user = w
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
	begun   bool  // the request is being written: what TLS says of itself before that (a closing alert) is no part of it
	asked   bool  // before has run
	refused error // what it said; from then on nothing more goes out, not even a closing word
	earlier bool  // a byte went out on a connection that net/http has left since
	unknown bool  // a connection that is not ours: nothing can be said of it
}

func (w *watch) context(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: w.gotConn, WroteHeaderField: w.wroteHeaderField})
}

func (w *watch) gotConn(info httptrace.GotConnInfo) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.earlier = w.written()
	inner := info.Conn
	if t, ok := inner.(*tls.Conn); ok {
		inner = t.NetConn()
	}
	c, ok := inner.(*conn)
	if !ok {
		w.unknown = true
		return
	}
	w.begun, w.asked, w.refused = false, false, nil
	w.conn, w.start = c, c.usedBy(w)
}

// wroteHeaderField is called when a header goes into the buffer before the line, so before any byte of the request goes out.
func (w *watch) wroteHeaderField(string, []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begun = true
}

// beforeWrite runs the hook, once a connection.
func (w *watch) beforeWrite() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.begun && !w.asked {
		w.asked, w.refused = true, w.before()
	}
	return w.refused
}

// sent tells whether a byte of the request may be on the wire.
func (w *watch) sent() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.written()
}

func (w *watch) written() bool {
	return w.earlier || w.unknown || w.begun && w.conn != nil && w.conn.count() > w.start
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
