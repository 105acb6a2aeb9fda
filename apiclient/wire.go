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

// conn tells the attempt that uses it of each write, beneath TLS, before and after. It is how "nothing was sent" is known and not guessed.
type conn struct {
	net.Conn
	user atomic.Pointer[watch] // whose request is the next or the present one; nil: nobody's
}

// Write asks the attempt first, and writes nothing where it says no.
func (c *conn) Write(p []byte) (int, error) {
	user := c.user.Load()
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

// errOver keeps back what comes too late: the attempt has been reported as not sent.
var errOver = errors.New("the attempt is over")

// watch follows one attempt: whether a byte of it was written, on whatever connection.
type watch struct {
	before func() error

	mu      sync.Mutex
	conn    *conn // where it is now
	begun   bool  // the request is being written there: what TLS says of itself before that (a closing alert) is no part of it
	asked   bool  // before has run for this connection
	refused error // why nothing more goes out, not even a closing word
	writing int   // writes that are under way
	sent    bool  // a byte went out, or may have
}

func (w *watch) context(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: w.gotConn, WroteHeaderField: w.wroteHeaderField})
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
		w.sent = true // a connection that is not ours: nothing can be said of it
		return
	}
	w.conn, w.begun, w.asked = c, false, false
	c.user.Store(w)
}

// wroteHeaderField is called when a header goes into the buffer before the line, so before any byte of the request goes out.
func (w *watch) wroteHeaderField(string, []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begun = true
}

// beforeWrite runs the hook, once a connection.
func (w *watch) beforeWrite(c *conn) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c != w.conn || !w.begun {
		return nil
	}
	if w.refused == nil && !w.asked {
		w.asked, w.refused = true, w.before()
	}
	if w.refused == nil {
		w.writing++
	}
	return w.refused
}

func (w *watch) afterWrite(c *conn, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c != w.conn || w.writing == 0 {
		return
	}
	w.writing--
	w.sent = w.sent || n > 0
}

// end ends the attempt, and tells whether a byte of the request may be on the wire. Where none is, none will be.
func (w *watch) end() (sent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sent || w.writing > 0 {
		return true
	}
	w.refused = errOver
	return false
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
